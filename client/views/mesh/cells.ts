import { heightOf, middleOf, widthOf, type Box, type Point } from './geometry.ts';

/** The part of the picture in which one group of nodes stands. */
export interface Cell {
  readonly members: readonly string[];
  readonly box: Box;
}

/** A group's part has room for so many nodes more than it holds, so that a single one is not pushed into a corner. */
const SPARE_NODES = 2;

/**
 * A group whose nodes already lie above the others rather than beside them keeps its side, unless
 * that would make a slice that is flatter than this share of its width.
 */
const FLATTEST = 0.3;

/**
 * Divides a picture among groups, larger ones getting more. Groups keep the side that their nodes
 * are on already, so a wall that was drawn stays where it was drawn.
 *
 * @param at where each node stands now; those not in it are new
 */
export function divide(
  groups: readonly (readonly string[])[],
  box: Box,
  at: ReadonlyMap<string, Point>,
): readonly Cell[] {
  if (groups.length <= 1) return groups.map((members) => ({ members, box }));
  const placed = groups.map((members) => ({ members, middle: middleOfGroup(members, at, box) }));
  const sideways = isSideways(placed, box);
  const order = placed.toSorted((a, b) =>
    sideways ? a.middle.x - b.middle.x : a.middle.y - b.middle.y,
  );
  const weights = order.map(({ members }) => members.length + SPARE_NODES);
  const total = sum(weights);
  const firsts = fairCut(weights);
  const share = sum(weights.slice(0, firsts)) / total;
  const members = order.map((group) => group.members);
  const [one, other] = slice(box, sideways, share);
  return [
    ...divide(members.slice(0, firsts), one, at),
    ...divide(members.slice(firsts), other, at),
  ];
}

function middleOfGroup(
  members: readonly string[],
  at: ReadonlyMap<string, Point>,
  box: Box,
): Point {
  const known = members.flatMap((id) => at.get(id) ?? []);
  if (known.length > 0) return middleOf(known);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

function isSideways(placed: readonly { readonly middle: Point }[], box: Box): boolean {
  const wide = widthOf(box) >= heightOf(box);
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const dx = spread(placed.map(({ middle }) => middle.x)) / widthOf(box);
  const dy = spread(placed.map(({ middle }) => middle.y)) / heightOf(box);
  if (wide) return dy <= 1.5 * dx || heightOf(box) / 2 < FLATTEST * widthOf(box);
  return dx > 1.5 * dy && widthOf(box) / 2 >= FLATTEST * heightOf(box);
}

/** How many groups come before the cut that leaves the two parts most alike. */
function fairCut(weights: readonly number[]): number {
  const half = sum(weights) / 2;
  let best = 1;
  let bestOff = Infinity;
  for (let firsts = 1; firsts < weights.length; firsts++) {
    const off = Math.abs(sum(weights.slice(0, firsts)) - half);
    if (off < bestOff) [best, bestOff] = [firsts, off];
  }
  return best;
}

function slice(box: Box, sideways: boolean, share: number): [Box, Box] {
  if (sideways) {
    const x = box.left + widthOf(box) * share;
    return [
      { ...box, right: x },
      { ...box, left: x },
    ];
  }
  const y = box.top + heightOf(box) * share;
  return [
    { ...box, bottom: y },
    { ...box, top: y },
  ];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
