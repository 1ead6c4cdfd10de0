import { expect, test } from 'vitest';
import {
  Holdings,
  MAX_TOLD_KEYS,
  TELL_EVERY_MS,
  TOLD_CHARACTERS,
} from '../../../src/election/kv/holdings.ts';
import { KeyValueMachine } from '../../../src/election/kv/machine.ts';
import type { Detail } from '../../../src/runtime/host.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import type { Json } from '../../../src/vocabulary.ts';

/** A copy of the store, and what it tells. */
function copy() {
  const time = new VirtualTime();
  const machine = new KeyValueMachine();
  const notes: Detail[] = [];
  new Holdings(machine, {
    incarnation: 3,
    after: (delay, callback) => time.after(delay, callback),
    record: (kind, detail) => {
      expect(kind).toBe('holds');
      notes.push(detail);
    },
  });
  let index = 0;
  const apply = (command: object): Json => machine.apply(command as Json, ++index);
  const { value: session } = apply({ type: 'open', client: '0123456789' }) as { value: Json };
  let number = 0;
  const put = (key: string, value: Json) =>
    apply({ type: 'act', session, number: ++number, acked: number - 1, deed: { kind: 'put', key, value } }); // prettier-ignore
  const told = () => notes.splice(0).map(({ key, text }) => [key, text]);
  return { time, machine, notes, put, told };
}

test('KV-18 a note says what is held by a key, in which life, and how many keys there are', () => {
  const { time, put, notes } = copy();
  expect(put('captain', 'Noor')).toMatchObject({ ok: true });
  put('flag', { red: true });
  time.runFor(TELL_EVERY_MS);
  expect(notes).toMatchObject([
    { key: 'captain', text: '"Noor"', keys: 2, life: 3 },
    { key: 'flag', text: '{"red":true}', keys: 2, life: 3 },
  ]);
});

test('KV-18 of a long value the beginning is told, and a checksum of all of it; of none null', () => {
  const { time, put, notes } = copy();
  const long = 'x'.repeat(2 * TOLD_CHARACTERS);
  for (const end of ['a', 'b']) {
    put('k', long + end);
    time.runFor(TELL_EVERY_MS);
  }
  const [one, other] = notes;
  expect(one!['text']).toHaveLength(TOLD_CHARACTERS);
  expect(other!['text']).toBe(one!['text']);
  expect(other!['sum']).not.toBe(one!['sum']);
  put('k', null);
  time.runFor(TELL_EVERY_MS);
  expect(notes.at(-1)).toMatchObject({ key: 'k', text: null, keys: 0 });
});

test('KV-19 a key that changes many times is told of once in a tenth of a second', () => {
  const { time, put, told } = copy();
  for (let value = 0; value < 50; value++) put('k', value);
  time.runFor(TELL_EVERY_MS - 1);
  expect(told()).toEqual([]);
  time.runFor(1);
  expect(told()).toEqual([['k', '49']]);
  time.runFor(10 * TELL_EVERY_MS);
  expect(told()).toEqual([]);
});

test('KV-19 what another state has made of its keys is told of, also of those that are gone', () => {
  const { time, machine, put, told } = copy();
  put('a', 1);
  time.runFor(TELL_EVERY_MS);
  told();
  machine.restore({ entries: [['b', '2']], sessions: [] });
  time.runFor(TELL_EVERY_MS);
  expect(told()).toEqual([
    ['a', null],
    ['b', '2'],
  ]);
});

test('KV-20 the first keys are told of, and no more', () => {
  const { time, put, notes } = copy();
  for (let i = 0; i < MAX_TOLD_KEYS + 5; i++) put(`k${i}`, i);
  time.runFor(TELL_EVERY_MS);
  expect(notes).toHaveLength(MAX_TOLD_KEYS);
  expect(notes.at(-1)).toMatchObject({ key: `k${MAX_TOLD_KEYS - 1}`, keys: MAX_TOLD_KEYS + 5 });
});
