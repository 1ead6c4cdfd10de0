import type { RoomCode } from '../../src/vocabulary.ts';
import { Observer } from './observer.ts';
import { Publisher } from './publisher.ts';
import { Sight, type Seen } from './sight.ts';
import type { Phase, ServerView } from './snapshots.ts';

export interface GodViewSnapshot extends Seen {
  readonly phase: Phase;
  readonly server: ServerView;
}

/**
 * A student who looks from above: beside the node of the tab an observer of its own, with its own
 * links to all nodes. It is there while the student looks, and as long as the teacher allows it.
 */
export class GodView {
  readonly sight: Sight;
  snapshot: GodViewSnapshot;

  #observer: Observer;
  #publisher = new Publisher(() => {
    this.snapshot = this.#draw();
  });

  constructor(room: RoomCode, name: string) {
    this.#observer = new Observer({ room, name, changed: () => this.#publisher.soon() });
    this.sight = new Sight(this.#observer);
    this.snapshot = $state.raw(this.#draw());
  }

  start(): void {
    this.#observer.attendance.start();
    this.#publisher.start();
  }

  stop(): void {
    this.#publisher.stop();
    this.#observer.attendance.stop();
  }

  retry(): void {
    void this.#observer.attendance.enter();
  }

  #draw(): GodViewSnapshot {
    const { phase, server } = this.#observer.attendance;
    return { phase, server, ...this.sight.look(this.#observer.observed()) };
  }
}
