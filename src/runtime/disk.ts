import type { Json } from '../vocabulary.ts';

/** One entry of a batch: a value put, or, if it is undefined, an entry taken away. */
export interface DiskWrite {
  readonly key: string;
  readonly value: Json | undefined;
}

/** Stable storage as an environment offers it: what is on it survives a crash of the node. */
export interface Disk {
  /** All that was durable when this life began; asked for once, before the node starts. */
  load(): Iterable<readonly [key: string, value: Json]>;

  /**
   * Writes a batch as a whole or not at all, and batches in the order in which they were given.
   * Calls `done` once it would survive a crash, at once or later. A crash before that may keep the
   * batch or lose it; if it loses one, it loses all that were given later.
   */
  write(batch: readonly DiskWrite[], done: () => void): void;
}
