import {
  forceCollide,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationNodeDatum,
} from 'd3-force';
import { between } from './bridge.ts';
import { divide } from './cells.ts';

import { heightOf, widthOf, type Box, type Point } from './geometry.ts';
import { perimeterOf, slotsFor, type Oval } from './slots.ts';

/** A node as it moves. */
interface Body extends SimulationNodeDatum {
  readonly id: string;
  x: number;
  y: number;
  /** Where it is drawn to. */
  goal: Point;
  /** Degrees clockwise from the right, seen from the middle of its oval. */
  turn: number;
  crowded: boolean;
  /** The part of the picture that its group has; null for a bridge. */
  land: Box | null;
}

/** One node's place. */
export interface Place extends Point {
  readonly turn: number;
  /** Neighbours are so close that its name must point outwards. */
  readonly crowded: boolean;
  /** The part of the picture that its group has; null for a node that is in two. */
  readonly land: Box | null;
}

export interface Arrangement {
  /** In any order; the same ids give the same picture. */
  readonly ids: readonly string[];
  /** Who can still talk to whom; a node in two groups stands between them. One group if nothing is parted. */
  readonly groups: readonly (readonly string[])[];
  readonly box: Box;
}

/** A disc that a projector shows to the back row, and the least that still has a state. */
const MOST_RADIUS = 24;
const LEAST_RADIUS = 9;
/** Of the way to the next node, how much a disc may take up on each side. */
const CROWDING = 0.34;
/** Below this distance names beside each other run into each other. */
const UPRIGHT_SPACING_PX = 66;
/** On a phone there is no room beside the oval either. */
const NARROW_PX = 520;
const NARROW_SPACING_PX = 84;
/** Around a group's oval: half a name beside, a crown above, a name and a line below. */
const MARGIN = { beside: 44, above: 24, below: 46 };
/** Names that point outwards need this much all around. */
const RAY_PX = 84;
/** An oval flatter or taller than this no longer reads as a ring. */
const FLATTEST = 2;
/** From a group's part of the picture to the wall. */
const WALL_PX = 14;
/** Room for those who stand in the wall. */
const BRIDGE_PX = 40;

/** Halves the way to the goal in two frames, and is still after a second and a half at 60 Hz. */
const ALPHA_DECAY = 0.05;
const PULL = 0.25;

/**
 * Where nodes stand: each group on an oval of its own, drawn there by d3-force, which also keeps
 * discs apart while they pass each other or are dragged. It has no timers: `step` is called once a
 * frame for as long as it answers true. No chance is in it; the same calls give the same picture.
 */
export class MeshLayout {
  /** Of each disc, in pixels. */
  radius = MOST_RADIUS;
  #bodies = new Map<string, Body>();
  #pinned = new Map<string, Point>();
  #simulation: Simulation<Body, undefined>;
  #key = '';
  #box: Box | null = null;

  constructor() {
    this.#simulation = forceSimulation<Body>()
      .stop()
      .alphaDecay(ALPHA_DECAY)
      .velocityDecay(0.55)
      .force('x', forceX<Body>((body) => body.goal.x).strength(PULL))
      .force('y', forceY<Body>((body) => body.goal.y).strength(PULL));
  }

  get places(): ReadonlyMap<string, Place> {
    return this.#bodies;
  }

  /** Does nothing if nothing has changed. */
  arrange(asked: Arrangement): void {
    const { ids, groups, box } = asked;
    const key = JSON.stringify([ids.toSorted(), groups.map((group) => group.toSorted()), box]);
    if (key === this.#key || widthOf(box) <= 0 || heightOf(box) <= 0) return;
    this.#key = key;
    this.#fitInto(box);
    for (const id of this.#bodies.keys()) if (!ids.includes(id)) this.#remove(id);
    this.#setGoals(asked);
    this.#simulation
      .nodes([...this.#bodies.values()])
      .force('apart', forceCollide<Body>(this.radius * 1.25).iterations(2))
      .alpha(1);
  }

  /** Moves everything by one frame. False when it stands still, and then it costs nothing. */
  step(): boolean {
    if (this.#simulation.alpha() < this.#simulation.alphaMin()) return false;
    this.#simulation.tick();
    if (this.#box !== null) for (const body of this.#bodies.values()) this.#keepInside(body);
    return true;
  }

  /** To the end at once: for pictures that must not move, and for people who want no motion. */
  settle(): void {
    while (this.step());
  }

  /** Holds a node where the pointer has it, until it is released. */
  pin(id: string, { x, y }: Point): void {
    const body = this.#bodies.get(id);
    if (body === undefined) return;
    this.#pinned.set(id, { x, y });
    [body.fx, body.fy] = [x, y];
    this.#simulation.alpha(Math.max(this.#simulation.alpha(), 0.3));
  }

  isPinned(id: string): boolean {
    return this.#pinned.has(id);
  }

  release(id: string): void {
    if (!this.#pinned.delete(id)) return;
    const body = this.#bodies.get(id)!;
    [body.fx, body.fy] = [null, null];
    this.#simulation.alpha(1);
  }

  #remove(id: string): void {
    this.#bodies.delete(id);
    this.#pinned.delete(id);
  }

  /** A picture that has another size is the same picture. */
  #fitInto(box: Box): void {
    const before = this.#box;
    this.#box = box;
    if (before === null) return;
    const x = (value: number) =>
      box.left + ((value - before.left) * widthOf(box)) / widthOf(before);
    const y = (value: number) =>
      box.top + ((value - before.top) * heightOf(box)) / heightOf(before);
    for (const body of this.#bodies.values()) [body.x, body.y] = [x(body.x), y(body.y)];
    for (const [id, point] of this.#pinned) {
      const moved = { x: x(point.x), y: y(point.y) };
      this.#pinned.set(id, moved);
      Object.assign(this.#bodies.get(id)!, { fx: moved.x, fy: moved.y });
    }
  }

  #setGoals({ ids, groups, box }: Arrangement): void {
    const at = new Map<string, Point>(this.#bodies);
    const counts = new Map<string, number>();
    for (const id of groups.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
    const own = groups
      .map((group) => group.filter((id) => counts.get(id) === 1).toSorted())
      .filter((group) => group.length > 0);
    const alone = ids.filter((id) => !counts.has(id)).toSorted();
    const cells = divide(alone.length > 0 ? [...own, alone] : own, box, at);
    const bridges = ids.filter((id) => (counts.get(id) ?? 0) > 1).toSorted();
    const walls = cells.length > 1 ? WALL_PX + (bridges.length > 0 ? BRIDGE_PX : 0) : 0;
    const ovals = cells.map((cell) => ({
      ...cell,
      ...ovalIn(cell.box, cell.members.length, walls),
    }));
    const spacing = Math.min(...ovals.map(({ members, oval }) => spacingOf(oval, members.length)));
    this.radius = Math.max(LEAST_RADIUS, Math.min(MOST_RADIUS, spacing * CROWDING));

    for (const { members, box: land, oval, crowded } of ovals)
      for (const [id, goal] of slotsFor(members, oval, at)) {
        const turn = (Math.atan2(goal.y - oval.centre.y, goal.x - oval.centre.x) * 180) / Math.PI;
        this.#aim(id, { goal, turn, crowded, land });
      }
    for (const [i, id] of bridges.entries()) {
      const sides = groups.flatMap((group, g) => (group.includes(id) ? [g] : []));
      const boxes = sides.flatMap(
        (g) => cells.find(({ members }) => groups[g]!.includes(members[0]!))?.box ?? [],
      );
      const goal = between(boxes, i, bridges.length, this.radius);
      this.#aim(id, { goal, turn: -90, crowded: false, land: null });
    }
  }

  #aim(id: string, aim: Pick<Body, 'goal' | 'turn' | 'crowded' | 'land'>): void {
    const body = this.#bodies.get(id);
    if (body === undefined) this.#bodies.set(id, { id, x: aim.goal.x, y: aim.goal.y, ...aim });
    else Object.assign(body, aim);
  }

  #keepInside(body: Body): void {
    const box = this.#box!;
    const room = this.radius + 3;
    body.x = Math.max(box.left + room, Math.min(box.right - room, body.x));
    body.y = Math.max(box.top + room, Math.min(box.bottom - room, body.y));
  }
}

function ovalIn(box: Box, count: number, wall: number): { oval: Oval; crowded: boolean } {
  const upright = oval(box, MARGIN.beside + wall, MARGIN.above + wall / 2, MARGIN.below);
  const least = widthOf(box) < NARROW_PX ? NARROW_SPACING_PX : UPRIGHT_SPACING_PX;
  if (spacingOf(upright, count) >= least) return { oval: upright, crowded: false };
  const ray = (side: number): number => Math.min(RAY_PX, side * 0.2) + wall / 2;
  const high = ray(heightOf(box));
  return { oval: oval(box, ray(widthOf(box)), high, high), crowded: true };
}

function oval(box: Box, beside: number, above: number, below: number): Oval {
  const rx = Math.max(1, widthOf(box) / 2 - beside - LEAST_RADIUS * 2);
  const ry = Math.max(1, (heightOf(box) - above - below) / 2 - LEAST_RADIUS * 2);
  return {
    centre: { x: (box.left + box.right) / 2, y: (box.top + above + box.bottom - below) / 2 },
    rx: Math.min(rx, ry * FLATTEST),
    ry: Math.min(ry, rx * FLATTEST),
  };
}

/** Two stand at the ends of the oval, not along its edge. */
function spacingOf(oval: Oval, count: number): number {
  if (count === 1) return Infinity;
  return count === 2 ? 2 * Math.min(oval.rx, oval.ry) : perimeterOf(oval) / count;
}
