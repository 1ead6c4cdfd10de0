import type { Replica } from '../intent.ts';

/** What a run holds: a text, or an array. */
export interface Sliceable<Content> {
  readonly length: number;
  slice(from: number, to?: number): Content;
  concat(more: Content): Content;
}

/** The how manieth element, from 0 on, that its author has put into this sequence. */
export interface ElementId {
  readonly author: Replica;
  readonly clock: number;
}

/** That one and those which the same author put in right after it. */
export interface ElementRange extends ElementId {
  readonly length: number;
}

/**
 * Elements that one author put in one after the other, each the right child of the one before it,
 * with nothing between them: together one node of the tree. It is cut in two as soon as something
 * comes between, so only the first has left children, and only the last has right ones.
 */
export interface Run<Content extends Sliceable<Content>> {
  readonly author: Replica;
  readonly clock: number;
  content: Content;
  isVisible: boolean;
  /** Of the first element. Both in the order of their ids. */
  lefts: Run<Content>[];
  /** Of the last. */
  rights: Run<Content>[];
  /** Its neighbours in the order of the sequence. */
  previous: Run<Content> | null;
  next: Run<Content> | null;
  block: Block<Content> | null;
}

/** Neighbouring runs, counted together. */
export interface Block<Content extends Sliceable<Content>> {
  first: Run<Content>;
  runs: number;
  /** Elements of it that people see. */
  visible: number;
  next: Block<Content> | null;
}

export function newRun<Content extends Sliceable<Content>>(
  { author, clock }: ElementId,
  content: Content,
  isVisible: boolean,
): Run<Content> {
  const alone = { previous: null, next: null, block: null };
  return { author, clock, content, isVisible, lefts: [], rights: [], ...alone };
}

/** How much of it people see. */
export function visibleLength<Content extends Sliceable<Content>>(run: Run<Content>): number {
  return run.isVisible ? run.content.length : 0;
}

/** The clock of whatever its author put in next. */
export function endOf<Content extends Sliceable<Content>>(run: Run<Content>): number {
  return run.clock + run.content.length;
}

/** The first run, in the order of the sequence, of all that hangs on this one. */
export function firstOf<Content extends Sliceable<Content>>(run: Run<Content>): Run<Content> {
  let first = run;
  while (first.lefts.length > 0) first = first.lefts[0]!;
  return first;
}

/** The last. */
export function lastOf<Content extends Sliceable<Content>>(run: Run<Content>): Run<Content> {
  let last = run;
  while (last.rights.length > 0) last = last.rights.at(-1)!;
  return last;
}

/** An order of all elements, the same everywhere, that says nothing of where they stand. */
export function compareIds(a: ElementId, b: ElementId): number {
  if (a.author.node !== b.author.node) return a.author.node < b.author.node ? -1 : 1;
  return a.author.life - b.author.life || a.clock - b.clock;
}

/** Has the same author put `second` in right after `first`, with nothing else that hangs between them? */
export function isOneRun<Content extends Sliceable<Content>>(
  first: Run<Content>,
  second: Run<Content>,
): boolean {
  const { author, clock, content, rights, isVisible } = first;
  const isOnlyChild = rights.length === 1 && rights[0] === second;
  const isSeenAlike = isVisible === second.isVisible;
  return isOnlyChild && isSeenAlike && isNext({ author, clock, length: content.length }, second);
}

/** Lengthens the last range where the next one only continues it. */
export function appendRange(ranges: ElementRange[], next: ElementRange): void {
  const last = ranges.at(-1);
  if (last === undefined || !isNext(last, next)) ranges.push(next);
  else ranges.splice(-1, 1, { ...last, length: last.length + next.length });
}

/** Is `id` what the same author put in right after the range? */
function isNext({ author, clock, length }: ElementRange, id: ElementId): boolean {
  return compareIds({ author, clock: clock + length }, id) === 0;
}
