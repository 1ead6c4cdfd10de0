import { expect, test } from 'vitest';
import { canToggle, toggled, votersOf } from '../../../client/teacher/elections/voters.ts';
import { USUAL_VOTERS } from '../../../src/election/raft/options.ts';
import { MAX_VOTERS } from '../../../src/network/room-choices.ts';
import { testNodeId } from '../../support/node-ids.ts';

const ids = Array.from({ length: MAX_VOTERS + 1 }, (_, i) => testNodeId(i));

test('those vote whom the teacher has chosen, else the first few', () => {
  const nodes = ids.map((id) => ({ id }));
  expect(votersOf(nodes, null)).toEqual(ids.slice(0, USUAL_VOTERS));
  expect(votersOf(nodes, [ids[7]!])).toEqual([ids[7]]);
});

test('one comes in or goes, and the others stay', () => {
  expect(toggled(ids.slice(0, 3), ids[5]!)).toEqual([ids[0], ids[1], ids[2], ids[5]]);
  expect(toggled(ids.slice(0, 3), ids[1]!)).toEqual([ids[0], ids[2]]);
});

test('the last one cannot go, and nobody comes in beyond the most that may vote', () => {
  const [first, second] = ids as [(typeof ids)[number], (typeof ids)[number]];
  expect(canToggle([first], first)).toBe(false);
  expect(canToggle([first], second)).toBe(true);
  expect(canToggle([first, second], first)).toBe(true);
  const most = ids.slice(0, MAX_VOTERS);
  expect(canToggle(most, ids[MAX_VOTERS]!)).toBe(false);
  expect(canToggle(most, first)).toBe(true);
  expect(canToggle(most.slice(1), ids[MAX_VOTERS]!)).toBe(true);
});
