import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { Flight } from '../../src/trace/flights.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import { trueTime } from '../platform/true-time.ts';
import type { Observer } from './observer.ts';
import { liveScene, type Observed, type Scene } from './scene.ts';
import type { WayQueue } from './snapshots.ts';

/**
 * Moving marks are drawn so long after the fact: a batch of events is told every fifth of a second,
 * and both ends of a message must have been heard before it can set out.
 */
const BEHIND_MS: Milliseconds = 600;

/** What a page that looks from above draws: the scene of now, what moves in it, and all that has happened. */
export interface Seen {
  readonly scene: Scene;
  /** `chronicle.changes` when it was drawn. */
  readonly version: number;
  readonly queues: readonly WayQueue[];
}

/** An observer's view of the room, for the views of a page. */
export class Sight {
  #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  get chronicle(): Chronicle {
    return this.#observer.watching.chronicle;
  }

  /** @param observed what the observer says of nodes and links at this moment */
  look(observed: Observed): Seen {
    const { chronicle } = this;
    return {
      scene: liveScene(observed, this.#observer.network, chronicle, trueTime()),
      version: chronicle.changes,
      queues: this.#observer.queues(),
    };
  }

  /** Of what moves; the scene is of now. */
  readonly now = (): Milliseconds => trueTime() - BEHIND_MS;

  readonly flightsBetween = (from: Milliseconds, to: Milliseconds): readonly Flight[] =>
    this.chronicle.flightsDuring(from, to);
}
