import type { Flight } from '../../../src/trace/flights.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { isReply, lookOfProtocol } from '../protocol-looks.ts';
import { courseOf, type Course } from './flight-course.ts';
import type { Point } from './geometry.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MARK_RADIUS = 4.5;

interface Mark {
  readonly element: SVGElement;
  lost: boolean;
}

/**
 * The marks of messages in an SVG group, moved by their attributes alone: hundreds of them a frame
 * are too many for components. Where motion is unwanted, the way of a message lights up instead.
 */
export class FlightLayer {
  readonly #group: SVGGElement;
  readonly #still: boolean;
  #marks = new Map<string, Mark>();

  /** @param still light up the way instead of travelling it */
  constructor(group: SVGGElement, still: boolean) {
    this.#group = group;
    this.#still = still;
  }

  draw(
    flights: readonly Flight[],
    now: Milliseconds,
    places: ReadonlyMap<string, Point>,
    radius: number,
  ): void {
    const seen = new Set<string>();
    for (const flight of flights) {
      const from = places.get(flight.from);
      const to = places.get(flight.to);
      if (from === undefined || to === undefined) continue;
      seen.add(flight.key);
      const course = courseOf(flight, now);
      const mark = this.#mark(flight, course.lost);
      if (this.#still && !course.lost) light(mark.element, from, to, radius);
      else move(mark.element, course, from, to, radius);
    }
    for (const [key, mark] of this.#marks)
      if (!seen.has(key)) {
        mark.element.remove();
        this.#marks.delete(key);
      }
  }

  clear(): void {
    for (const { element } of this.#marks.values()) element.remove();
    this.#marks.clear();
  }

  #mark(flight: Flight, lost: boolean): Mark {
    const there = this.#marks.get(flight.key);
    if (there?.lost === lost) return there;
    there?.element.remove();
    const element = lost ? cross() : this.#still ? way(flight) : disc(flight);
    this.#group.append(element);
    const mark = { element, lost };
    this.#marks.set(flight.key, mark);
    return mark;
  }
}

function move(element: SVGElement, course: Course, from: Point, to: Point, radius: number): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  // From the edge of one disc to the edge of the other.
  const share = (radius + (length - 2 * radius) * course.along) / length;
  const x = from.x + (to.x - from.x) * share;
  const y = from.y + (to.y - from.y) * share + course.fallenPx;
  element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

function light(element: SVGElement, from: Point, to: Point, radius: number): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [((to.x - from.x) * radius) / length, ((to.y - from.y) * radius) / length];
  element.setAttribute('d', `M${from.x + dx} ${from.y + dy}L${to.x - dx} ${to.y - dy}`);
}

function disc({ protocol, kind }: Flight): SVGElement {
  const element = document.createElementNS(SVG, 'circle');
  element.setAttribute('r', String(MARK_RADIUS));
  element.setAttribute('class', isReply(kind) ? 'reply' : 'request');
  element.style.setProperty('--hue', lookOfProtocol(protocol).color);
  return element;
}

function way({ protocol, kind }: Flight): SVGElement {
  const element = document.createElementNS(SVG, 'path');
  element.setAttribute('class', isReply(kind) ? 'way reply' : 'way');
  element.style.setProperty('--hue', lookOfProtocol(protocol).color);
  return element;
}

function cross(): SVGElement {
  const element = document.createElementNS(SVG, 'path');
  element.setAttribute('d', 'M-4-4l8 8m0-8l-8 8');
  element.setAttribute('class', 'lost');
  return element;
}
