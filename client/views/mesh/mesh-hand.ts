import { distance, type Box, type Point } from './geometry.ts';
import type { MeshStage } from './mesh-stage.svelte.ts';

/** A press that moves less than this is a click. */
const CLICK_PX = 5;
/** Points nearer to each other than this add nothing to a line. */
const FINE_PX = 3;

/** What a hand may do to the picture; left out, it does nothing. */
export interface HandActions {
  readonly drawing?: boolean;
  /** @param more add it to what is chosen already */
  readonly onnode?: (id: string, more: boolean) => void;
  readonly onlink?: (key: string) => void;
  readonly onnothing?: () => void;
  /** A line as it is drawn, and when it is done. */
  readonly onstroke?: (
    stroke: readonly Point[],
    places: ReadonlyMap<string, Point>,
    box: Box,
    done: boolean,
  ) => void;
  /** A key on a node that has the focus, before the picture's own. True if it meant something. */
  readonly onnodekey?: (key: string, id: string) => boolean;
}

const ARROWS: ReadonlyMap<string, Point> = new Map([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);

type Press =
  | { readonly on: 'node'; readonly id: string; readonly at: Point; moved: boolean }
  | { readonly on: 'else'; readonly at: Point }
  | { readonly on: 'stroke'; points: Point[] };

/** Pointer and keys on a mesh picture: selecting, dragging nodes, drawing lines, walking with arrows. */
export class MeshHand {
  /** The key of the link beneath the pointer. */
  pointed: string | null = null;
  #stage: MeshStage;
  #actions: () => HandActions;
  #wake: () => void;
  #press: Press | null = null;

  /** @param wake the nodes have begun to move */
  constructor(stage: MeshStage, actions: () => HandActions, wake: () => void) {
    this.#stage = stage;
    this.#actions = actions;
    this.#wake = wake;
  }

  get busy(): boolean {
    return this.#press !== null;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = pointOf(event);
    const id = this.#stage.nodeAt(at);
    const { drawing } = this.#actions();
    if (drawing === true) this.#press = { on: 'stroke', points: [at] };
    else if (id !== null) this.#press = { on: 'node', id, at, moved: false };
    else this.#press = { on: 'else', at };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  move(event: PointerEvent): void {
    const at = pointOf(event);
    const press = this.#press;
    if (press === null) {
      this.pointed = this.#stage.nodeAt(at) === null ? this.#stage.linkAt(at) : null;
    } else if (press.on === 'stroke') {
      if (distance(at, press.points.at(-1)!) < FINE_PX) return;
      press.points = [...press.points, at];
      this.#tell(press.points, false);
    } else if (press.on === 'node') {
      if (!press.moved && distance(at, press.at) < CLICK_PX) return;
      press.moved = true;
      this.#stage.drag(press.id, at);
      this.#wake();
    }
  }

  up(event: PointerEvent): void {
    const press = this.#press;
    this.#press = null;
    if (press === null) return;
    const actions = this.#actions();
    if (press.on === 'stroke') this.#tell([...press.points, pointOf(event)], true);
    else if (press.on === 'node') {
      if (!press.moved) actions.onnode?.(press.id, event.shiftKey);
    } else {
      const key = this.#stage.linkAt(press.at);
      if (key === null) actions.onnothing?.();
      else actions.onlink?.(key);
    }
  }

  cancel(): void {
    if (this.#press?.on === 'stroke') this.#tell([], true);
    this.#press = null;
  }

  /** A second click lets a node go that was dragged. */
  twice(event: MouseEvent): void {
    const id = this.#stage.nodeAt(pointOf(event));
    if (id !== null) this.#release(id);
  }

  press(id: string): void {
    const { onnodekey, onnode } = this.#actions();
    if (onnodekey?.(' ', id) !== true) onnode?.(id, false);
  }

  key(event: KeyboardEvent, id: string): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { onnodekey, onnode } = this.#actions();
    if (onnodekey?.(event.key, id) === true) return true;
    const direction = ARROWS.get(event.key);
    if (direction !== undefined) {
      const next = this.#stage.neighbour(id, direction);
      const svg = (event.currentTarget as Element).closest('svg');
      if (next !== null) svg?.querySelector<SVGElement>(`[data-node="${next}"]`)?.focus();
      return true;
    }
    if (event.key === 'Enter' || event.key === ' ') onnode?.(id, event.shiftKey);
    else if (event.key === 'Home') this.#release(id);
    else return false;
    return true;
  }

  #release(id: string): void {
    this.#stage.release(id);
    this.#wake();
  }

  #tell(points: readonly Point[], done: boolean): void {
    this.#actions().onstroke?.(points, this.#stage.places, this.#stage.box, done);
  }
}

/** The picture fills its SVG one to one, so a place in the one is a place in the other. */
function pointOf(event: MouseEvent): Point {
  const frame = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - frame.left, y: event.clientY - frame.top };
}
