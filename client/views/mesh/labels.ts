import { textWidthPx } from './fit-text.ts';
import type { Box, Point } from './geometry.ts';
import type { Place } from './layout.ts';
import { ray, type Label } from './ring.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
  /** A second line below the name, if it stands below its disc. */
  readonly more?: string | null;
}

/** Where a name stands beside its disc; `ray` points away from the middle of the group. */
export type Side = 'below' | 'above' | 'right' | 'left' | 'ray';
export interface SidedLabel extends Label {
  readonly side: Side;
}

interface Labelled {
  readonly radius: number;
  readonly fontPx: number;
  readonly box: Box;
}

const UPRIGHT: readonly Side[] = ['below', 'above', 'right', 'left'];
/** A name of more letters is cut; most have six. */
const MOST_WIDTH_PX = 150;
const RAY_WIDTH_PX = 88;
const GAP_PX = 8;
const MORE_PX = 16;

/**
 * A side for each name so that it lies on no disc, on no other name, and inside the picture. A name
 * stays on its side for as long as that holds, so that names do not flicker while nodes move.
 */
export function placeLabels(
  nodes: readonly Named[],
  places: ReadonlyMap<string, Place>,
  { radius, fontPx, box }: Labelled,
  before: ReadonlyMap<string, SidedLabel> = new Map(),
): ReadonlyMap<string, SidedLabel> {
  const discs = [...places.values()].map((place) => around(place, radius + 2));
  const taken: Box[] = [];
  const labels = new Map<string, SidedLabel>();
  for (const { id, name, more } of nodes) {
    const place = places.get(id);
    if (place === undefined) continue;
    if (place.crowded) {
      const turn = (place.turn * Math.PI) / 180;
      const room = Math.min(RAY_WIDTH_PX, roomAlong(place, turn, box) - radius - GAP_PX);
      labels.set(id, { ...ray(place.x, place.y, turn, radius, room), side: 'ray' });
      continue;
    }
    const was = before.get(id)?.side;
    const sides = was === undefined || was === 'ray' ? UPRIGHT : [was, ...UPRIGHT];
    let best: { label: SidedLabel; box: Box; cost: number } | null = null;
    for (const side of sides) {
      const label = besideDisc(place, side, radius, fontPx, box);
      const frame = frameOf(
        label,
        Math.min(label.widthPx, textWidthPx(name, fontPx)),
        fontPx,
        more,
      );
      const cost =
        outside(frame, box) * 4 +
        discs.filter((disc) => overlap(disc, frame)).length * 2 +
        taken.filter((other) => overlap(other, frame)).length;
      if (best === null || cost < best.cost) best = { label, box: frame, cost };
      if (cost === 0) break;
    }
    if (best === null) continue;
    taken.push(best.box);
    labels.set(id, best.label);
  }
  return labels;
}

/** From a point in a direction to the edge of the picture, with half a line to spare. */
function roomAlong({ x, y }: Point, turn: number, box: Box): number {
  const [dx, dy] = [Math.cos(turn), Math.sin(turn)];
  const across = dx > 0 ? (box.right - x - 8) / dx : dx < 0 ? (box.left + 8 - x) / dx : Infinity;
  const down = dy > 0 ? (box.bottom - y - 8) / dy : dy < 0 ? (box.top + 8 - y) / dy : Infinity;
  return Math.min(across, down);
}

function besideDisc(
  { x, y }: Point,
  side: Side,
  radius: number,
  fontPx: number,
  box: Box,
): SidedLabel {
  const out = radius + GAP_PX;
  if (side === 'right' || side === 'left') {
    const start = side === 'right';
    const at = start ? x + out + 2 : x - out - 2;
    const room = start ? box.right - at : at - box.left;
    return {
      side,
      x: at,
      y: y + fontPx * 0.35,
      anchor: start ? 'start' : 'end',
      turn: 0,
      widthPx: Math.min(MOST_WIDTH_PX, Math.max(24, room)),
    };
  }
  return {
    side,
    x,
    // Above, room is left for a crown.
    y: side === 'below' ? y + out + fontPx * 0.72 : y - out - 12,
    anchor: 'middle',
    turn: 0,
    widthPx: Math.min(MOST_WIDTH_PX, Math.max(40, 2 * Math.min(x - box.left, box.right - x))),
  };
}

function frameOf(
  label: SidedLabel,
  width: number,
  fontPx: number,
  more: string | null | undefined,
): Box {
  const left =
    label.anchor === 'middle'
      ? label.x - width / 2
      : label.anchor === 'start'
        ? label.x
        : label.x - width;
  const below = more && label.side === 'below' ? MORE_PX : 0;
  return {
    left,
    right: left + width,
    top: label.y - fontPx * 0.85,
    bottom: label.y + fontPx * 0.3 + below,
  };
}

function around({ x, y }: Point, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function outside(frame: Box, box: Box): number {
  return frame.left < box.left ||
    frame.right > box.right ||
    frame.top < box.top ||
    frame.bottom > box.bottom
    ? 1
    : 0;
}
