import { heightOf, widthOf, type Box, type Point } from './geometry.ts';

/** How finely the picture is looked at for where the wall runs, in pixels. Smaller draws the same line. */
const GRID_PX = 26;
/** Keeps the line smooth where it passes a node closely. */
const SOFT_PX2 = 900;
/** How fast nearness falls off with the square of the distance: less is a straighter wall, more follows each node. */
const REACH = 0.8;
/**
 * How strongly the wall is drawn to the border of the groups' own parts of the picture: at so many
 * pixels from it, a place counts as e times nearer to its owner.
 */
const LAND_PX = 14;
/** A line shorter than this is a crumb of the grid. */
const LEAST_POINTS = 3;

/** A group as the wall sees it. */
export interface Side {
  /** Where its nodes stand, those that are in two groups left out. */
  readonly nodes: readonly Point[];
  /** Its part of the picture, if it has one. */
  readonly land: Box | null;
}

/**
 * The wall between groups, as SVG path data: where a place is as much one group's as the next one's.
 * Nearness counts like gravity, so the line is smooth and keeps clear of all nodes.
 *
 * @param gaps where the wall is open for a bridge, and how wide
 */
export function wallPath(
  groups: readonly Side[],
  box: Box,
  gaps: readonly { readonly at: Point; readonly radius: number }[] = [],
): string {
  const present = groups.filter(({ nodes }) => nodes.length > 0);
  if (present.length < 2) return '';
  const open = (p: Point): boolean =>
    gaps.some(({ at, radius }) => Math.hypot(p.x - at.x, p.y - at.y) < radius);
  let path = '';
  for (let first = 0; first + 1 < present.length; first++) {
    const height = (p: Point): number =>
      logNearness(present[first]!, p) -
      Math.max(...present.slice(first + 1).map((group) => logNearness(group, p)));
    // A border of two groups ends where it runs into the land of a third.
    const foreign = (p: Point): boolean =>
      present
        .slice(0, first)
        .some((group) => logNearness(group, p) > logNearness(present[first]!, p));
    for (const line of contour(height, box))
      for (const piece of pieces(line, (p) => !open(p) && !foreign(p))) path += smooth(piece);
  }
  return path;
}

function logNearness({ nodes, land }: Side, { x, y }: Point): number {
  let sum = 0;
  for (const node of nodes) sum += ((x - node.x) ** 2 + (y - node.y) ** 2 + SOFT_PX2) ** -REACH;
  const abroad =
    land === null
      ? 0
      : Math.hypot(
          Math.max(0, land.left - x, x - land.right),
          Math.max(0, land.top - y, y - land.bottom),
        );
  // Of the group as a whole: a large one pushes the wall no further than a small one.
  return Math.log(sum / nodes.length) - abroad / LAND_PX;
}

/** Marching squares: the lines along which a height is 0. */
function contour(height: (p: Point) => number, box: Box): Point[][] {
  const columns = Math.max(2, Math.ceil(widthOf(box) / GRID_PX));
  const rows = Math.max(2, Math.ceil(heightOf(box) / GRID_PX));
  const at = (i: number, j: number): Point => ({
    x: box.left + (widthOf(box) * i) / columns,
    y: box.top + (heightOf(box) * j) / rows,
  });
  const heights = Array.from({ length: columns + 1 }, (_, i) =>
    Array.from({ length: rows + 1 }, (_, j) => height(at(i, j)) || 1e-12),
  );
  const links = new Map<string, string[]>();
  const points = new Map<string, Point>();
  const cross = (i: number, j: number, di: number, dj: number): string | null => {
    const [a, b] = [heights[i]![j]!, heights[i + di]![j + dj]!];
    if (a > 0 === b > 0) return null;
    const key = `${i} ${j} ${di}`;
    const [p, q, share] = [at(i, j), at(i + di, j + dj), a / (a - b)];
    points.set(key, { x: p.x + (q.x - p.x) * share, y: p.y + (q.y - p.y) * share });
    return key;
  };
  const join = (a: string, b: string): void => {
    links.set(a, [...(links.get(a) ?? []), b]);
    links.set(b, [...(links.get(b) ?? []), a]);
  };
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < rows; j++) {
      const ends = [
        cross(i, j, 1, 0),
        cross(i + 1, j, 0, 1),
        cross(i, j + 1, 1, 0),
        cross(i, j, 0, 1),
      ].filter((key) => key !== null);
      if (ends.length >= 2) join(ends[0]!, ends[1]!);
      if (ends.length === 4) join(ends[2]!, ends[3]!);
    }
  return chains(links).map((chain) => chain.map((key) => points.get(key)!));
}

/** Lines from end to end first, then rings. */
function chains(links: ReadonlyMap<string, readonly string[]>): string[][] {
  const seen = new Set<string>();
  const walk = (start: string): string[] => {
    const chain = [start];
    seen.add(start);
    for (let key = start; ;) {
      const next = links.get(key)!.find((other) => !seen.has(other));
      if (next === undefined) return chain;
      seen.add(next);
      chain.push((key = next));
    }
  };
  const lines: string[][] = [];
  for (const [key, others] of links)
    if (others.length === 1 && !seen.has(key)) lines.push(walk(key));
  for (const key of links.keys())
    if (!seen.has(key)) {
      const ring = walk(key);
      lines.push([...ring, ring[0]!]);
    }
  return lines;
}

function pieces(line: readonly Point[], keep: (p: Point) => boolean): Point[][] {
  const kept: Point[][] = [[]];
  for (const point of line) {
    if (keep(point)) kept.at(-1)!.push(point);
    else if (kept.at(-1)!.length > 0) kept.push([]);
  }
  return kept.filter((piece) => piece.length >= LEAST_POINTS);
}

/** Through the middles of a line's segments, each point a handle: no corners are left. */
export function smooth(line: readonly Point[]): string {
  const f = (value: number): string => value.toFixed(1);
  const [first, last] = [line[0]!, line.at(-1)!];
  let path = `M${f(first.x)} ${f(first.y)}`;
  for (let i = 1; i + 1 < line.length; i++) {
    const [a, b] = [line[i]!, line[i + 1]!];
    path += `Q${f(a.x)} ${f(a.y)} ${f((a.x + b.x) / 2)} ${f((a.y + b.y) / 2)}`;
  }
  return `${path}L${f(last.x)} ${f(last.y)}`;
}
