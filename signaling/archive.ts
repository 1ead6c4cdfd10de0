import type { RoomCode } from '../src/vocabulary.ts';
import type { Room } from './room.ts';
import type { Store } from './store.ts';

/**
 * Brings rooms to the store. A room is written whole, so a write that failed is made good by the
 * next, and the order of writes is the order of changes.
 */
export class Archive {
  #store: Store;
  #report: (problem: string) => void;
  #pending = new Map<RoomCode, Promise<boolean>>();

  constructor(store: Store, report: (problem: string) => void) {
    this.#store = store;
    this.#report = report;
  }

  /** @returns whether it is durable now */
  save(room: Room<unknown>): Promise<boolean> {
    return this.#track(room.code, this.#store.save(room.record()));
  }

  forget(code: RoomCode): Promise<boolean> {
    return this.#track(code, this.#store.drop(code));
  }

  /** Resolves when all changes of a room up to now are durable; undefined if they are. */
  pending(code: RoomCode): Promise<boolean> | undefined {
    return this.#pending.get(code);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#pending.values());
  }

  #track(code: RoomCode, write: Promise<void>): Promise<boolean> {
    const done = write.then(
      () => true,
      (error: Error) => {
        this.#report(`Room ${code} could not be saved: ${error.message}`);
        return false;
      },
    );
    this.#pending.set(code, done);
    void done.then(() => {
      if (this.#pending.get(code) === done) this.#pending.delete(code);
    });
    return done;
  }
}
