import { expect, test } from 'vitest';
import { Register } from '../../../src/merge/crdt/register.ts';
import { dotOf } from './causal-session.ts';

const ann = dotOf(0, 1);
const bob = dotOf(1, 1);
const bobAgain = dotOf(1, 2);
const valuesOf = (cell: Register<string>) => cell.siblings.map(({ value }) => value);

test('CRDT-3 values written without knowing of each other both stay, until one is written who knew', () => {
  const cell = new Register<string>();
  const red = cell.setting(ann, 'red');
  const blue = cell.setting(bob, 'blue');
  cell.apply(blue);
  cell.apply(red);
  expect(valuesOf(cell)).toEqual(['red', 'blue']);
  cell.apply(cell.setting(bobAgain, 'violet'));
  expect(valuesOf(cell)).toEqual(['violet']);
  cell.apply(red);
  expect(valuesOf(cell)).toEqual(['violet']);
});

test('CRDT-3 who clears a cell takes away what they saw, and no more', () => {
  const cell = new Register<string>();
  cell.apply(cell.setting(ann, 'red'));
  const cleared = cell.clearing(bobAgain);
  cell.apply(cell.setting(bob, 'blue'));
  expect(valuesOf(cell)).toEqual(['blue']);

  const other = new Register<string>();
  other.apply({ dot: ann, replaces: [], value: 'red' });
  other.apply({ dot: bob, replaces: [], value: 'blue' });
  other.apply(cleared);
  expect(valuesOf(other)).toEqual(['blue']);
});
