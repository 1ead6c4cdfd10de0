import type { Milliseconds } from '../vocabulary.ts';

/** Half of the most that one chunk holds: moving so many entries costs less than finding the chunk. */
const CHUNK = 256;

/**
 * Things in the order of their times, in whatever order they come. Adding, removing and finding a
 * time take O(log n + a chunk): one long array would be moved as a whole whenever its oldest goes.
 */
export class ByTime<T> {
  private readonly timeOf: (item: T) => Milliseconds;
  /** Sorted, none of them empty. */
  private readonly chunks: T[][] = [];
  private count = 0;

  constructor(timeOf: (item: T) => Milliseconds) {
    this.timeOf = timeOf;
  }

  get size(): number {
    return this.count;
  }

  get first(): T | undefined {
    return this.chunks[0]?.[0];
  }

  get last(): T | undefined {
    return this.chunks.at(-1)?.at(-1);
  }

  /** After those of the same time. */
  add(item: T): void {
    const time = this.timeOf(item);
    this.count += 1;
    const index = this.chunkOf(time);
    const chunk = this.chunks[index];
    if (chunk === undefined) {
      this.chunks.push([item]);
      return;
    }
    const at = firstIndex(chunk.length, (i) => this.timeOf(chunk[i]!) > time);
    if (at === chunk.length) chunk.push(item);
    else chunk.splice(at, 0, item);
    if (chunk.length > 2 * CHUNK) this.chunks.splice(index + 1, 0, chunk.splice(CHUNK));
  }

  remove(item: T): void {
    const time = this.timeOf(item);
    for (let index = this.chunkBefore(time); index < this.chunks.length; index++) {
      const chunk = this.chunks[index]!;
      if (this.timeOf(chunk[0]!) > time) return;
      const from = firstIndex(chunk.length, (i) => this.timeOf(chunk[i]!) >= time);
      const at = chunk.indexOf(item, from);
      if (at < 0) continue;
      chunk.splice(at, 1);
      if (chunk.length === 0) this.chunks.splice(index, 1);
      this.count -= 1;
      return;
    }
  }

  /** Those later than `from`, up to `to` and with it. */
  between(from: Milliseconds, to: Milliseconds): T[] {
    const found: T[] = [];
    for (let index = this.chunkOf(from); index < this.chunks.length; index++) {
      const chunk = this.chunks[index]!;
      if (this.timeOf(chunk[0]!) > to) break;
      const start = firstIndex(chunk.length, (i) => this.timeOf(chunk[i]!) > from);
      for (let i = start; i < chunk.length && this.timeOf(chunk[i]!) <= to; i++) {
        found.push(chunk[i]!);
      }
    }
    return found;
  }

  /** The first one that is later than `time`. */
  after(time: Milliseconds): T | undefined {
    const index = this.chunkOf(time);
    const chunk = this.chunks[index];
    if (chunk === undefined) return undefined;
    const at = firstIndex(chunk.length, (i) => this.timeOf(chunk[i]!) > time);
    return chunk[at] ?? this.chunks[index + 1]?.[0];
  }

  /** The last one that is earlier than `time`. */
  before(time: Milliseconds): T | undefined {
    const chunk = this.chunks[this.chunkBefore(time)];
    if (chunk === undefined) return undefined;
    return chunk[firstIndex(chunk.length, (i) => this.timeOf(chunk[i]!) >= time) - 1];
  }

  /** The last chunk that begins before `time`: whatever is of that time or later is in it or after it. */
  private chunkBefore(time: Milliseconds): number {
    return Math.max(0, firstIndex(this.chunks.length, (i) => this.startOf(i) >= time) - 1);
  }

  /** The last chunk that begins at `time` or before it: the place for what is of that time. */
  private chunkOf(time: Milliseconds): number {
    return Math.max(0, firstIndex(this.chunks.length, (i) => this.startOf(i) > time) - 1);
  }

  private startOf(index: number): Milliseconds {
    return this.timeOf(this.chunks[index]![0]!);
  }
}

/** Of the whole numbers from `start` to `end`, the first that `holds` is true of, as of all after it. */
export function firstIndex(end: number, holds: (index: number) => boolean, start = 0): number {
  while (start < end) {
    const middle = (start + end) >> 1;
    if (holds(middle)) end = middle;
    else start = middle + 1;
  }
  return start;
}
