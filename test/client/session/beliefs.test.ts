import { expect, test } from 'vitest';
import { beliefsOf } from '../../../client/session/beliefs.ts';
import type { ObservedNode } from '../../../client/session/snapshots.ts';
import type { Report } from '../../../src/wire/link-messages.ts';
import { testNodeId } from '../../support/node-ids.ts';

const [A, B] = [testNodeId(0), testNodeId(1)];

function node(change: Partial<ObservedNode> = {}): ObservedNode {
  return { id: A, name: 'Owl', incarnation: 1, plugged: true, present: true, watched: true, state: 'joined', ...change }; // prettier-ignore
}

const reports = new Map<typeof A, Pick<Report, 'beliefs'>>([
  [A, { beliefs: [{ id: B, verdict: 'dead' }] }],
]);

test('BELIEF-2 a node believes what it last said, unless it has crashed or is out of sight', () => {
  const said = (change?: Partial<ObservedNode>) =>
    [...beliefsOf([node(change)], reports)].map(([by, held]) => [by, [...held]]);
  expect(said()).toEqual([[A, [[B, 'dead']]]]);
  expect(said({ state: 'paused' })).toEqual(said());
  expect(said({ state: 'crashed' })).toEqual([]);
  expect(said({ watched: false })).toEqual([]);
  expect(said({ id: B })).toEqual([]);
});
