import type { DrawnMesh } from './drawn-mesh.ts';
import { distanceToSegment, type Box, type Point } from './geometry.ts';
import { placeLabels, type SidedLabel } from './labels.ts';
import { MeshLayout, type Place } from './layout.ts';
import { wallPath } from './wall.ts';

/** How near to a link the pointer must be, in pixels. */
const LINK_REACH_PX = 9;
/** The wall keeps this much from the disc of a bridge. */
const GAP_PX = 18;

/** Where all things of a mesh picture are. What it holds changes only while nodes move. */
export class MeshStage {
  places = $state.raw<ReadonlyMap<string, Place>>(new Map());
  labels = $state.raw<ReadonlyMap<string, SidedLabel>>(new Map());
  wall = $state.raw('');
  radius = $state(24);
  box = $state.raw<Box>({ left: 0, top: 0, right: 0, bottom: 0 });
  readonly fontPx = $derived(this.radius < 14 ? 13 : 15);
  #layout = new MeshLayout();
  #mesh: DrawnMesh = { nodes: [], links: [], groups: [] };
  /** The wall runs on to the edges of the picture, also where no node may stand. */
  #whole: Box = this.box;

  /**
   * @param box where nodes and names may stand
   * @param still show everything at its new place at once
   */
  arrange(mesh: DrawnMesh, box: Box, whole: Box, still: boolean): void {
    const first = this.places.size === 0;
    this.#mesh = mesh;
    this.#whole = whole;
    this.box = box;
    this.#layout.arrange({ ids: mesh.nodes.map(({ id }) => id), groups: mesh.groups, box });
    if (first || still) this.#layout.settle();
    this.#show();
  }

  /** One frame; false when everything stands still. */
  step(): boolean {
    if (!this.#layout.step()) return false;
    this.#show();
    return true;
  }

  drag(id: string, to: Point): void {
    this.#layout.pin(id, to);
  }

  isPinned(id: string): boolean {
    return this.#layout.isPinned(id);
  }

  release(id: string): void {
    this.#layout.release(id);
  }

  nodeAt(point: Point): string | null {
    let best: string | null = null;
    let nearest = Math.max(this.radius + 4, 15);
    for (const [id, place] of this.places) {
      const away = Math.hypot(point.x - place.x, point.y - place.y);
      if (away < nearest) [best, nearest] = [id, away];
    }
    return best;
  }

  /** The key of the link that a point is on. Links across a wall are only stubs, so they are not in reach. */
  linkAt(point: Point): string | null {
    let best: string | null = null;
    let nearest = LINK_REACH_PX;
    for (const { key, a, b, walled } of this.#mesh.links) {
      const [from, to] = [this.places.get(a), this.places.get(b)];
      if (walled || from === undefined || to === undefined) continue;
      const away = distanceToSegment(point, from, to);
      if (away < nearest) [best, nearest] = [key, away];
    }
    return best;
  }

  /** The node that an arrow key leads to: the nearest one in a quarter of the circle. */
  neighbour(id: string, direction: Point): string | null {
    const from = this.places.get(id);
    if (from === undefined) return null;
    let best: string | null = null;
    let nearest = Infinity;
    for (const [other, { x, y }] of this.places) {
      const along = (x - from.x) * direction.x + (y - from.y) * direction.y;
      const aside = Math.abs((x - from.x) * direction.y - (y - from.y) * direction.x);
      if (along <= 0 || aside > along) continue;
      const way = along + 2 * aside;
      if (way < nearest) [best, nearest] = [other, way];
    }
    return best;
  }

  #show(): void {
    const { nodes, groups } = this.#mesh;
    const places = new Map(
      [...this.#layout.places].map(([id, { x, y, turn, crowded, land }]) => [
        id,
        { x, y, turn, crowded, land },
      ]),
    );
    this.radius = this.#layout.radius;
    this.places = places;
    this.labels = placeLabels(
      nodes,
      places,
      { radius: this.radius, fontPx: this.fontPx, box: this.box },
      this.labels,
    );
    this.wall = wallOf(groups, places, this.#whole, this.radius + GAP_PX);
  }
}

function wallOf(
  groups: readonly (readonly string[])[],
  places: ReadonlyMap<string, Place>,
  box: Box,
  gap: number,
): string {
  if (groups.length < 2) return '';
  const counts = new Map<string, number>();
  for (const id of groups.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const bridges = [...counts].flatMap(([id, count]) => (count > 1 ? (places.get(id) ?? []) : []));
  const sides = groups.map((group) => {
    const nodes = group.flatMap((id) => (counts.get(id) === 1 ? (places.get(id) ?? []) : []));
    return { nodes, land: nodes[0]?.land ?? null };
  });
  return wallPath(
    sides,
    box,
    bridges.map((at) => ({ at, radius: gap })),
  );
}
