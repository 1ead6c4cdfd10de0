import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import * as v from 'valibot';
import type { Milliseconds, RoomCode } from '../src/vocabulary.ts';
import { roomRecordSchema, type RoomRecord } from './room-record.ts';
import { lockDirectory } from './store-lock.ts';

/** Its message is a sentence for whoever started the server. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

export interface Loaded {
  readonly rooms: readonly RoomRecord[];
  /** A sentence for each record that could not be read and was skipped. */
  readonly problems: readonly string[];
}

/** Rooms on disk. Whatever `save` and `drop` promise is durable when their promises resolve. */
export interface Store {
  /** Drops rooms that nobody has used since `usedSince`. */
  load(usedSince: Milliseconds): Promise<Loaded>;
  save(record: RoomRecord): Promise<void>;
  drop(code: RoomCode): Promise<void>;
  close(): Promise<void>;
}

export async function openStore(directory: string): Promise<Store> {
  const { database, release } = await openLocked(directory);
  return {
    async load(usedSince) {
      const rooms: RoomRecord[] = [];
      const problems: string[] = [];
      for (const key of [...database.getKeys()]) {
        const record = readRecord(() => database.get(key), key);
        if (typeof record === 'string') problems.push(record);
        else if (record.lastUsedAt < usedSince) await database.remove(key);
        else rooms.push(record);
      }
      return { rooms, problems };
    },
    async save(record) {
      await database.put(record.code, record);
    },
    async drop(code) {
      await database.remove(code);
    },
    async close() {
      await database.close();
      await release();
    },
  };
}

async function openLocked(directory: string) {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const release = await lockDirectory(await realpath(directory));
    if (!release)
      throw new StoreError(
        `Another Netsplit server uses the data directory ${directory}. Stop it, or give this one its own with --data DIR.`,
      );
    // Without overlapping sync a write resolves only after it has been flushed to the disk.
    const database = open<unknown, string>({
      path: join(directory, 'rooms'),
      encoding: 'json',
      overlappingSync: false,
    });
    return { database, release };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The data directory ${directory} cannot be used (${(error as Error).message}). Give another with --data DIR.`,
    );
  }
}

function readRecord(read: () => unknown, key: string): RoomRecord | string {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    return `Room ${key} is skipped: its record is not JSON (${(error as Error).message}).`;
  }
  const result = v.safeParse(roomRecordSchema, value, { abortEarly: true });
  if (result.success && result.output.code === key) return result.output;
  const where = result.success ? 'code' : (v.getDotPath(result.issues[0]) ?? 'record');
  return `Room ${key} is skipped: its ${where} is not as it should be.`;
}
