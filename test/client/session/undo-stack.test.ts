import { expect, test } from 'vitest';
import { MAX_UNDO_STEPS, UndoStack } from '../../../client/session/undo-stack.ts';
import { applyChange } from '../../../src/network/network-change.ts';
import {
  UNTOUCHED,
  type NetworkChange,
  type NetworkDocument,
} from '../../../src/network/network-document.ts';
import { testNodeId } from '../../support/node-ids.ts';

const id = testNodeId(1);
const slow = (slowMs: number): NetworkChange => ({ do: 'node', condition: { id, slowMs } });

/** A page and the document of its room, without a server between them. */
function page() {
  const stack = new UndoStack();
  let document = UNTOUCHED;
  const apply = (change: NetworkChange): NetworkDocument => {
    const changed = applyChange(document, change, new Map([[id, 'Otter']]), 0);
    if (!changed.ok) throw new Error(changed.code);
    return (document = changed.document);
  };
  return {
    slowMs: () => document.conditions[0]?.slowMs ?? 0,
    change(change: NetworkChange) {
      const before = document;
      stack.made(before, apply(change));
    },
    another: apply,
    canUndo: () => stack.next(document) !== null,
    undo() {
      const change = stack.next(document);
      if (change) stack.taken(apply(change));
      return change !== null;
    },
  };
}

test('steps are taken back one after the other, and then there is nothing left', () => {
  const { change, undo, canUndo, slowMs } = page();
  expect(canUndo()).toBe(false);
  for (const ms of [1, 2, 3]) change(slow(ms));
  const seen = [];
  while (undo()) seen.push(slowMs());
  expect(seen).toEqual([2, 1, 0]);
  change(slow(9));
  expect(undo() && slowMs()).toBe(0);
  expect(canUndo()).toBe(false);
});

test('a change that changed nothing is no step', () => {
  const { change, undo, slowMs } = page();
  change(slow(1));
  change(slow(1));
  expect(undo() && slowMs()).toBe(0);
});

test('once somebody else has changed the network, what was before is out of reach', () => {
  const { change, another, undo, canUndo, slowMs } = page();
  change(slow(1));
  another(slow(2));
  expect(canUndo()).toBe(false);
  change(slow(3));
  expect(undo() && slowMs()).toBe(2);
  expect(canUndo()).toBe(false);
});

test('only so many steps are remembered', () => {
  const { change, undo } = page();
  for (let ms = 1; ms <= MAX_UNDO_STEPS + 5; ms++) change(slow(ms));
  let steps = 0;
  while (undo()) steps++;
  expect(steps).toBe(MAX_UNDO_STEPS);
});
