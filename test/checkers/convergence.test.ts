import { expect, test } from 'vitest';
import { checkConvergence } from '../../src/checkers/convergence.ts';
import type { Json } from '../../src/vocabulary.ts';

const check = (...states: Json[]) =>
  checkConvergence(new Map(states.map((state, i) => [`r${i}`, state])));

test('CONVERGENCE-1 equal states have converged, whatever the order of their keys', () => {
  expect(check({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBeUndefined();
  expect(check({})).toBeUndefined();
  expect(check()).toBeUndefined();
});

test('CONVERGENCE-2 the largest group comes first, and the place where the next one differs is named', () => {
  expect(check({ a: [1, 2] }, { a: [1, 3] }, { a: [1, 3] }, { a: [] })).toEqual({
    violation: 'diverged',
    groups: [['r1', 'r2'], ['r0'], ['r3']],
    path: ['a', '1'],
    values: [3, 2],
  });
});

test.each<[Json, Json, string[], [Json | undefined, Json | undefined]]>([
  [{ a: 1 }, { a: 1, b: 2 }, ['b'], [undefined, 2]],
  [[1, 2], [2, 1], ['0'], [1, 2]],
  [[], {}, [], [[], {}]],
  [{ a: null }, {}, ['a'], [null, undefined]],
  ['1', 1, [], ['1', 1]],
])('CONVERGENCE-2 %j and %j differ at %j', (a, b, path, values) => {
  expect(check(a, b)).toMatchObject({ path, values });
});
