import { middleOf, type Point } from './geometry.ts';

/** An oval on which a group's nodes stand: in convex position, so that no link passes under a node. */
export interface Oval {
  readonly centre: Point;
  readonly rx: number;
  readonly ry: number;
}

/** Fine enough that sixty places differ from their true arc by less than a pixel. */
const SAMPLES = 720;
/** Turns that are tried to find the one for which the nodes have the least way to go. */
const TURNS = 240;

/**
 * A place on the oval for each node, evenly apart. Nodes keep the order and, as nearly as they can,
 * the places that they have; a newcomer gets the widest gap.
 *
 * @param ids the same order gives the same places
 * @param at where each node stands now; those not in it are new
 */
export function slotsFor(
  ids: readonly string[],
  { centre, rx, ry }: Oval,
  at: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  const count = ids.length;
  if (count === 1) return new Map([[ids[0]!, centre]]);
  const order = aroundTheMiddle(ids, at);
  const perimeter = sample(rx, ry);
  const place = (index: number, shift: number): Point => {
    const { x, y } = perimeter[Math.round(((index / count + shift) % 1) * SAMPLES) % SAMPLES]!;
    return { x: centre.x + x, y: centre.y + y };
  };
  const shift = at.size === 0 ? firstShift(count, rx, ry) : bestShift(order, at, place);
  return new Map(order.map((id, i) => [id, place(i, shift)]));
}

/** Clockwise; newcomers one by one into the widest gap there is. */
function aroundTheMiddle(ids: readonly string[], at: ReadonlyMap<string, Point>): string[] {
  const known = ids.filter((id) => at.has(id));
  const middle = middleOf(known.map((id) => at.get(id)!));
  const turns = known
    .map((id) => ({ id, turn: turnOf(at.get(id)!, middle) }))
    .sort((a, b) => a.turn - b.turn);
  for (const id of ids) {
    if (at.has(id)) continue;
    let widest = turns.length;
    let width = 0;
    for (const [i, { turn }] of turns.entries()) {
      const next = i + 1 < turns.length ? turns[i + 1]!.turn : (turns[0]?.turn ?? 0) + 1;
      if (next - turn > width + 1e-6) [widest, width] = [i + 1, next - turn];
    }
    const before = turns[widest - 1]?.turn ?? 0;
    turns.splice(widest, 0, { id, turn: before + width / 2 });
  }
  return turns.map(({ id }) => id);
}

/** Clockwise from the top, in whole turns. */
function turnOf(point: Point, middle: Point): number {
  const turn = Math.atan2(point.y - middle.y, point.x - middle.x) / (2 * Math.PI) + 0.25;
  return (turn + 1) % 1;
}

/** The first node is at the top; two stand side by side where there is room for that. */
function firstShift(count: number, rx: number, ry: number): number {
  return count === 2 && rx >= ry ? 0.75 : 0;
}

function bestShift(
  order: readonly string[],
  at: ReadonlyMap<string, Point>,
  place: (index: number, shift: number) => Point,
): number {
  let best = 0;
  let bestWay = Infinity;
  for (let turn = 0; turn < TURNS; turn++) {
    const shift = turn / TURNS;
    let way = 0;
    for (const [i, id] of order.entries()) {
      const from = at.get(id);
      if (from === undefined) continue;
      const to = place(i, shift);
      way += (from.x - to.x) ** 2 + (from.y - to.y) ** 2;
    }
    if (way < bestWay - 1e-9) [best, bestWay] = [shift, way];
  }
  return best;
}

/** Points at even arcs along an oval around the origin, clockwise from the top. */
function sample(rx: number, ry: number): Point[] {
  const fine = SAMPLES * 2;
  const point = (i: number): Point => {
    const turn = (2 * Math.PI * i) / fine - Math.PI / 2;
    return { x: rx * Math.cos(turn), y: ry * Math.sin(turn) };
  };
  const arcs = [0];
  for (let i = 1; i <= fine; i++) {
    const [a, b] = [point(i - 1), point(i)];
    arcs.push(arcs[i - 1]! + Math.hypot(a.x - b.x, a.y - b.y));
  }
  const whole = arcs[fine]!;
  const points: Point[] = [];
  let i = 0;
  for (let k = 0; k < SAMPLES; k++) {
    while (arcs[i]! < (k / SAMPLES) * whole) i++;
    points.push(point(i));
  }
  return points;
}

/** Ramanujan's, within a thousandth for any oval that is drawn here. */
export function perimeterOf({ rx, ry }: Oval): number {
  return Math.PI * (3 * (rx + ry) - Math.sqrt((3 * rx + ry) * (rx + 3 * ry)));
}
