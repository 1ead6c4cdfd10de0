import { describe, expect, test } from 'vitest';
import { MAX_WRITES_DRAWN, writesInTime, type WritesInTime } from '../../../../client/session/board/writes-in-time.ts'; // prettier-ignore
import {
  idOf,
  keyOf,
  type Deed,
  type Intent,
  type ReplicaKey,
} from '../../../../src/merge/intent.ts';
import type { IntentRecord } from '../../../../src/merge/ledger/record.ts';
import { Chronicle } from '../../../../src/trace/chronicle.ts';
import { testNodeId } from '../../../support/node-ids.ts';

const NAMES = ['Heron', 'Otter'];
const set = (value: string, key = 'captain'): Deed => ({ do: 'set', key, value });

/** What two authors write, in the order in which a node came to know of it. */
class Notes {
  readonly records: IntentRecord[] = [];
  #known = [new Map<ReplicaKey, number>(), new Map<ReplicaKey, number>()];

  write(index: number, wall: number, deed: Deed, life = 1): Intent {
    const author = { node: testNodeId(index), life };
    const known = this.#known[index]!;
    const number = (known.get(keyOf(author)) ?? 0) + 1;
    known.set(keyOf(author), number);
    const intent = { author, number, seen: new Map(known), wall, deed };
    this.records.push({ intent, effects: new Map() });
    return intent;
  }

  /** One hears all that the other knows. */
  hear(index: number): void {
    for (const [key, count] of this.#known[1 - index]!) this.#known[index]!.set(key, count);
  }

  pair(a: Intent, b: Intent, ahead = 0): WritesInTime {
    const nameOf = (id: string) => NAMES[NAMES.findIndex((_, n) => testNodeId(n) === id)]!;
    const clockOff = ({ author }: Intent) => (author.node === testNodeId(1) ? ahead : null);
    return writesInTime(this.records, [idOf(a), idOf(b)], { nameOf, clockOff })!;
  }
}

function ordered({ events, first, second }: WritesInTime) {
  const chronicle = new Chronicle();
  for (const event of events) chronicle.add(event);
  return chronicle.causality.order(first, second);
}

describe('LAB-9 two writes in space and time', () => {
  test('are concurrent if neither had seen the other, and in order if one had', () => {
    const notes = new Notes();
    const before = notes.write(0, 10, set('Ida'));
    notes.hear(1);
    const [mia, noor] = [notes.write(1, 20, set('Mia')), notes.write(0, 30, set('Noor'))];
    expect(ordered(notes.pair(noor, mia))).toBe('concurrent');
    expect(ordered(notes.pair(before, mia))).toBe('before');
    expect(ordered(notes.pair(mia, before))).toBe('after');
  });

  test('a later life of an author is told apart, and knows what the earlier one did', () => {
    const notes = new Notes();
    const first = notes.write(0, 10, set('Ida'));
    const again = notes.write(0, 20, set('Noor'), 2);
    notes.hear(1);
    const answer = notes.write(1, 30, set('Mia'));
    expect([ordered(notes.pair(first, again)), ordered(notes.pair(again, answer))]).toEqual(['before', 'before']); // prettier-ignore
  });

  test('stand among the writes of the same field, with all who wrote it', () => {
    const notes = new Notes();
    const [ida, mia] = [notes.write(0, 10, set('Ida')), notes.write(1, 20, set('Mia'))];
    notes.write(0, 30, set('green', 'colour'));
    notes.write(0, 40, { do: 'type', key: 'captain', position: 0, text: 'x' });
    const { events, authors, key } = notes.pair(ida, mia);
    expect(events.map((event) => event.type === 'note' && event.detail['value'])).toEqual(['Ida', 'Mia']); // prettier-ignore
    expect([key, authors.map(({ name }) => name)]).toEqual(['captain', NAMES]);
  });

  test('a clock that is known to be wrong is put right, and none turns an author’s order around', () => {
    const notes = new Notes();
    const noor = notes.write(0, 6_000, set('Noor'));
    const [mia, zoe] = [notes.write(1, 10_000, set('Mia')), notes.write(1, 8_000, set('Zoe'))];
    const { events } = notes.pair(noor, mia, 5_000);
    expect(events.map(({ at }) => at)).toEqual([6_000, 5_000, 5_000]);
    expect(events.map(({ wall }) => wall)).toEqual([6_000, 10_000, zoe.wall]);
  });

  test('of many, those nearest to the two are drawn, and always the two', () => {
    const notes = new Notes();
    const first = notes.write(0, 0, set('first'));
    for (let n = 1; n <= MAX_WRITES_DRAWN; n++) notes.write(0, 10_000 + n, set(`${n}`));
    const last = notes.write(1, 20_000, set('last'));
    const { events, first: one, second: other } = notes.pair(first, last);
    expect(events).toHaveLength(MAX_WRITES_DRAWN);
    expect([events[0], events.at(-1)]).toEqual([one, other]);
    expect(events.at(-2)!.sequence).toBe(MAX_WRITES_DRAWN - 1);
  });

  test('none of which one is not known here', () => {
    const notes = new Notes();
    const known = notes.write(0, 0, set('Ida'));
    expect(notes.pair(known, { ...known, number: 2 })).toBeNull();
  });
});
