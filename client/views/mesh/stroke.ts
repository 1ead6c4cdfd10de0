import { distance, isInside, type Box, type Point } from './geometry.ts';

/** Shorter is a click with an unsteady hand. */
const LEAST_STROKE_PX = 24;
/** The last piece of a stroke tells where it would go on. */
const TAIL_PX = 40;
/** A stroke whose ends are nearer to each other than this share of its way goes around something. */
const HALF_CLOSED = 0.45;

export interface Split {
  /** Left of the stroke as it was drawn, or inside of it. */
  readonly one: readonly string[];
  readonly other: readonly string[];
  readonly lasso: boolean;
}

/**
 * Which nodes a stroke of the pointer parts. A line goes on beyond both of its ends and splits the
 * picture in two; one that goes around something splits inside from outside, whether or not it was
 * closed. Null while it is too short to mean anything.
 *
 * @param lasso take any stroke to go around
 */
export function splitByStroke(
  stroke: readonly Point[],
  nodes: ReadonlyMap<string, Point>,
  box: Box,
  lasso = false,
): Split | null {
  const way = lengthOf(stroke);
  if (way < LEAST_STROKE_PX) return null;
  const ends = distance(stroke[0]!, stroke.at(-1)!);
  const around = lasso || ends < way * HALF_CLOSED;
  const area = around ? stroke : oneSideOf(stroke, box);
  const one: string[] = [];
  const other: string[] = [];
  for (const [id, point] of nodes) (isInside(point, area) ? one : other).push(id);
  return { one, other, lasso: around };
}

/** The stroke, lengthened until it has left the picture, and a way back far outside of it. */
function oneSideOf(stroke: readonly Point[], box: Box): Point[] {
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const far = 4 * Math.hypot(box.right - box.left, box.bottom - box.top);
  const start = beyond(stroke.toReversed(), far);
  const end = beyond(stroke, far);
  const from = Math.atan2(end.y - middle.y, end.x - middle.x);
  let turn = Math.atan2(start.y - middle.y, start.x - middle.x) - from;
  if (turn < 0) turn += 2 * Math.PI;
  const steps = 16;
  const back = Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + (turn * i) / steps;
    return { x: middle.x + 2 * far * Math.cos(angle), y: middle.y + 2 * far * Math.sin(angle) };
  });
  return [start, ...stroke, end, ...back];
}

function beyond(stroke: readonly Point[], far: number): Point {
  const end = stroke.at(-1)!;
  let from = stroke[0]!;
  for (let i = stroke.length - 2; i >= 0; i--) {
    if (distance(stroke[i]!, end) < TAIL_PX) continue;
    from = stroke[i]!;
    break;
  }
  const length = distance(from, end) || 1;
  return {
    x: end.x + ((end.x - from.x) * far) / length,
    y: end.y + ((end.y - from.y) * far) / length,
  };
}

function lengthOf(stroke: readonly Point[]): number {
  let way = 0;
  for (let i = 1; i < stroke.length; i++) way += distance(stroke[i - 1]!, stroke[i]!);
  return way;
}

/**
 * Walls add up: a new one splits every group that it runs through.
 *
 * @param groups as they are now; a node may be in two
 */
export function splitGroups(
  groups: readonly (readonly string[])[],
  { one, other }: Pick<Split, 'one' | 'other'>,
): string[][] {
  const pick = (group: readonly string[], side: readonly string[]): string[] =>
    group.filter((id) => side.includes(id));
  return groups
    .flatMap((group) => [pick(group, one), pick(group, other)])
    .filter((group) => group.length > 0);
}
