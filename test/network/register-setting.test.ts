import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  MAX_REGISTER_NODES,
  registerSettingSchema,
  usualSetting,
  type RegisterSetting,
} from '../../src/network/register-setting.ts';
import { testNodeId } from '../support/node-ids.ts';

const BY = { id: testNodeId(2), life: 1 };
const five = usualSetting(1, BY, [5, 3, 1, 4].map(testNodeId));

function wrongWith(change: Partial<RegisterSetting>): string | undefined {
  const result = v.safeParse(registerSettingSchema, { ...five, ...change });
  return result.issues?.[0].message;
}

test('unless somebody chooses, three copies on all that are reached, in the order of their ids', () => {
  expect(five).toEqual({
    ...{ turn: 1, by: BY, nodes: [1, 2, 3, 4, 5].map(testNodeId) },
    ...{ n: 3, r: 2, w: 2, sloppy: false, repair: 'later', rule: 'lww-hybrid' },
  });
  expect(wrongWith({})).toBeUndefined();
});

test('who reaches fewer nodes has fewer copies, and a majority of them', () => {
  expect(usualSetting(1, BY, [])).toMatchObject({ nodes: [BY.id], n: 1, r: 1, w: 1 });
  expect(usualSetting(1, BY, [testNodeId(1)])).toMatchObject({ n: 2, r: 2, w: 2 });
});

test('of a large class the first few keep copies, and a node is there once', () => {
  const all = Array.from({ length: 40 }, (_, index) => testNodeId(index));
  const { nodes } = usualSetting(1, BY, [...all, BY.id]);
  expect(nodes).toEqual(all.slice(0, MAX_REGISTER_NODES));
});

test('a choice that cannot be kept is refused with a sentence', () => {
  expect(wrongWith({ n: 6 })).toBe('n must not be more than there are nodes');
  expect(wrongWith({ r: 4 })).toBe('r and w must not be more than n');
  expect(wrongWith({ w: 4 })).toBe('r and w must not be more than n');
  expect(wrongWith({ w: 0 })).toBe('w must be a whole number from 1 to 9');
  const nodes = 'nodes must be 1 to 24 different nodes';
  expect(wrongWith({ nodes: [BY.id, BY.id, testNodeId(1)] })).toBe(nodes);
  expect(wrongWith({ nodes: Array.from({ length: 25 }, (_, i) => testNodeId(i)) })).toBe(nodes);
  expect(wrongWith({ nodes: [] })).toBe(nodes);
});
