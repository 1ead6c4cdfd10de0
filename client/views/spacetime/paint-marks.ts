import type { Brush } from './brush.ts';
import type { Lines, Marks, Weight } from './picture.ts';
import type { Shape } from './glyphs.ts';

type ByWeight = { readonly [W in Weight]: number };

const WIDTHS: ByWeight = { faint: 1, plain: 1.1, future: 1.2, past: 2.2 };
const ALPHAS: ByWeight = { faint: 0.16, plain: 0.7, future: 0.9, past: 1 };
const RADII: ByWeight = { faint: 2, plain: 2.4, future: 2.6, past: 3.2 };

/** The same of protocols that always go on. */
const QUIET_WIDTHS: ByWeight = { faint: 0.7, plain: 0.8, future: 0.8, past: 1.4 };
const QUIET_ALPHA = 0.6;
const QUIET_RADIUS = 0.75;

/** A path of many lines costs more than its parts: each crossing of two of them is worked out. */
const LINES_A_STROKE = 64;

/** Beyond so many, dots are squares, which cost a tenth and look the same where they stand so dense. */
const MANY_DOTS = 1_500;

export function paintLines({ context, colors }: Brush, lines: Lines): void {
  const { way, color, weight, quiet, ends } = lines;
  const width = (quiet ? QUIET_WIDTHS : WIDTHS)[weight];
  const alpha = ALPHAS[weight] * (quiet ? QUIET_ALPHA : 1);
  const faint = weight === 'faint';
  context.strokeStyle = colors.get(color);
  context.globalAlpha = way === 'lost' && !faint ? 1 : alpha;
  context.lineWidth = way === 'copy' ? width * 0.5 : width;
  if (way === 'lost') context.setLineDash([3, 2]);
  if (way === 'copy') context.setLineDash([6, 2]);
  if (way === 'under-way') context.setLineDash([1, 3]);
  for (let start = 0; start < ends.length; start += 4 * LINES_A_STROKE) {
    context.beginPath();
    const end = Math.min(ends.length, start + 4 * LINES_A_STROKE);
    for (let i = start; i < end; i += 4) {
      context.moveTo(ends[i]!, ends[i + 1]!);
      context.lineTo(ends[i + 2]!, ends[i + 3]!);
    }
    context.stroke();
  }
  context.setLineDash([]);
  if (way === 'lost') {
    context.lineWidth = weight === 'past' ? 2 : 1.5;
    context.beginPath();
    for (let i = 0; i < ends.length; i += 4) crossAt(context, ends[i + 2]!, ends[i + 3]!, 3);
    context.stroke();
  }
  context.globalAlpha = 1;
}

export function paintMarks({ context, colors }: Brush, marks: Marks): void {
  const { shape, color, weight, quiet, places } = marks;
  context.globalAlpha = weight === 'faint' ? 0.25 : 1;
  context.fillStyle = colors.get(color);
  context.strokeStyle = colors.get(color);
  if (shape === 'dot') {
    paintDots(context, places, RADII[weight] * (quiet ? QUIET_RADIUS : 1));
  } else {
    const { path, width } = SHAPES[shape];
    context.lineWidth = width;
    context.beginPath();
    for (let i = 0; i < places.length; i += 2) path(context, places[i]!, places[i + 1]!);
    context.stroke();
    if (FILLED.has(shape)) context.fill();
  }
  context.globalAlpha = 1;
}

function paintDots(context: CanvasRenderingContext2D, places: readonly number[], r: number): void {
  const many = places.length > 2 * MANY_DOTS;
  if (many) {
    for (let i = 0; i < places.length; i += 2)
      context.fillRect(places[i]! - 1.5, places[i + 1]! - 1.5, 3, 3);
    return;
  }
  context.beginPath();
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i]!, places[i + 1]!];
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  }
  context.fill();
}

const FILLED: ReadonlySet<Shape> = new Set(['diamond', 'square', 'wedge']);

type Path = (context: CanvasRenderingContext2D, x: number, y: number) => void;

const SHAPES: {
  readonly [S in Exclude<Shape, 'dot'>]: { readonly path: Path; readonly width: number };
} = {
  tick: { width: 1.2, path: strokes([[0, -6, 0, -2]]) },
  wedge: {
    width: 1,
    path: (context, x, y) => {
      context.moveTo(x, y - 1);
      context.lineTo(x + 4, y - 8);
      context.lineTo(x - 4, y - 8);
      context.closePath();
    },
  },
  bar: { width: 2, path: strokes([[0, -6, 0, 6]]) },
  cross: { width: 2, path: (context, x, y) => crossAt(context, x, y, 5) },
  pause: {
    width: 2,
    path: strokes([
      [-2, -5, -2, 5],
      [2, -5, 2, 5],
    ]),
  },
  thorn: {
    width: 1.5,
    path: strokes([
      [0, 0, -3, 5],
      [0, 0, 3, 5],
    ]),
  },
  up: { width: 1, path: strokes([[0, 2, 0, 5]]) },
  down: {
    width: 1,
    path: strokes([
      [0, 2, 0, 5],
      [-2, 5, 2, 5],
    ]),
  },
  square: { width: 1, path: (context, x, y) => context.rect(x - 2, y - 2, 4, 4) },
  diamond: {
    width: 1,
    path: (context, x, y) => {
      context.moveTo(x, y - 4);
      context.lineTo(x + 4, y);
      context.lineTo(x, y + 4);
      context.lineTo(x - 4, y);
      context.closePath();
    },
  },
};

function strokes(lines: readonly (readonly [number, number, number, number])[]): Path {
  return (context, x, y) => {
    for (const [x1, y1, x2, y2] of lines) {
      context.moveTo(x + x1, y + y1);
      context.lineTo(x + x2, y + y2);
    }
  };
}

function crossAt(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x - r, y - r);
  context.lineTo(x + r, y + r);
  context.moveTo(x + r, y - r);
  context.lineTo(x - r, y + r);
}
