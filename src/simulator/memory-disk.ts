import type { Disk, DiskWrite } from '../runtime/disk.ts';
import type { Json, Milliseconds } from '../vocabulary.ts';
import { copyJson } from '../wire/json.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Pending {
  readonly batch: readonly DiskWrite[];
  readonly done: () => void;
}

/** A disk that outlives the lives of its node, and loses in a crash what a real one may lose. */
export class MemoryDisk implements Disk {
  private readonly time: VirtualTime;
  private readonly random: Random;
  private readonly maxWriteMs: Milliseconds;
  private readonly durable = new Map<string, Json>();
  private pending: Pending[] = [];
  /** When the write given last will be durable: the next one must not be earlier. */
  private busyUntil: Milliseconds = 0;

  /** @param maxWriteMs a write takes up to so long, drawn for each */
  constructor(time: VirtualTime, random: Random, maxWriteMs: Milliseconds) {
    this.time = time;
    this.random = random;
    this.maxWriteMs = maxWriteMs;
  }

  load(): Iterable<readonly [string, Json]> {
    return [...this.durable].map(([key, value]) => [key, copyJson(value)] as const);
  }

  write(batch: readonly DiskWrite[], done: () => void): void {
    const write = { batch, done };
    this.pending.push(write);
    const finished = this.time.now() + this.random.next() * this.maxWriteMs;
    this.busyUntil = Math.max(this.busyUntil, finished);
    this.time.at(this.busyUntil, () => {
      // A crash has decided its fate already.
      if (this.pending[0] !== write) return;
      this.pending.shift();
      this.apply(batch);
      done();
    });
  }

  /** What was not durable survives up to some write, drawn here, and is lost from there on. */
  crash(): void {
    const survivors = this.random.below(this.pending.length + 1);
    for (const { batch } of this.pending.slice(0, survivors)) this.apply(batch);
    this.pending = [];
  }

  wipe(): void {
    this.pending = [];
    this.durable.clear();
  }

  private apply(batch: readonly DiskWrite[]): void {
    for (const { key, value } of batch) {
      if (value === undefined) this.durable.delete(key);
      else this.durable.set(key, value);
    }
  }
}
