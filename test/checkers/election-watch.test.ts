import { expect, test } from 'vitest';
import { ElectionWatch, MAX_FINDINGS } from '../../src/checkers/election-watch.ts';
import { Random } from '../../src/simulator/random.ts';
import { Chronicle } from '../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { testNodeId } from '../support/node-ids.ts';
import { grow, leaderOf, raftClass, write } from '../support/raft-class.ts';

const LEADERS = 6;
const WAYS_TO_MISS = 100;

/** What a class notes whose leaders crash and come back, so that logs are found and have many terms. */
function notesOf(seed: number): TraceEvent[] {
  const notes: TraceEvent[] = [];
  const group = raftClass({
    nodes: 5,
    seed,
    trace: (event) => {
      if (event.type === 'note') notes.push(event);
    },
  });
  grow(group);
  for (let i = 0; i < LEADERS; i++) {
    write(group, 3);
    const place = group.members.indexOf(leaderOf(group));
    group.members[place]!.crash();
    group.time.runFor(3_000);
    group.restart(place, true);
    group.time.runFor(1_000);
  }
  return notes;
}

/** Some are lost one by one, some in a row; one node is heard of late; some come late. */
function heard(notes: readonly TraceEvent[], random: Random): TraceEvent[] {
  const share = random.next() * 0.6;
  const [from, length] = [random.below(notes.length), random.below(notes.length / 2)];
  const late = notes[random.below(notes.length)]!;
  const left = notes.filter(
    (event, i) =>
      random.next() >= share &&
      !(i >= from && i < from + length) &&
      !(event.node === late.node && event.at < late.at),
  );
  const rest = new Set(left.filter(() => random.next() < 0.1));
  return [...left.filter((event) => !rest.has(event)), ...rest];
}

function watched(chronicle = new Chronicle()): { chronicle: Chronicle; watch: ElectionWatch } {
  const watch = new ElectionWatch(chronicle);
  watch.start();
  return { chronicle, watch };
}

test('WATCH-2 of a group that keeps every rule nothing is told, whatever of it is missed or comes late', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const notes = notesOf(seed);
    for (let way = 0; way < WAYS_TO_MISS; way++) {
      const { chronicle, watch } = watched();
      const random = new Random(`${seed} ${way}`);
      for (const event of way === 0 ? notes : heard(notes, random)) chronicle.add(event);
      const found = watch.findingsAt(Infinity).map(({ text }) => text);
      expect(found, `seed ${seed}, way ${way}`).toEqual([]);
    }
  }
});

/** One after the other, each a second later. */
function leaders(count: number, algorithm: string, termOf = (_: number) => 4): TraceEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ node: testNodeId(i), incarnation: 1, sequence: 1, lamport: 1, vector: {} },
    ...{ at: i * 1_000, wall: 0, monotonic: 0 },
    ...{ type: 'note', protocol: 'election', kind: 'role' },
    detail: { algorithm, group: 'g', birth: 1, role: 'leader', term: termOf(i), leader: null },
  }));
}

test('WATCH-1 what was broken stays told from the moment when it was plain, with its witnesses', () => {
  const [first, second] = leaders(2, 'raft') as [TraceEvent, TraceEvent];
  const { chronicle, watch } = watched();
  for (const event of [first, second, second]) chronicle.add(event);
  expect(watch.findingsAt(999)).toEqual([]);
  for (const time of [1_000, 1e9])
    expect(watch.findingsAt(time)).toMatchObject([
      { rule: 'one leader a term', since: 1_000, events: [first, second] },
    ]);
  expect(watch.standingAt(second.node, 5_000)).toBe(second);
  expect(watch.standingAt(second.node, 999)).toBeUndefined();
});

test('WATCH-1 what was there before it began is read, and nothing after it has stopped', () => {
  const [first, second, third] = leaders(3, 'raft') as [TraceEvent, TraceEvent, TraceEvent];
  const chronicle = new Chronicle();
  chronicle.add(first);
  const { watch } = watched(chronicle);
  watch.stop();
  chronicle.add(second);
  expect(watch.findingsAt(Infinity)).toEqual([]);
  watch.start();
  chronicle.add(third);
  expect(watch.findingsAt(Infinity)).toHaveLength(1);
});

test('WATCH-3 two leaders are nothing wrong where nobody promised one', () => {
  const { chronicle, watch } = watched();
  for (const event of leaders(2, 'naive')) chronicle.add(event);
  expect(watch.findingsAt(Infinity)).toEqual([]);
});

test('WATCH-3 the first findings are kept', () => {
  const { chronicle, watch } = watched();
  const pairs = leaders(2 * MAX_FINDINGS + 2, 'raft', (i) => Math.floor(i / 2));
  for (const event of pairs) chronicle.add(event);
  const found = watch.findingsAt(Infinity);
  expect(found).toHaveLength(MAX_FINDINGS);
  expect(found[0]!.text).toMatch(new RegExp(`^two leaders in term ${MAX_FINDINGS - 1}:`));
});
