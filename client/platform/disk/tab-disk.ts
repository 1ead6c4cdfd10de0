import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Disk, DiskWrite } from '../../../src/runtime/disk.ts';
import type { Json, Milliseconds } from '../../../src/vocabulary.ts';
import type { Timers } from '../timers.ts';
import { DiskFailure, troubleOf, type DiskTrouble } from './disk-trouble.ts';

/** It takes a few milliseconds, and a second while a class starts on one old laptop. */
const OPEN_LIMIT_MS: Milliseconds = 5_000;

interface Entry {
  /** The store promises its keys in the order in which they were first put; a database sorts them. */
  readonly order: number;
  readonly value: Json;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
}

/**
 * A node's stable storage in this browser. One transaction is under way at a time, and what is
 * written meanwhile goes into the next one together: so batches are durable in their order, each as
 * a whole, and a slow disk is asked less often and not for more.
 */
export class TabDisk implements Disk {
  #database: IDBPDatabase<Schema>;
  #lost: (trouble: DiskTrouble) => void;
  #found: [string, Json][] = [];
  #orders = new Map<string, number>();
  #nextOrder = 0;
  /** The last of each key; undefined is taken away. */
  #queued = new Map<string, Entry | undefined>();
  #waiting: (() => void)[] = [];
  #writing = false;
  #over = false;

  private constructor(database: IDBPDatabase<Schema>, lost: (trouble: DiskTrouble) => void) {
    this.#database = database;
    this.#lost = lost;
  }

  /**
   * Rejects with a DiskFailure if the browser gives none.
   *
   * @param lost is called at most once, if the disk fails later: what is not durable then never will be
   */
  static async open(
    name: string,
    timers: Timers,
    lost: (trouble: DiskTrouble) => void,
  ): Promise<TabDisk> {
    const database = await withinLimit(timers, () =>
      openDB<Schema>(name, 1, {
        upgrade: (fresh) => void fresh.createObjectStore('entries'),
        terminated: () => disk.#fail('broken'),
      }),
    );
    const disk = new TabDisk(database, lost);
    await disk.reset(true);
    return disk;
  }

  load(): Iterable<readonly [string, Json]> {
    return this.#found.splice(0);
  }

  write(batch: readonly DiskWrite[], done: () => void): void {
    for (const { key, value } of batch) this.#queue(key, value);
    this.#waiting.push(done);
    if (!this.#writing) this.#writeQueued();
  }

  /**
   * Between two lives: what was not on its way yet is lost, and what is durable, or nothing if it is
   * not to be kept, is what the next life finds.
   */
  async reset(keep: boolean): Promise<void> {
    this.#queued.clear();
    this.#waiting = [];
    try {
      // In the database's own order of transactions, so after a write that is still under way.
      if (!keep) await this.#database.clear('entries');
      const { store, done } = this.#database.transaction('entries');
      const [keys, entries] = await Promise.all([store.getAllKeys(), store.getAll(), done]);
      this.#take(keys, entries);
    } catch (error) {
      this.close();
      throw new DiskFailure(troubleOf(error));
    }
  }

  close(): void {
    this.#over = true;
    this.#database.close();
  }

  #queue(key: string, value: Json | undefined): void {
    if (value === undefined) {
      this.#orders.delete(key);
      this.#queued.set(key, undefined);
      return;
    }
    const order = this.#orders.get(key) ?? this.#nextOrder++;
    this.#orders.set(key, order);
    this.#queued.set(key, { order, value });
  }

  #take(keys: readonly string[], entries: readonly Entry[]): void {
    const found = keys.map((key, i) => ({ key, ...entries[i]! })).sort((a, b) => a.order - b.order);
    this.#found = found.map(({ key, value }) => [key, value]);
    this.#orders = new Map(found.map(({ key, order }) => [key, order]));
    this.#nextOrder = (found.at(-1)?.order ?? -1) + 1;
  }

  #writeQueued(): void {
    if (this.#over) return;
    const writes = this.#queued;
    const waiting = this.#waiting;
    this.#queued = new Map();
    this.#waiting = [];
    this.#writing = true;
    this.#commit(writes).then(
      () => {
        this.#writing = false;
        try {
          for (const done of waiting) done();
        } finally {
          if (this.#waiting.length > 0 && !this.#writing) this.#writeQueued();
        }
      },
      (error: unknown) => this.#fail(troubleOf(error)),
    );
  }

  async #commit(writes: ReadonlyMap<string, Entry | undefined>): Promise<void> {
    const { store, done } = this.#database.transaction('entries', 'readwrite', {
      durability: 'strict',
    });
    const requests = [...writes].map(([key, entry]) =>
      entry === undefined ? store.delete(key) : store.put(entry, key),
    );
    await Promise.all([...requests, done]);
  }

  #fail(trouble: DiskTrouble): void {
    if (this.#over) return;
    this.close();
    this.#lost(trouble);
  }
}

/** A database that opens after the limit is closed again: nobody waits for it any more. */
async function withinLimit(
  timers: Timers,
  open: () => Promise<IDBPDatabase<Schema>>,
): Promise<IDBPDatabase<Schema>> {
  let late = false;
  return new Promise((resolve, reject) => {
    const cancel = timers.after(OPEN_LIMIT_MS, () => {
      late = true;
      reject(new DiskFailure('blocked'));
    });
    attempt(open).then(
      (database) => {
        cancel();
        if (late) database.close();
        else resolve(database);
      },
      (error: unknown) => {
        cancel();
        reject(new DiskFailure(troubleOf(error, 'refused')));
      },
    );
  });
}

/** Where storage is forbidden, already the name `indexedDB` may throw. */
async function attempt<Value>(act: () => Promise<Value>): Promise<Value> {
  return await act();
}
