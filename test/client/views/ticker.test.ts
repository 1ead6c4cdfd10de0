import { afterEach, expect, test, vi } from 'vitest';
import { replayScene } from '../../../client/session/scene.ts';
import { tickerLines } from '../../../client/views/election/ticker.ts';
import { ElectionWatch } from '../../../src/checkers/election-watch.ts';
import { Candidacy } from '../../../src/election/raft/candidacy.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { grow, leaderOf, raftClass, write } from '../../support/raft-class.ts';

afterEach(() => vi.restoreAllMocks());

/** Of five voters the leader crashes; the four others are parted in halves. */
function halves() {
  const chronicle = new Chronicle();
  const watch = new ElectionWatch(chronicle);
  watch.start();
  const group = raftClass({ nodes: 5, seed: 1, trace: (event) => chronicle.add(event) });
  grow(group);
  write(group, 2);
  const leader = leaderOf(group);
  const [a, b, c, d] = group.members.filter((one) => one !== leader);
  const across = [a, b].flatMap((one) => [c, d].map((other) => [one!.id, other!.id] as const));
  group.setRules(
    across.flatMap(([from, to]) => [
      { from, to, blackhole: true },
      { from: to, to: from, blackhole: true },
    ]),
  );
  leader.crash();
  const names = new Map(group.members.map(({ id }, i) => [id, `N${i}`]));
  const linesAt = (time: number) =>
    tickerLines(replayScene(chronicle, names, time), watch, (id) => names.get(id as NodeId)!);
  return { group, linesAt, names };
}

test('of a mutant that takes half of the votes for a majority it names both leaders, since when and by which notes', () => {
  vi.spyOn(Candidacy.prototype, 'isWon').mockImplementation(function (this: Candidacy, config) {
    const granted = this.inspect().filter((vote) => vote.granted).length;
    return granted >= Math.floor(config.voters.length / 2);
  });
  const { group, linesAt, names } = halves();
  const before = group.time.now();
  group.time.runFor(3_000);
  const [line] = linesAt(group.time.now()).toReversed();
  const [first, second] = line!.events as [TraceEvent, TraceEvent];
  const [one, other] = [first, second].map(({ node }) => names.get(node)!);
  expect(line!.text).toMatch(/^Two leaders in term \d+: N\d, N\d$/);
  expect(line!.text.endsWith(`: ${one}, ${other}`) || line!.text.endsWith(`: ${other}, ${one}`)).toBe(true); // prettier-ignore
  expect(line).toMatchObject({ isAlarm: true, rule: 'a term has one leader at most' });
  expect(line!.since).toBe(second.at);
  expect(first.at).toBeLessThanOrEqual(second.at);
  expect(linesAt(before)).toEqual([]);
});

test('as it is, nobody leads either half, and nothing is said', () => {
  const { group, linesAt } = halves();
  group.time.runFor(3_000);
  expect(linesAt(group.time.now())).toEqual([]);
});

/** Two that hold themselves for leaders, one a second after the other. */
function twoLeaders(algorithm: string, terms: readonly number[]) {
  const chronicle = new Chronicle();
  const watch = new ElectionWatch(chronicle);
  watch.start();
  const ids = terms.map((_, i) => testNodeId(i));
  for (const [i, term] of terms.entries())
    chronicle.add({
      ...{ node: ids[i]!, incarnation: 1, sequence: 1, lamport: 1, vector: {} },
      ...{ at: 1_000 * i, wall: 0, monotonic: 0 },
      ...{ type: 'note', protocol: 'election', kind: 'role' },
      detail: { algorithm, turn: 1, by: ids[0]!, group: 'g', birth: 1, role: 'leader', term, leader: null }, // prettier-ignore
    });
  const scene = replayScene(chronicle, new Map(), 5_000);
  return tickerLines(scene, watch, (id) => `N${ids.indexOf(id as NodeId)}`);
}

test('two that lead at one time are told as a sight where nobody promised one', () => {
  expect(twoLeaders('naive', [2, 2])).toMatchObject([
    { text: 'Two leaders: N0 and N1', isAlarm: false, rule: null, since: 1_000 },
  ]);
  expect(twoLeaders('raft', [2, 3])).toMatchObject([
    { text: 'Two leaders: N0 and N1', isAlarm: false, since: 1_000 },
  ]);
});

test('two of one term are told once, though they still lead', () => {
  expect(twoLeaders('raft', [2, 2])).toMatchObject([
    { text: 'Two leaders in term 2: N0, N1', isAlarm: true, since: 1_000 },
  ]);
});
