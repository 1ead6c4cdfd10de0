import type { LinkState } from '../../../src/wire/link-messages.ts';
import { lookOfLink, type Ends } from '../marks/link-look.ts';
import type { Rule } from '../../../src/network/composed-rule.ts';
import { lookOfWay, type WayLook } from '../marks/way-look.ts';
import type { Point } from './geometry.ts';

/**
 * Links as path data, gathered by how they are drawn: a mesh of sixty nodes has 1,770 links and
 * fourteen paths. Shapes that are filled stand apart from lines.
 */
export const PATH_KINDS = [
  'open',
  'slow',
  'lossy',
  'garbled',
  'dead',
  'connecting',
  'stub',
  'split',
  'scissors',
  'arrow',
  'hole',
] as const;
export type PathKind = (typeof PATH_KINDS)[number];
export type LinkPaths = { [Kind in PathKind]?: string };

export interface LinkShape {
  readonly ends: Ends;
  readonly aToB: Rule;
  readonly bToA: Rule;
  /** Its nodes are on different sides of a wall, which says that it is closed. */
  readonly walled: boolean;
}

/** What is drawn of the whole link; in words as well. */
export type WholeLook =
  Exclude<LinkState, 'open'> | 'split' | Exclude<WayLook, 'cut'> | 'one-way' | 'uneven';

const STUB_PX = 18;
/** Two ways that differ run beside each other at this distance from the middle. */
const LANE_PX = 3.2;
const ARROW_PX = 11;

export function lookOfWhole({ ends, aToB, bToA }: Omit<LinkShape, 'walled'>): WholeLook {
  const [there, back] = [lookOfWay(aToB), lookOfWay(bToA)];
  if (there === 'cut' && back === 'cut') return 'cut';
  // An end whose way out is cut says so of the link, which is open all the same.
  const oneCut = there === 'cut' || back === 'cut';
  const seen = lookOfLink(ends);
  if (seen !== 'open' && !(oneCut && isHalfOpen(ends))) return seen;
  if (isClosed(there) && isClosed(back)) return 'blackhole';
  if (there === back) return there;
  return isClosed(there) || isClosed(back) ? 'one-way' : 'uneven';
}

/** Nothing passes that way. */
function isClosed(way: WayLook): boolean {
  return way === 'cut' || way === 'blackhole';
}

function isHalfOpen({ a, b }: LinkShape['ends']): boolean {
  return a === 'open' || b === 'open';
}

/** Draws one link between the edges of its discs, into the paths that are there already. */
export function addLink(
  paths: LinkPaths,
  shape: LinkShape,
  a: Point,
  b: Point,
  gapA: number,
  gapB: number,
): void {
  const line = new Line(a, b, gapA, gapB);
  const add = (kind: PathKind, data: string): void => {
    paths[kind] = (paths[kind] ?? '') + data;
  };
  const look = lookOfWhole(shape);
  if (shape.walled) {
    add('stub', line.stubs());
    return;
  }
  switch (look) {
    case 'clear':
      return add('open', line.whole());
    case 'slow':
    case 'lossy':
      return add(look, line.whole());
    case 'garbled':
      return add('garbled', line.wave());
    case 'blackhole':
      add('dead', line.whole());
      return add('hole', line.dot(0.5));
    case 'connecting':
      return add('connecting', line.whole());
    case 'closed':
      return add('stub', line.stubs());
    case 'cut':
      add('stub', line.stubs());
      return add('scissors', line.scissors());
    case 'split': {
      const fromA = shape.ends.a === 'open';
      add('split', line.half(fromA) + line.bar());
      return add('stub', line.stub(!fromA));
    }
    case 'one-way': {
      const toB = !isClosed(lookOfWay(shape.aToB));
      const works = toB ? shape.aToB : shape.bToA;
      add(kindOfWay(lookOfWay(works)), line.whole(0, ARROW_PX - 2, toB));
      return add('arrow', line.arrow(toB));
    }
    case 'uneven':
      add(kindOfWay(lookOfWay(shape.aToB)), line.whole(LANE_PX, ARROW_PX - 3, true));
      add(kindOfWay(lookOfWay(shape.bToA)), line.whole(-LANE_PX, ARROW_PX - 3, false));
      return add('arrow', line.arrow(true, LANE_PX, 0.8) + line.arrow(false, -LANE_PX, 0.8));
  }
}

function kindOfWay(look: WayLook): PathKind {
  return look === 'slow' || look === 'lossy' || look === 'garbled' ? look : 'open';
}

/** The line of a link, in pixels from the edge of a's disc to the edge of b's. */
class Line {
  readonly #a: Point;
  readonly #ux: number;
  readonly #uy: number;
  readonly #from: number;
  readonly #to: number;

  constructor(a: Point, b: Point, gapA: number, gapB: number) {
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    this.#a = a;
    this.#ux = (b.x - a.x) / length;
    this.#uy = (b.y - a.y) / length;
    this.#from = Math.min(gapA, length / 2);
    this.#to = Math.max(length - gapB, length / 2);
  }

  /** @param short by how much the line ends before the disc that it leads to */
  whole(aside = 0, short = 0, toB = true): string {
    return toB
      ? this.#piece(this.#from, this.#to - short, aside)
      : this.#piece(this.#from + short, this.#to, aside);
  }

  half(fromA: boolean): string {
    const middle = (this.#from + this.#to) / 2;
    return fromA ? this.#piece(this.#from, middle - 3) : this.#piece(middle + 3, this.#to);
  }

  stub(atA: boolean): string {
    const long = Math.min(STUB_PX, (this.#to - this.#from) / 3);
    return atA
      ? this.#piece(this.#from, this.#from + long)
      : this.#piece(this.#to, this.#to - long);
  }

  stubs(): string {
    return this.stub(true) + this.stub(false);
  }

  wave(): string {
    const count = Math.max(2, Math.round((this.#to - this.#from) / 9));
    const step = (this.#to - this.#from) / count;
    let path = `M${this.#at(this.#from)}`;
    for (let i = 0; i < count; i++) {
      const at = this.#from + i * step;
      path += `Q${this.#at(at + step / 2, i % 2 === 0 ? 5 : -5)} ${this.#at(at + step)}`;
    }
    return path;
  }

  bar(): string {
    const middle = (this.#from + this.#to) / 2;
    return `M${this.#at(middle, -6)}L${this.#at(middle, 6)}`;
  }

  /** A closed ring of a few pixels around a point of the line. */
  dot(share: number, radius = 5): string {
    const middle = this.#from + (this.#to - this.#from) * share;
    const [one, other] = [this.#at(middle - radius), this.#at(middle + radius)];
    return `M${one}A${radius} ${radius} 0 1 0 ${other}A${radius} ${radius} 0 1 0 ${one}Z`;
  }

  arrow(toB: boolean, aside = 0, scale = 1): string {
    const [tip, back] = toB
      ? [this.#to - 1, this.#to - 1 - ARROW_PX * scale]
      : [this.#from + 1, this.#from + 1 + ARROW_PX * scale];
    const half = 4.6 * scale;
    return `M${this.#at(tip, aside)}L${this.#at(back, aside + half)}L${this.#at(back, aside - half)}Z`;
  }

  scissors(): string {
    const middle = (this.#from + this.#to) / 2;
    const blade = (side: number): string =>
      `M${this.#at(middle - 3.5, side * 2.2)}L${this.#at(middle + 8, -side * 4)}`;
    const handle = (side: number): string => {
      const [one, other] = [this.#at(middle - 8.6, side * 4), this.#at(middle - 3.4, side * 4)];
      return `M${one}A2.6 2.6 0 1 0 ${other}A2.6 2.6 0 1 0 ${one}Z`;
    };
    return blade(1) + blade(-1) + handle(1) + handle(-1);
  }

  #piece(from: number, to: number, aside = 0): string {
    return `M${this.#at(from, aside)}L${this.#at(to, aside)}`;
  }

  #at(along: number, aside = 0): string {
    const x = this.#a.x + this.#ux * along - this.#uy * aside;
    const y = this.#a.y + this.#uy * along + this.#ux * aside;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  }
}
