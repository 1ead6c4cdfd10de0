/**
 * Where nodes stand around an oval. The order is that of their ids, so it is the same on every page
 * and does not change when a node comes or goes: the others only close up or make room.
 */

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly label: Label;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Degrees, clockwise. 0 unless the ring is crowded: then labels point outwards like rays. */
  readonly turn: number;
  /** The text must not be wider, in pixels. */
  readonly widthPx: number;
}

export interface Ring {
  readonly places: ReadonlyMap<string, Place>;
  /** Of each disc, in pixels. */
  readonly radius: number;
  readonly centre: { readonly x: number; readonly y: number };
}

/** A disc that a projector shows to the back row, and the least that still has a state. */
const MOST_RADIUS = 25;
const LEAST_RADIUS = 9;
/** Of the way to the next node, how much a disc may take up on each side. */
const CROWDING = 0.34;
/** Below this spacing, upright names at the top of the ring would run into each other. */
const UPRIGHT_SPACING_PX = 62;
/** With more, a disc is lower than a line of text, and names beside it would lie on the next disc. */
const MOST_UPRIGHT = 28;
/** Room beside the ring for names: 24 characters at most, most have six. */
const SIDE_LABEL_PX = 118;
const LINE_PX = 22;
const LABEL_GAP_PX = 11;
/** On a phone there is no room beside the ring, but there is above and below each disc. */
const NARROW_PX = 520;
const MOST_STACKED = 7;
const STACKED_LABEL_PX = 90;

export function placeOnRing(
  ids: Iterable<string>,
  width: number,
  height: number,
  mostRadius: number = MOST_RADIUS,
): Ring {
  const order = [...ids].sort();
  const count = order.length;
  const centre = { x: width / 2, y: height / 2 };
  const side = Math.min(SIDE_LABEL_PX, width * 0.17);
  const stacked = width < NARROW_PX && count <= MOST_STACKED;
  const beside = stacked ? 12 : side;
  const crowded =
    !stacked &&
    (count > MOST_UPRIGHT || (Math.PI * 2 * (width / 2 - side - 30)) / count < UPRIGHT_SPACING_PX);
  const aboveBelow = crowded ? Math.min(side, height * 0.17) : LINE_PX;

  let radius = mostRadius;
  let rx = 0;
  let ry = 0;
  // The radius depends on the spacing and the spacing, a little, on the radius: twice is near enough.
  for (let i = 0; i < 2; i++) {
    rx = Math.max(1, width / 2 - beside - radius - LABEL_GAP_PX);
    ry = Math.max(1, height / 2 - aboveBelow - radius - LABEL_GAP_PX);
    // An oval flatter or taller than this no longer reads as a ring.
    rx = Math.min(rx, ry * 1.7);
    ry = Math.min(ry, rx * 1.25);
    const tightest = (2 * Math.PI * Math.min(rx, ry)) / Math.max(count, 1);
    radius = Math.max(LEAST_RADIUS, Math.min(mostRadius, tightest * CROWDING));
  }

  const places = new Map<string, Place>();
  const angle = (i: number): number => -Math.PI / 2 + (2 * Math.PI * i) / count;
  order.forEach((id, i) => {
    const turn = angle(i);
    const x = centre.x + rx * Math.cos(turn);
    const y = centre.y + ry * Math.sin(turn);
    const spacing = Math.abs(rx * (Math.cos(angle(i + 1)) - Math.cos(turn)));
    const label = stacked
      ? aboveOrBelow(x, y, turn, radius, Math.min(2 * x, 2 * (width - x), STACKED_LABEL_PX))
      : crowded
        ? ray(x, y, turn, radius, side)
        : upright(x, y, turn, radius, count > 1 ? spacing : width, side);
    places.set(id, { x, y, label });
  });
  return { places, radius, centre };
}

/** Above or below near the poles, beside the disc elsewhere. */
function upright(
  x: number,
  y: number,
  turn: number,
  radius: number,
  spacing: number,
  side: number,
): Label {
  const cos = Math.cos(turn);
  const out = radius + LABEL_GAP_PX;
  if (Math.abs(cos) < 0.3)
    return aboveOrBelow(x, y, turn, radius, Math.max(spacing, 2 * radius) - 8);
  return {
    x: x + Math.sign(cos) * out,
    y: y + 5,
    anchor: cos > 0 ? 'start' : 'end',
    turn: 0,
    widthPx: side,
  };
}

function aboveOrBelow(x: number, y: number, turn: number, radius: number, widthPx: number): Label {
  const out = radius + LABEL_GAP_PX;
  const above = Math.sin(turn) < -1e-9;
  return { x, y: above ? y - out : y + out + 10, anchor: 'middle', turn: 0, widthPx };
}

/** Outwards from the middle of a ring, never upside down. */
export function ray(x: number, y: number, turn: number, radius: number, side: number): Label {
  const out = radius + LABEL_GAP_PX - 3;
  const leftward = Math.cos(turn) < -1e-9;
  const degrees = (turn * 180) / Math.PI;
  return {
    x: x + out * Math.cos(turn),
    y: y + out * Math.sin(turn),
    anchor: leftward ? 'end' : 'start',
    turn: leftward ? degrees + 180 : degrees,
    widthPx: side - 4,
  };
}
