import type { Json } from '../vocabulary.ts';
import { encodedBytes } from '../wire/plain-copy.ts';
import { copyJson, isJson } from '../wire/json.ts';
import type { Disk, DiskWrite } from './disk.ts';

/** Room for a path of a few words and ids. */
export const MAX_KEY_LENGTH = 200;

/** One message at its largest. */
export const MAX_VALUE_BYTES = 1024 * 1024;

/** A log of a lesson or a board of a class; far below what any browser gives to one page. */
export const MAX_ENTRIES = 10_000;
export const MAX_STORED_BYTES = 32 * 1024 * 1024;

/** One step's changes, ready to be written. */
export interface Batch {
  readonly writes: readonly DiskWrite[];
  /** Keys and values together. */
  readonly bytes: number;
}

interface Entry {
  readonly value: Json;
  readonly bytes: number;
}

/**
 * All that a node has stored, in memory, and what of it no batch has taken yet. What it hands out
 * and takes in are copies. Values are JSON, so that a disk of any kind can keep them.
 */
export class StableStore {
  private readonly entries = new Map<string, Entry>();
  /** The last change of each key since the last batch. */
  private changes = new Map<string, number>();
  private bytes = 0;

  constructor(disk: Disk | undefined) {
    for (const [key, value] of disk?.load() ?? []) this.set(key, value);
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Json | undefined {
    const entry = this.entries.get(key);
    return entry && copyJson(entry.value);
  }

  /** Those that begin with `prefix`, in the order in which they were first put. */
  keys(prefix: string): string[] {
    return [...this.entries.keys()].filter((key) => key.startsWith(prefix));
  }

  /** What stands before the first slash of some key: whose it is. */
  owners(): ReadonlySet<string> {
    return new Set(Array.from(this.entries.keys(), (key) => key.slice(0, key.indexOf('/'))));
  }

  /** Throws if a limit is reached: a protocol that stores without end is a bug of its author's. */
  put(key: string, value: Json): void {
    if (key.length > MAX_KEY_LENGTH) throw new RangeError(`a key of ${key.length} characters`);
    if (!isJson(value)) throw new TypeError(`${key}: only plain JSON can be stored`);
    this.changes.set(key, this.set(key, copyJson(value)));
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.bytes -= entry.bytes;
    this.changes.set(key, key.length);
  }

  /** All changes since the last call; null if there are none. */
  takeBatch(): Batch | null {
    if (this.changes.size === 0) return null;
    const writes: DiskWrite[] = [];
    let bytes = 0;
    for (const [key, size] of this.changes) {
      writes.push({ key, value: this.get(key) });
      bytes += size;
    }
    this.changes = new Map();
    return { writes, bytes };
  }

  /** Says how many bytes the entry takes. */
  private set(key: string, value: Json): number {
    const before = this.entries.get(key);
    const bytes = key.length + encodedBytes(value);
    const total = this.bytes + bytes - (before?.bytes ?? 0);
    if (bytes > MAX_VALUE_BYTES) throw new RangeError(`${key}: a value of ${bytes} bytes`);
    if (total > MAX_STORED_BYTES)
      throw new RangeError(`more than ${MAX_STORED_BYTES} bytes stored`);
    if (before === undefined && this.entries.size === MAX_ENTRIES) {
      throw new RangeError(`more than ${MAX_ENTRIES} entries stored`);
    }
    this.entries.set(key, { value, bytes });
    this.bytes = total;
    return bytes;
  }
}
