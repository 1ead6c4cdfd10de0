import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Tick } from '../../src/clocks/tick.ts';
import type { Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';

/** What is known of a recording without reading it. */
export interface RecordingInfo {
  readonly id: string;
  readonly room: RoomCode;
  /** The page that makes it: two pages of one room record each for itself. */
  readonly by: NodeId;
  readonly startedAt: Milliseconds;
  readonly updatedAt: Milliseconds;
  readonly events: number;
  readonly told: number;
  /** Characters of its lines: nearly all of them take a byte. */
  readonly bytes: number;
  /** Events that had to make room. */
  readonly dropped: number;
  /** Its chunks have the numbers from `first` up to `next` and without it. */
  readonly first: number;
  readonly next: number;
  /** The newest event of each node that is in it. */
  readonly newest: ReadonlyMap<NodeId, Tick>;
  readonly names: ReadonlyMap<NodeId, string>;
}

/** Lines of a trace file, without head and end. */
export interface Chunk {
  readonly text: string;
  readonly events: number;
  readonly told: number;
}

/** Where recordings are kept. All that is promised rejects if the device refuses. */
export interface RecordingStore {
  list(): Promise<RecordingInfo[]>;
  /** All or nothing: the info, the chunk `info.next - 1`, and chunks that are no longer in it go. */
  append(info: RecordingInfo, chunk: Chunk, gone: readonly number[]): Promise<void>;
  chunk(id: string, number: number): Promise<Chunk | undefined>;
  delete(id: string): Promise<void>;
  close(): void;
}

const NAME = 'netsplit.recordings';

interface Schema extends DBSchema {
  recordings: { key: string; value: RecordingInfo };
  chunks: { key: [id: string, number: number]; value: Chunk };
}

/** In this browser: it survives a reload, on plain http too. */
export async function openRecordingStore(): Promise<RecordingStore> {
  const database = await openDB<Schema>(NAME, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('recordings', { keyPath: 'id' });
      fresh.createObjectStore('chunks');
    },
  });
  return new DatabaseStore(database);
}

class DatabaseStore implements RecordingStore {
  #database: IDBPDatabase<Schema>;

  constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  list(): Promise<RecordingInfo[]> {
    return this.#database.getAll('recordings');
  }

  async append(info: RecordingInfo, chunk: Chunk, gone: readonly number[]): Promise<void> {
    const transaction = this.#database.transaction(['recordings', 'chunks'], 'readwrite');
    const chunks = transaction.objectStore('chunks');
    await Promise.all([
      transaction.objectStore('recordings').put(info),
      chunks.put(chunk, [info.id, info.next - 1]),
      ...gone.map((number) => chunks.delete([info.id, number])),
      transaction.done,
    ]);
  }

  chunk(id: string, number: number): Promise<Chunk | undefined> {
    return this.#database.get('chunks', [id, number]);
  }

  async delete(id: string): Promise<void> {
    const transaction = this.#database.transaction(['recordings', 'chunks'], 'readwrite');
    await Promise.all([
      transaction.objectStore('recordings').delete(id),
      transaction.objectStore('chunks').delete(IDBKeyRange.bound([id], [id, []])),
      transaction.done,
    ]);
  }

  close(): void {
    this.#database.close();
  }
}
