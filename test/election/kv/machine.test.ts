import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_VALUE_BYTES, MAX_WINDOW, type Deed } from '../../../src/election/kv/commands.ts';
import { MAX_KEYS } from '../../../src/election/kv/entries.ts';
import { KeyValueMachine } from '../../../src/election/kv/machine.ts';
import { MAX_SESSIONS } from '../../../src/election/kv/sessions.ts';
import type { Json } from '../../../src/vocabulary.ts';
import { isJson } from '../../../src/wire/json.ts';
import { encodedBytes } from '../../../src/wire/plain-copy.ts';

const DONE = { ok: true, value: null };
const refused = (reason: string) => ({ ok: false, reason });

/** A machine, its log so far, and one client's session in it. */
class Store {
  readonly machine = new KeyValueMachine();
  private index = 0;
  private number = 0;
  private readonly session: string;

  constructor() {
    this.session = this.open('aaaaaaaaaa');
  }

  apply(command: Json): Json {
    this.index += 1;
    return this.machine.apply(command, this.index);
  }

  open(client: string): string {
    return (this.apply({ type: 'open', client }) as { value: string }).value;
  }

  act(number: number, deed: Deed, { acked = 0, session = this.session } = {}): Json {
    return this.apply({ type: 'act', session, number, acked, deed } as Json);
  }

  /** Something else each time. */
  do(deed: Deed): Json {
    this.number += 1;
    return this.act(this.number, deed, { acked: this.number - 1 });
  }
}

const put = (key: string, value: Json): Deed => ({ kind: 'put', key, value });
const cas = (key: string, from: Json, to: Json): Deed => ({ kind: 'cas', key, from, to });
const remove = (key: string): Deed => ({ kind: 'delete', key });

describe('KV-1 every key holds a value', () => {
  test('null until somebody puts one, and again when it is deleted or null is put', () => {
    const store = new Store();
    expect(store.machine.get('x')).toBeNull();
    for (const gone of [remove('x'), put('x', null), cas('x', [1], null)]) {
      expect(store.do(put('x', [1]))).toEqual(DONE);
      expect(store.machine.all()).toEqual([{ key: 'x', value: [1] }]);
      expect(store.do(gone)).toEqual(DONE);
      expect([store.machine.get('x'), store.machine.all()]).toEqual([null, []]);
    }
    expect(store.do(remove('x'))).toEqual(DONE);
  });

  test('whatever it is called', () => {
    const store = new Store();
    for (const key of ['__proto__', 'toString', ' ', 'é😀']) {
      expect(store.machine.get(key)).toBeNull();
      store.do(put(key, key));
      expect(store.machine.get(key)).toBe(key);
    }
  });

  test('a compare-and-set from null succeeds only where nothing is', () => {
    const store = new Store();
    expect(store.do(cas('x', null, 1))).toEqual(DONE);
    expect(store.do(cas('x', null, 2))).toEqual(refused('no-match'));
    expect(store.machine.get('x')).toBe(1);
  });
});

test('KV-2 values are the same if their canonical text is: the order of keys does not matter', () => {
  const store = new Store();
  store.do(put('x', { b: [1, { d: 0, c: '1' }], a: null }));
  expect(store.do(cas('x', { b: [1, { d: 0, c: 1 }], a: null }, 'wrong'))).toEqual(refused('no-match')); // prettier-ignore
  expect(store.do(cas('x', { a: null, b: [1, { c: '1', d: 0 }] }, 'right'))).toEqual(DONE);
});

describe('KV-3 a deed acts once', () => {
  test('and one that comes again is told what it was told', () => {
    const store = new Store();
    expect(store.act(1, put('x', 1))).toEqual(DONE);
    expect(store.act(2, cas('x', 2, 3))).toEqual(refused('no-match'));
    expect(store.act(3, cas('x', 1, 2))).toEqual(DONE);
    expect(store.act(1, put('x', 1))).toEqual(DONE);
    expect(store.act(2, cas('x', 2, 3))).toEqual(refused('no-match'));
    expect(store.act(3, cas('x', 1, 2))).toEqual(DONE);
    expect(store.machine.get('x')).toBe(2);
  });

  test('whose client waits for it no longer does not act at all', () => {
    const store = new Store();
    store.act(2, put('x', 2), { acked: 1 });
    expect(store.act(1, put('x', 1))).toEqual(refused('stale'));
    expect(store.machine.get('x')).toBe(2);
  });

  test('a read through the log says what is there when its turn comes', () => {
    const store = new Store();
    store.do(put('x', 1));
    expect(store.apply({ type: 'get', key: 'x' })).toEqual({ ok: true, value: 1 });
    store.do(put('x', 2));
    expect(store.apply({ type: 'get', key: 'x' })).toEqual({ ok: true, value: 2 });
  });
});

test('KV-4 a client may be 64 deeds ahead of what it knows, and no more', () => {
  const store = new Store();
  expect(store.act(MAX_WINDOW, put('x', 1))).toEqual(DONE);
  expect(store.act(MAX_WINDOW + 1, put('x', 2))).toEqual(refused('ahead'));
  expect(store.act(MAX_WINDOW + 1, put('x', 2), { acked: 1 })).toEqual(DONE);
});

describe('KV-5 sessions', () => {
  test('are opened once for a client, however often it asks', () => {
    const store = new Store();
    const session = store.open('bbbbbbbbbb');
    expect(session).toBe('2.bbbbbbbbbb');
    expect(store.open('bbbbbbbbbb')).toBe(session);
    expect(store.open('cccccccccc')).toBe('4.cccccccccc');
  });

  test('are at most 256, of which the one that was used longest ago ends', () => {
    const store = new Store();
    const [first, second] = [store.open('bbbbbbbbbb'), store.open('cccccccccc')];
    store.act(1, put('x', 1), { session: second });
    store.act(1, put('x', 2), { session: first });
    const others = Array.from({ length: MAX_SESSIONS - 2 }, (_, i) =>
      store.open(`d${String(i).padStart(9, '0')}`),
    );
    expect(new Set([first, second, ...others]).size).toBe(MAX_SESSIONS);
    // The first one of all has made room for the last. Who asks for one that there is takes no place.
    expect(store.act(1, put('x', 3))).toEqual(refused('no-session'));
    expect(store.open('bbbbbbbbbb')).toBe(first);
    store.open('eeeeeeeeee');
    // What it did is not known again, and what is not known is not done.
    expect(store.act(1, put('x', 3), { session: second })).toEqual(refused('no-session'));
    expect(store.act(1, put('x', 3), { session: first })).toEqual(DONE);
    expect(store.act(2, put('x', 4), { session: first })).toEqual(DONE);
    expect(store.machine.get('x')).toBe(4);
  });

  test('of another log are none of this one, though an entry of the same index opened them', () => {
    const store = new Store();
    expect(store.act(1, put('x', 1), { session: '1.bbbbbbbbbb' })).toEqual(refused('no-session'));
  });
});

describe('KV-6 what has no room is refused, and changes nothing', () => {
  test('a key too many', () => {
    const store = new Store();
    for (let i = 0; i < MAX_KEYS; i++) expect(store.do(put(`k${i}`, i))).toEqual(DONE);
    const before = store.machine.all();
    expect(store.do(put('one more', 1))).toEqual(refused('full'));
    expect(store.do(cas('one more', null, 1))).toEqual(refused('full'));
    expect(store.machine.all()).toEqual(before);
    store.do(remove('k7'));
    expect(store.do(put('one more', 1))).toEqual(DONE);
  });

  test('a byte too many, until something is deleted or made shorter', () => {
    const store = new Store();
    const page = 'p'.repeat(MAX_VALUE_BYTES - 16);
    let pages = 0;
    while (pages < 100 && (store.do(put(`k${pages}`, page)) as { ok: boolean }).ok) pages += 1;
    expect(pages).toBe(64);
    expect(store.do(put('k0', 'short'))).toEqual(DONE);
    expect(store.do(put('k64', page))).toEqual(DONE);
    expect(store.do(put('k65', page))).toEqual(refused('full'));
    store.do(remove('k1'));
    expect(store.do(put('k65', page))).toEqual(DONE);
  });
});

test('KV-7 the digest tells states apart that hold the same in other places', () => {
  const digestAfter = (...deeds: Deed[]) => {
    const store = new Store();
    for (const deed of deeds) store.do(deed);
    return store.machine.digest();
  };
  // Of these two pairs the plain checksums have the same sum.
  const pair = (left: Json, right: Json) => digestAfter(put('k9', left), put('k272', right));
  expect(pair(1, 2)).not.toBe(pair(2, 1));
  // By sessions alone: the one knows its deed again.
  const [store, other] = [new Store(), new Store()];
  store.act(1, put('x', null));
  other.apply({ type: 'get', key: 'x' });
  expect(store.machine.all()).toEqual(other.machine.all());
  expect(store.machine.digest()).not.toBe(other.machine.digest());
});

test('KV-8 whatever stands in the log is answered, and what is no command changes nothing', () => {
  const store = new Store();
  store.do(put('x', 1));
  const before = store.machine.digest();
  const bad: Json[] = [
    null,
    { type: 'act' },
    { type: 'open', client: 'A' },
    { type: 'get', key: '' },
    { type: 'get', key: '\ud800' },
    { type: 'get', key: 'k'.repeat(129) },
  ];
  for (const command of bad) expect(store.apply(command)).toEqual(refused('bad-command'));
  for (const value of ['v'.repeat(MAX_VALUE_BYTES), ['\ud800'], { '\udfff': 1 }]) {
    expect(store.act(9, put('x', value))).toEqual(refused('bad-command'));
  }
  expect(store.machine.digest()).toBe(before);
  expect(() => store.machine.restore({ entries: [['x']], sessions: [] })).toThrow('no snapshot');
});

/** Clients that send everything up to three times, in whatever order, and acknowledge as they like. */
const deed: fc.Arbitrary<Deed> = fc
  .record({
    kind: fc.constantFrom('put' as const, 'cas' as const, 'delete' as const),
    key: fc.constantFrom('x', 'y'),
    from: fc.constantFrom(null, 0, 1),
    to: fc.constantFrom(null, 0, 1, 2),
  })
  .map(({ kind, key, from, to }) =>
    kind === 'put' ? put(key, to) : kind === 'cas' ? cas(key, from, to) : remove(key),
  );
const CLIENTS = ['aaaaaaaaaa', 'bbbbbbbbbb'];
const attempt = fc.record({
  client: fc.nat(1),
  number: fc.integer({ min: 1, max: 6 }),
  acked: fc.nat(3),
});
interface Run {
  /** Six of each client. */
  readonly deeds: readonly Deed[];
  readonly attempts: readonly { client: number; number: number; acked: number }[];
}

function commandsOf({ deeds, attempts }: Run): Json[] {
  const opens = CLIENTS.map((client) => ({ type: 'open', client }));
  const acts = attempts.map(({ client, number, acked }) => ({
    type: 'act',
    session: `${client + 1}.${CLIENTS[client]}`,
    number,
    acked,
    deed: deeds[client * 6 + number - 1]!,
  }));
  return [...opens, ...acts] as Json[];
}

describe('KV-7 the log alone decides', () => {
  const run = fc.record({
    deeds: fc.array(deed, { minLength: 12, maxLength: 12 }),
    attempts: fc.array(attempt, { maxLength: 40 }),
    cut: fc.nat(40),
  });

  test('a snapshot at any point gives the same answers from there on', () => {
    fc.assert(
      fc.property(run, ({ deeds, attempts, cut }) => {
        const machine = new KeyValueMachine();
        let other = new KeyValueMachine();
        commandsOf({ deeds, attempts }).forEach((command, i) => {
          if (i === cut) {
            const snapshot = other.snapshot();
            expect(isJson(snapshot)).toBe(true);
            other = new KeyValueMachine();
            other.apply({ type: 'open', client: 'zzzzzzzzzz' }, 1);
            other.restore(JSON.parse(JSON.stringify(snapshot)) as Json);
          }
          expect(other.apply(command, i + 1)).toEqual(machine.apply(command, i + 1));
          expect(other.digest()).toBe(machine.digest());
        });
        expect(other.snapshot()).toEqual(machine.snapshot());
        other.restore(null);
        expect(other.snapshot()).toEqual(new KeyValueMachine().snapshot());
        expect(other.digest()).toBe(new KeyValueMachine().digest());
      }),
    );
  });

  test('KV-3 and the state is that of each deed done once, at its first turn', () => {
    fc.assert(
      fc.property(run, ({ deeds, attempts }) => {
        const [machine, once] = [new KeyValueMachine(), new KeyValueMachine()];
        const done = new Set<string>();
        const acked = [0, 0];
        commandsOf({ deeds, attempts }).forEach((command, i) => {
          machine.apply(command, i + 1);
          const act = command as { type: string; session: string; number: number; acked: number };
          if (act.type === 'open') return void once.apply(command, i + 1);
          const name = `${act.session} ${act.number}`;
          const client = act.session.startsWith('1') ? 0 : 1;
          acked[client] = Math.max(acked[client]!, act.acked);
          if (act.number > acked[client]! && !done.has(name)) {
            done.add(name);
            once.apply(command, i + 1);
          }
        });
        expect(machine.all()).toEqual(once.all());
      }),
    );
  });
});

test('KV-7 a full store takes half of a value of stable storage', () => {
  const store = new Store();
  const sessions = Array.from({ length: MAX_SESSIONS }, (_, i) => store.open(`c${String(i).padStart(9, '0')}`)); // prettier-ignore
  for (const session of sessions) {
    for (let number = 1; number <= MAX_WINDOW; number++)
      store.act(number, cas('x', 1, 2), { session });
  }
  for (let i = 0; i < 100; i++) store.act(MAX_WINDOW + 1 + i, put(`k${i}`, 'p'.repeat(4000)), { session: sessions[0]!, acked: MAX_WINDOW + i }); // prettier-ignore
  const bytes = encodedBytes(store.machine.snapshot());
  expect(bytes).toBeGreaterThan(400 * 1024);
  expect(bytes).toBeLessThan(512 * 1024);
});
