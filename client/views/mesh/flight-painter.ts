import type { Flight } from '../../../src/trace/flights.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { CanvasColors } from '../canvas-colors.ts';
import { isReply, lookOfProtocol } from '../protocol-looks.ts';
import { courseOf, type Course } from './flight-course.ts';
import type { Point } from './geometry.ts';

const MARK_RADIUS = 4.5;
const CROSS_RADIUS = 4;

/**
 * The marks of messages on a canvas over the picture: hundreds of them move with every frame, and as
 * elements each would be laid out and painted by itself. Where motion is unwanted, the way of a
 * message lights up instead.
 */
export class FlightPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #colors: CanvasColors;
  readonly #still: boolean;
  #blank = true;

  /** @param still light up the way instead of travelling it */
  constructor(canvas: HTMLCanvasElement, colors: CanvasColors, still: boolean) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#colors = colors;
    this.#still = still;
  }

  draw(
    flights: readonly Flight[],
    now: Milliseconds,
    places: ReadonlyMap<string, Point>,
    radius: number,
  ): void {
    if (flights.length === 0 && this.#blank) return;
    this.#clear();
    this.#blank = flights.length === 0;
    for (const flight of flights) {
      const from = places.get(flight.from);
      const to = places.get(flight.to);
      if (from === undefined || to === undefined) continue;
      const course = courseOf(flight, now);
      const way = wayBetween(from, to, radius);
      if (course.lost) this.#cross(placeOn(way, course));
      else if (this.#still) this.#light(way, flight);
      else this.#disc(placeOn(way, course), flight);
    }
  }

  /** Of the size that it has on the page, in the pixels of the screen. */
  #clear(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#context.clearRect(0, 0, clientWidth, clientHeight);
  }

  #disc({ x, y }: Point, { protocol, kind }: Flight): void {
    const context = this.#context;
    const hue = this.#colors.get(lookOfProtocol(protocol).color);
    context.beginPath();
    context.arc(x, y, MARK_RADIUS, 0, 2 * Math.PI);
    context.fillStyle = isReply(kind) ? this.#colors.get('var(--surface)') : hue;
    context.fill();
    if (!isReply(kind)) return;
    context.strokeStyle = hue;
    context.lineWidth = 1.8;
    context.stroke();
  }

  #cross({ x, y }: Point): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(x - CROSS_RADIUS, y - CROSS_RADIUS);
    context.lineTo(x + CROSS_RADIUS, y + CROSS_RADIUS);
    context.moveTo(x + CROSS_RADIUS, y - CROSS_RADIUS);
    context.lineTo(x - CROSS_RADIUS, y + CROSS_RADIUS);
    context.strokeStyle = this.#colors.get('var(--alarm)');
    context.lineWidth = 2;
    context.stroke();
  }

  #light({ from, to }: Way, { protocol, kind }: Flight): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.strokeStyle = this.#colors.get(lookOfProtocol(protocol).color);
    context.lineWidth = isReply(kind) ? 2 : 4;
    context.globalAlpha = 0.55;
    context.stroke();
    context.globalAlpha = 1;
  }
}

interface Way {
  readonly from: Point;
  readonly to: Point;
}

/** From the edge of one disc to the edge of the other. */
function wayBetween(from: Point, to: Point, radius: number): Way {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [((to.x - from.x) * radius) / length, ((to.y - from.y) * radius) / length];
  return { from: { x: from.x + dx, y: from.y + dy }, to: { x: to.x - dx, y: to.y - dy } };
}

function placeOn({ from, to }: Way, { along, fallenPx }: Course): Point {
  return {
    x: from.x + (to.x - from.x) * along,
    y: from.y + (to.y - from.y) * along + fallenPx,
  };
}
