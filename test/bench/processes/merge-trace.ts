import type { MergeEngine, Operation } from '../../../src/merge/engine.ts';
import { keyOf, type Deed, type Intent, type Replica } from '../../../src/merge/intent.ts';
import { Random } from '../../../src/simulator/random.ts';
import { testNodeId } from '../../support/node-ids.ts';

/**
 * A text that some write at once, as people do: each goes on where they are, now and then jumps, takes
 * back a letter, or puts in a word. After so many edits of each all have all. The same for every engine.
 */

export const WRITERS = 4;
const EDITS_BETWEEN = 5;
export const KEY = 'notes';

export interface TracedEdit {
  readonly intent: Intent;
  readonly operation: Operation;
}

type Make = (self: Replica) => MergeEngine;

interface Writer {
  readonly self: Replica;
  readonly engine: MergeEngine;
  readonly random: Random;
  caret: number;
  number: number;
}

/** In the order in which they were made, causes before effects. */
export function traceOf(make: Make, edits: number): readonly TracedEdit[] {
  const writers = Array.from({ length: WRITERS }, (_, i): Writer => {
    const self = { node: testNodeId(i + 1), life: 1 };
    const random = new Random(`writer ${i}`);
    return { self, engine: make(self), random, caret: 0, number: 0 };
  });
  const trace: TracedEdit[] = [];
  let length = 0;
  while (trace.length < edits) {
    const round = writers.map((writer) => roundOf(writer, length));
    for (const [i, { engine }] of writers.entries())
      for (const theirs of round.filter((_, other) => other !== i))
        for (const { operation } of theirs) engine.receive(operation);
    trace.push(...round.flat());
    length += round.flat().reduce((sum, { intent }) => sum + grown(intent.deed), 0);
  }
  return trace.slice(0, edits);
}

function roundOf(writer: Writer, length: number): TracedEdit[] {
  const made: TracedEdit[] = [];
  while (made.length < EDITS_BETWEEN) {
    const { self: author, engine } = writer;
    writer.number += 1;
    const seen = new Map([[keyOf(author), writer.number]]);
    const intent = { author, number: writer.number, seen, wall: 0, deed: nextDeed(writer, length) };
    const operation = engine.apply(intent);
    if (operation !== null) made.push({ intent, operation });
  }
  return made;
}

function nextDeed(writer: Writer, length: number): Deed {
  const { random } = writer;
  if (random.below(20) === 0) writer.caret = random.below(length + 1);
  const dice = random.below(10);
  if (dice === 0 && writer.caret > 0) {
    writer.caret -= 1;
    return { do: 'erase', key: KEY, position: writer.caret, count: 1 };
  }
  const letter = 'etaoin shrdlu'[random.below(13)]!;
  const text = dice === 1 ? 'some words ' : letter;
  const position = writer.caret;
  writer.caret += text.length;
  return { do: 'type', key: KEY, position, text };
}

function grown(deed: Deed): number {
  if (deed.do === 'type') return deed.text.length;
  return deed.do === 'erase' ? -deed.count : 0;
}
