import type { Disk } from './disk.ts';
import { LamportReserve } from './lamport-reserve.ts';
import { StableStore } from './stable-store.ts';
import type { Stamper } from './stamper.ts';

/** What may wait for the disk: a disk that hangs for longer loses what comes after, as a full queue does. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** So many empty messages take as much memory as they have bytes. */
const BYTES_BESIDE_A_MESSAGE = 256;

/** Something of a step that others will see: a message, or an answer to whoever asked. */
interface Output {
  readonly bytes: number;
  readonly leave: () => void;
  /** It leaves once this write is durable. Known when its step has ended. */
  after: number;
}

/**
 * Makes steps whole. All that a step stores becomes one write, and what it sends leaves only when
 * that write is durable: so nobody ever hears of something that its own sender may forget.
 *
 * There is one queue a node and not one a link: a later step may have read what an earlier one
 * stored, so its messages, wherever they go, depend on that write too.
 */
export class Steps {
  readonly store: StableStore;
  private readonly stamper: Stamper;
  private readonly disk: Disk | undefined;
  private readonly reserve: LamportReserve | null;
  private outputs: Output[] = [];
  /** What of `outputs` has left already. */
  private left = 0;
  /** What of `outputs` is of steps that have ended. */
  private tied = 0;
  private heldBytes = 0;
  private written = 0;
  private durable = 0;
  private durableCeiling: number;
  private running = false;
  private releasing = false;
  private frozen = false;
  private ended = false;

  constructor(disk: Disk | undefined, stamper: Stamper) {
    this.disk = disk;
    this.stamper = stamper;
    this.store = new StableStore(disk);
    this.reserve = disk === undefined ? null : new LamportReserve(this.store);
    // Nothing is reserved where nothing survives.
    this.durableCeiling = this.reserve?.start ?? Infinity;
    if (this.reserve !== null) stamper.startAt(this.reserve.start);
  }

  /** A step is running: what is called now is a part of it. */
  get within(): boolean {
    return this.running;
  }

  /** Runs one step to its end. A step within a step is a part of it. */
  run(act: () => void): void {
    if (this.running) return act();
    this.running = true;
    try {
      act();
      this.flush();
    } finally {
      this.running = false;
    }
    this.release();
  }

  /** Within a step: `leave` is called when the step's write is durable. False if too much waits. */
  output(bytes: number, leave: () => void): boolean {
    if (this.heldBytes + bytes + BYTES_BESIDE_A_MESSAGE > MAX_HELD_BYTES) return false;
    this.heldBytes += bytes + BYTES_BESIDE_A_MESSAGE;
    this.outputs.push({ bytes, leave, after: 0 });
    return true;
  }

  /** From now on nothing leaves; what was to leave waits for `thaw`. */
  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    this.release();
  }

  /** Nothing leaves any more. */
  end(): void {
    this.ended = true;
    this.outputs = [];
    this.left = 0;
    this.tied = 0;
  }

  /** Hands over what the step stored, and ties what it sends to that write. */
  private flush(): void {
    if (this.ended) return;
    this.reserve?.renew(this.stamper.lamport);
    const batch = this.store.takeBatch();
    if (batch !== null) {
      this.written += 1;
      this.write(this.written, batch.writes);
      this.stamper.happened({
        type: 'store',
        write: this.written,
        entries: batch.writes.length,
        bytes: batch.bytes,
      });
    }
    const { outputs, written } = this;
    for (let i = this.tied; i < outputs.length; i++) outputs[i]!.after = written;
    this.tied = outputs.length;
  }

  private write(number: number, writes: Parameters<Disk['write']>[0]): void {
    const ceiling = this.reserve?.ceiling ?? Infinity;
    const done = () => {
      if (this.ended) return;
      this.durable = number;
      this.durableCeiling = ceiling;
      this.release();
    };
    // Where nothing survives, nothing is worth waiting for.
    if (this.disk === undefined) this.durable = number;
    else this.disk.write(writes, done);
  }

  /** Lets go, in order, of all that waits for nothing any more. */
  private release(): void {
    if (this.left === this.tied || this.running || this.releasing || this.frozen) return;
    this.releasing = true;
    try {
      while (this.left < this.tied) {
        const output = this.outputs[this.left]!;
        if (output.after > this.durable || !this.mayStamp()) return;
        this.left += 1;
        this.heldBytes -= output.bytes + BYTES_BESIDE_A_MESSAGE;
        output.leave();
      }
    } finally {
      this.releasing = false;
      this.compact();
    }
  }

  /** Once half of the queue has left; so what is copied is never more than what has left. */
  private compact(): void {
    if (this.left === 0 || 2 * this.left < this.outputs.length) return;
    this.outputs = this.outputs.slice(this.left);
    this.tied -= this.left;
    this.left = 0;
  }

  /** A message takes the next Lamport number, which must not be above what is durably reserved. */
  private mayStamp(): boolean {
    if (this.stamper.lamport < this.durableCeiling) return true;
    // So many leave at once that they used up what was reserved when their step ended.
    if (this.stamper.lamport >= this.reserve!.ceiling) this.flush();
    return this.stamper.lamport < this.durableCeiling;
  }
}
