import { expect, test } from 'vitest';
import { checkCausalDelivery, type Broadcast } from '../../src/checkers/causal-delivery.ts';
import { testNodeId } from '../support/node-ids.ts';

const [a, b, c] = [testNodeId(1), testNodeId(2), testNodeId(3)];

/** `a` asks, `b` has heard it and answers, `c` speaks without having heard of either. */
const ask: Broadcast = { id: 'ask', from: a, vector: new Map([[a, 1]]) };
const answer: Broadcast = { id: 'answer', from: b, vector: new Map([[a, 1], [b, 2]]) }; // prettier-ignore
const aside: Broadcast = { id: 'aside', from: c, vector: new Map([[c, 1]]) };

const check = (...ids: string[]) =>
  checkCausalDelivery({ broadcasts: [ask, answer, aside], deliveries: new Map([[c, ids]]) });

test('CAUSAL-1 causes first; what is concurrent may stand anywhere', () => {
  expect(check('ask', 'answer', 'aside')).toEqual([]);
  expect(check('aside', 'ask', 'answer')).toEqual([]);
  expect(check('ask', 'aside', 'answer')).toEqual([]);
});

test('CAUSAL-1 an answer before its question, or without it', () => {
  const wrong = { node: c, message: 'answer', cause: 'ask' };
  expect(check('answer', 'ask')).toEqual([{ violation: 'effect before cause', ...wrong }]);
  expect(check('aside', 'answer')).toEqual([{ violation: 'effect without cause', ...wrong }]);
});

test('CAUSAL-1 two of one sender have their order, too', () => {
  const more: Broadcast = { id: 'more', from: a, vector: new Map([[a, 5]]) };
  const deliveries = new Map([[b, ['more', 'ask']]]);
  expect(checkCausalDelivery({ broadcasts: [ask, more], deliveries })).toEqual([
    { violation: 'effect before cause', node: b, message: 'more', cause: 'ask' },
  ]);
});

test('CAUSAL-2 nothing is delivered that nobody sent, and nothing twice', () => {
  expect(check('ask', 'ask', 'ghost')).toEqual([
    { violation: 'delivered twice', node: c, message: 'ask' },
    { violation: 'delivered but never sent', node: c, message: 'ghost' },
  ]);
});

test('CAUSAL-1 what is still on its way is no violation', () => {
  expect(check('ask')).toEqual([]);
  expect(check()).toEqual([]);
});
