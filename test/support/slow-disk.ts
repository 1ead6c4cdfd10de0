import type { Disk, DiskWrite } from '../../src/runtime/disk.ts';
import type { Json } from '../../src/vocabulary.ts';

/** A disk in a test's hand: a write is durable when the test says so. */
export class SlowDisk implements Disk {
  readonly durable = new Map<string, Json>();
  private pending: { readonly batch: readonly DiskWrite[]; readonly done: () => void }[] = [];

  load(): Iterable<readonly [string, Json]> {
    return [...this.durable];
  }

  write(batch: readonly DiskWrite[], done: () => void): void {
    this.pending.push({ batch, done });
  }

  /** The writes under way, as the keys of each. */
  get waiting(): string[][] {
    return this.pending.map(({ batch }) => batch.map(({ key }) => key));
  }

  /** The oldest write becomes durable. */
  finishOne(): void {
    const { batch, done } = this.pending.shift()!;
    for (const { key, value } of batch) {
      if (value === undefined) this.durable.delete(key);
      else this.durable.set(key, value);
    }
    done();
  }

  finishAll(): void {
    while (this.pending.length > 0) this.finishOne();
  }

  crash(): void {
    this.pending = [];
  }
}
