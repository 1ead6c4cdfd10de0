import { describe, expect, test } from 'vitest';
import { MAX_OPEN, TIMEOUT_MS } from '../../../src/election/kv/client.ts';
import { MAX_VALUE_BYTES, MAX_WINDOW } from '../../../src/election/kv/commands.ts';
import { ATTEMPT_MS, MAX_ROUND, PAUSE_MS } from '../../../src/election/kv/errand.ts';
import { refusal } from '../../../src/election/kv/outcome.ts';
import { MAX_SESSIONS } from '../../../src/election/kv/sessions.ts';
import type { Json } from '../../../src/vocabulary.ts';
import { COMMIT_MS, DELAY_MS, KvClass } from './kv-class.ts';

/** There and back, and a commit between. */
const ROUND_TRIP_MS = 2 * DELAY_MS + COMMIT_MS;

const UNKNOWN = { unknown: true };

describe('KV-9 every operation ends once', () => {
  test('with an answer: any node may ask, and all read what was put', () => {
    const room = new KvClass();
    const put = room.put(3, 'x', { deep: [1] });
    // The first deed opens a session before.
    room.time.runFor(2 * ROUND_TRIP_MS);
    expect(put).toEqual([{ ok: true }]);
    const reads = [0, 1, 2, 3].map((index) => room.get(index, 'x'));
    const absent = room.get(1, 'y');
    room.time.runFor(ROUND_TRIP_MS);
    expect(reads).toEqual(Array(4).fill([{ ok: true, value: { deep: [1] } }]));
    expect(absent).toEqual([{ ok: true, value: null }]);
    room.time.runFor(2 * TIMEOUT_MS);
    expect([put, absent].map(({ length }) => length)).toEqual([1, 1]);
  });

  test('with a refusal of the store, which says why', () => {
    const room = new KvClass();
    const outcomes = room.ask(1, (kv, onEnd) => kv.cas('x', 1, 2, onEnd));
    room.time.runFor(2 * ROUND_TRIP_MS);
    expect(outcomes).toEqual([refusal('no-match')]);
  });

  test('after five seconds at the latest, slowed down as elections are', () => {
    const room = new KvClass();
    room.kv(1).paceBy(() => 4);
    room.leader = null;
    const [put, get] = [room.put(1, 'x', 1), room.get(1, 'x')];
    room.time.runFor(4 * TIMEOUT_MS - 1);
    expect([put, get]).toEqual([[], []]);
    room.time.runFor(1);
    expect([put, get]).toEqual([[refusal('no-leader')], [refusal('no-leader')]]);
  });

  test('once, though another of its attempts is answered later', () => {
    const room = new KvClass();
    room.mood = 'hangs';
    const get = room.get(1, 'x');
    room.time.runFor(ATTEMPT_MS / 2);
    room.mood = 'commits';
    room.time.runFor(TIMEOUT_MS / 2);
    expect(get).toHaveLength(1);
    room.kv(1).receive(room.id(0), { type: 'answer', life: 1, attempt: 1, value: 'late' });
    expect(get).toEqual([{ ok: true, value: null }]);
  });

  test('by whom it asked, in this life', () => {
    const room = new KvClass();
    room.mood = 'hangs';
    const get = room.get(1, 'x');
    room.time.runFor(DELAY_MS);
    const forged = { type: 'answer', life: 1, attempt: 1, value: 'forged' } as const;
    room.kv(1).receive(room.id(2), forged);
    room.kv(1).receive(room.id(0), { ...forged, life: 2 });
    expect(get).toEqual([]);
    room.kv(1).receive(room.id(0), { ...forged, value: 'true' });
    expect(get).toEqual([{ ok: true, value: 'true' }]);
  });

  test('never before the call has returned', () => {
    const room = new KvClass();
    const bad = room.put(0, '', 1);
    expect(bad).toEqual([]);
    room.time.runFor(0);
    expect(bad).toHaveLength(1);
  });
});

describe('KV-10 what may have been done is never refused', () => {
  test('a deed whose answer is lost is unknown, and so is one that nobody got', () => {
    for (const mood of ['commits in silence', 'hangs', 'commits and says lost', 'loses'] as const) {
      const room = new KvClass();
      const opened = room.put(1, 'x', 1);
      room.time.runFor(2 * ROUND_TRIP_MS);
      room.mood = mood;
      const put = room.put(1, 'x', 2);
      room.time.runFor(TIMEOUT_MS);
      expect([opened, put]).toEqual([[{ ok: true }], [UNKNOWN]]);
      expect(room.kv(0).machine.get('x')).toBe(mood.startsWith('commits') ? 2 : 1);
    }
  });

  test('a deed that a leader lost is unknown, though since then nobody leads', () => {
    const room = new KvClass();
    room.put(1, 'x', 1);
    room.time.runFor(2 * ROUND_TRIP_MS);
    room.mood = 'loses';
    const put = room.put(1, 'x', 2);
    room.time.runFor(DELAY_MS);
    room.leader = null;
    room.time.runFor(TIMEOUT_MS);
    expect(put).toEqual([UNKNOWN]);
  });

  test('a deed that waited for its session alone is refused: nothing of it was sent', () => {
    const room = new KvClass();
    room.mood = 'commits in silence';
    const put = room.put(1, 'x', 1);
    room.time.runFor(TIMEOUT_MS);
    expect(put).toEqual([refusal('no-leader')]);
    expect(room.logged('act')).toEqual([]);
  });

  test('a deed that nobody took is refused: there was no leader, or all was busy', () => {
    for (const [mood, reason] of [
      ['commits', 'no-leader'],
      ['is full', 'busy'],
    ] as const) {
      // prettier-ignore
      const room = new KvClass();
      room.put(1, 'x', 1);
      room.time.runFor(2 * ROUND_TRIP_MS);
      room.mood = mood;
      if (reason === 'no-leader') room.leader = null;
      const put = room.put(1, 'x', 2);
      room.time.runFor(TIMEOUT_MS);
      expect(put).toEqual([refusal(reason)]);
      expect(room.kv(0).machine.get('x')).toBe(1);
    }
  });

  test('a deed that is sent again acts once, whoever leads by then', () => {
    const room = new KvClass();
    room.put(1, 'x', 1);
    room.time.runFor(2 * ROUND_TRIP_MS);
    room.mood = 'commits in silence';
    const cas = room.ask(1, (kv, onEnd) => kv.cas('x', 1, 2, onEnd));
    room.time.runFor(ATTEMPT_MS / 2);
    room.mood = 'commits';
    room.leader = 2;
    room.time.runFor(2 * ATTEMPT_MS);
    expect(cas).toEqual([{ ok: true }]);
    expect(room.logged('act')).toHaveLength(3);
    expect(room.kv(0).machine.get('x')).toBe(2);
  });

  test('once its client goes on, a deed that was given up cannot act any more', () => {
    const room = new KvClass();
    room.put(1, 'x', 1);
    room.time.runFor(2 * ROUND_TRIP_MS);
    room.mood = 'loses';
    room.put(1, 'x', 'late');
    room.time.runFor(TIMEOUT_MS);
    room.mood = 'commits';
    room.put(1, 'x', 2);
    room.time.runFor(ROUND_TRIP_MS);
    // The one that was lost comes after all.
    const late: Json = { type: 'act', session: `1.${sessionOf(room)}`, number: 2, acked: 1, deed: { kind: 'put', key: 'x', value: 'late' } }; // prettier-ignore
    expect(room.kv(0).machine.apply(late, 9)).toEqual({ ok: false, reason: 'stale' });
  });
});

function sessionOf(room: KvClass): string {
  return (room.logged('open')[0] as { client: string }).client;
}

describe('KV-11 a client finds the leader', () => {
  test('by what its own node knows', () => {
    const room = new KvClass();
    room.leader = 2;
    room.get(1, 'x');
    room.time.runFor(ROUND_TRIP_MS);
    expect(room.askedBy(1).map(({ to }) => to)).toEqual([2]);
  });

  test('by what those know that it asks', () => {
    const room = new KvClass({ nodes: 12 });
    room.leader = 2;
    room.beliefs.set(1, 3);
    const get = room.get(1, 'x');
    room.time.runFor(ROUND_TRIP_MS + 2 * DELAY_MS);
    expect(room.askedBy(1).map(({ to }) => to)).toEqual([3, 2]);
    expect(get).toEqual([{ ok: true, value: null }]);
  });

  test('by asking anybody, from a node without a log; then it knows whom to ask', () => {
    const room = new KvClass({ nodes: 12 });
    room.outsiders.add(1);
    const gets = [room.get(1, 'x')];
    room.time.runFor(TIMEOUT_MS - 1);
    const asked = room.askedBy(1).length;
    gets.push(room.get(1, 'x'), room.get(1, 'y'));
    room.time.runFor(ROUND_TRIP_MS);
    expect(gets).toEqual(Array(3).fill([{ ok: true, value: null }]));
    expect(room.askedBy(1).slice(asked)).toMatchObject([{ to: 0 }, { to: 0 }]);
  });

  test('by asking on where a link has closed, without waiting', () => {
    const room = new KvClass();
    room.leader = 2;
    room.mood = 'hangs';
    const get = room.get(1, 'x');
    room.time.runFor(DELAY_MS);
    room.leader = 3;
    room.mood = 'commits';
    room.cluster.unlink(1, 2);
    room.time.runFor(ROUND_TRIP_MS);
    expect(get).toEqual([{ ok: true, value: null }]);
  });

  test('at itself, without a message', () => {
    const room = new KvClass();
    const get = room.get(0, 'x');
    room.time.runFor(COMMIT_MS);
    expect(get).toEqual([{ ok: true, value: null }]);
    expect(room.askedBy(0)).toEqual([]);
  });
});

test('KV-12 three are asked in a row, and then it waits for 200 to 400 ms', () => {
  const room = new KvClass({ nodes: 12 });
  room.leader = null;
  room.get(1, 'x');
  room.time.runFor(TIMEOUT_MS);
  const rounds: number[][] = [];
  let last = -Infinity;
  for (const { at, to } of room.askedBy(1)) {
    if (at - last >= PAUSE_MS / 2) rounds.push([]);
    rounds.at(-1)!.push(to);
    last = at;
  }
  expect(rounds.length).toBeGreaterThan(TIMEOUT_MS / (PAUSE_MS + MAX_ROUND * 2 * DELAY_MS) - 1);
  for (const round of rounds) {
    expect(round.length).toBeLessThanOrEqual(MAX_ROUND);
    expect(new Set(round).size).toBe(round.length);
  }
  // It asked itself too, now and then.
  expect(Math.max(...rounds.map(({ length }) => length))).toBe(MAX_ROUND);
});

describe('KV-13 a session', () => {
  test('is opened by the first deeds together, and serves all that follow', () => {
    const room = new KvClass();
    const puts = [1, 2, 3].map((value) => room.put(1, `x${value}`, value));
    room.time.runFor(2 * ROUND_TRIP_MS);
    puts.push(room.put(1, 'x4', 4));
    room.time.runFor(ROUND_TRIP_MS);
    expect(puts).toEqual(Array(4).fill([{ ok: true }]));
    expect(room.logged('open')).toHaveLength(1);
  });

  test('is not asked for any more once nothing waits for it', () => {
    const room = new KvClass();
    room.leader = null;
    room.put(1, 'x', 1);
    room.time.runFor(TIMEOUT_MS);
    const asked = room.askedBy(1).length;
    room.time.runFor(TIMEOUT_MS);
    expect(room.askedBy(1)).toHaveLength(asked);
    room.leader = 0;
    const put = room.put(1, 'x', 2);
    room.time.runFor(2 * ROUND_TRIP_MS);
    expect(put).toEqual([{ ok: true }]);
  });

  test('that has ended is replaced, and the deed goes under the new one', () => {
    const room = roomWhoseSessionEnded();
    const put = room.put(1, 'x', 2);
    room.time.runFor(3 * ROUND_TRIP_MS);
    expect(put).toEqual([{ ok: true }]);
    expect(room.kv(0).machine.get('x')).toBe(2);
  });

  test('that ends under a deed which may have acted leaves it unknown', () => {
    const room = roomWhoseSessionEnded();
    room.mood = 'hangs';
    const put = room.put(1, 'x', 2);
    room.time.runFor(ATTEMPT_MS / 2);
    room.mood = 'commits';
    room.time.runFor(3 * ATTEMPT_MS);
    expect(put).toEqual([UNKNOWN]);
    // The next one is not held up by it.
    const next = room.put(1, 'x', 3);
    room.time.runFor(3 * ROUND_TRIP_MS);
    expect(next).toEqual([{ ok: true }]);
  });

  test('is another for each life of a node', () => {
    const room = new KvClass({ maxWriteMs: 1 });
    room.put(1, 'x', 1);
    room.time.runFor(3 * ROUND_TRIP_MS);
    room.cluster.members[1]!.crash();
    room.cluster.restart(1, true);
    room.time.runFor(0);
    const put = room.put(1, 'x', 2);
    room.time.runFor(3 * ROUND_TRIP_MS);
    expect(put).toEqual([{ ok: true }]);
    expect(new Set(room.logged('open').map((open) => JSON.stringify(open))).size).toBe(2);
  });
});

/** Node 1 has put 1 under it. */
function roomWhoseSessionEnded(): KvClass {
  const room = new KvClass();
  room.put(1, 'x', 1);
  room.time.runFor(2 * ROUND_TRIP_MS);
  for (let i = 0; i < MAX_SESSIONS; i++) {
    const open = { type: 'open', client: `c${String(i).padStart(9, '0')}` };
    const index = room.log.push(open);
    for (const { protocols } of room.cluster.members) protocols.machine.apply(open, index);
  }
  return room;
}

describe('KV-14 a node that asks for too much', () => {
  test('has 64 deeds under way, and the others wait for their turn', () => {
    const room = new KvClass();
    const puts = Array.from({ length: 3 * MAX_WINDOW }, (_, i) => room.put(1, 'x', i));
    room.time.runFor(ROUND_TRIP_MS + DELAY_MS + COMMIT_MS);
    expect(room.logged('act')).toHaveLength(MAX_WINDOW);
    room.time.runFor(3 * ROUND_TRIP_MS);
    expect(puts.flat()).toEqual(Array(3 * MAX_WINDOW).fill({ ok: true }));
    expect(room.logged('act')).toHaveLength(3 * MAX_WINDOW);
  });

  test('is refused once 256 of its operations are open, until some of them have ended', () => {
    const room = new KvClass();
    const gets = Array.from({ length: MAX_OPEN }, () => room.get(1, 'x'));
    const [get, put] = [room.get(1, 'x'), room.put(1, 'x', 1)];
    room.time.runFor(0);
    expect([get, put]).toEqual([[refusal('busy')], [refusal('busy')]]);
    room.time.runFor(ROUND_TRIP_MS);
    expect(gets.flat()).toHaveLength(MAX_OPEN);
    const later = room.get(1, 'x');
    room.time.runFor(ROUND_TRIP_MS);
    expect(later).toEqual([{ ok: true, value: null }]);
  });
});

test('KV-15 a read is answered beside the log, or takes its place in it if it is told to', () => {
  const room = new KvClass();
  const beside = room.get(1, 'x');
  room.time.runFor(ROUND_TRIP_MS);
  expect([beside, room.log]).toEqual([[{ ok: true, value: null }], []]);
  const within = room.ask(1, (kv, onEnd) => kv.get('x', onEnd, { through: 'log' }));
  room.time.runFor(ROUND_TRIP_MS);
  expect([within, room.log]).toEqual([[{ ok: true, value: null }], [{ type: 'get', key: 'x' }]]);
});

test('KV-15 a leader that was deposed while it read does not answer', () => {
  const room = new KvClass();
  room.put(1, 'x', 1);
  room.time.runFor(2 * ROUND_TRIP_MS);
  const get = room.get(1, 'x');
  room.time.runFor(DELAY_MS + COMMIT_MS / 2);
  room.leader = 2;
  room.time.runFor(COMMIT_MS / 2 + DELAY_MS);
  expect(get).toEqual([]);
  room.time.runFor(ROUND_TRIP_MS);
  expect(get).toEqual([{ ok: true, value: 1 }]);
});

test('KV-16 a leader tells its own user of nothing that its disk has not got yet', () => {
  const room = new KvClass({ maxWriteMs: 1_000 });
  const put = room.put(0, 'x', 1);
  room.time.runFor(4 * COMMIT_MS);
  // It has not even heard of its session.
  expect(room.log).toHaveLength(1);
  expect(put).toEqual([]);
  room.time.runFor(2_000);
  expect(put).toEqual([{ ok: true }]);
});

test('KV-17 what is no key or no value is refused at once, and nothing is sent', () => {
  const room = new KvClass();
  const keys = ['', 'k'.repeat(129), '\ud800', 7 as unknown as string];
  const values = [undefined, NaN, () => 1, 'v'.repeat(MAX_VALUE_BYTES), '\udfff'] as Json[];
  const bad = [...keys.map((key) => room.put(1, key, 1)), ...keys.map((key) => room.get(1, key))];
  const unfit = values.map((value) => room.put(1, 'x', value));
  unfit.push(room.ask(1, (kv, onEnd) => kv.cas('x', values[0]!, 1, onEnd)));
  room.time.runFor(0);
  expect(bad).toEqual(Array(8).fill([refusal('bad-key')]));
  expect(unfit).toEqual(Array(6).fill([refusal('bad-value')]));
  expect(room.askedBy(1)).toEqual([]);
});

test('KV-17 what is put is what it was when it was put', () => {
  const room = new KvClass();
  const value = [1];
  room.put(1, 'x', value);
  value.push(2);
  room.time.runFor(2 * ROUND_TRIP_MS);
  expect(room.kv(0).machine.get('x')).toEqual([1]);
});
