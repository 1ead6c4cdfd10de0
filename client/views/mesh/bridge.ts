import type { Box, Point } from './geometry.ts';

/** How far off the middle of a border a bridge stands: along the middle run the links of others. */
const ASIDE_PX = 46;

/** On the border of the groups that a node joins; several stand in a row along it. */
export function between(
  boxes: readonly Box[],
  index: number,
  count: number,
  radius: number,
): Point {
  const [a, b] = [boxes[0], boxes[1]];
  if (a === undefined || b === undefined) throw new Error('a bridge joins two groups');
  const along = (index - (count - 1) / 2) * (radius * 2 + 60) - ASIDE_PX;
  if (a.right <= b.left + 1 || b.right <= a.left + 1) {
    const y = (Math.max(a.top, b.top) + Math.min(a.bottom, b.bottom)) / 2;
    return {
      x: a.right <= b.left + 1 ? (a.right + b.left) / 2 : (b.right + a.left) / 2,
      y: y + along,
    };
  }
  const x = (Math.max(a.left, b.left) + Math.min(a.right, b.right)) / 2;
  return {
    x: x + along,
    y: a.bottom <= b.top + 1 ? (a.bottom + b.top) / 2 : (b.bottom + a.top) / 2,
  };
}
