import type { Tick } from '../clocks/tick.ts';
import type { VectorEntries, VectorSnapshot } from '../clocks/vector.ts';
import { NODE_ID_LENGTH, type NodeId } from '../vocabulary.ts';
import { ByteWriter, MAX_VARINT_BYTES, varintBytes } from './bytes.ts';

const MAX_ENTRY_BYTES = NODE_ID_LENGTH + MAX_VARINT_BYTES;

/** How many bytes the entries take in a frame. */
export function vectorBytes({ ids, ticks }: VectorEntries): number {
  let bytes = varintBytes(ids.length) + ids.length * NODE_ID_LENGTH;
  for (let i = 0; i < ticks.length; i++) bytes += varintBytes(ticks[i]!);
  return bytes;
}

/** How many bytes a node's snapshots take, counted anew only when the node has heard something. */
export class VectorSize {
  private ticks: readonly Tick[] | null = null;
  private bytes = 0;

  of(snapshot: VectorSnapshot): number {
    const { ticks, ownAt, own } = snapshot;
    if (ticks !== this.ticks) {
      this.ticks = ticks;
      this.bytes = vectorBytes(snapshot) - varintBytes(ticks[ownAt]!);
    }
    return this.bytes + varintBytes(own);
  }
}

/**
 * The bytes of a vector clock as its node's frames carry them, kept from one frame to the next:
 * between two sends few ticks rise, and the ids stay. Writing only what rose takes a tenth of the
 * time for 30 entries.
 */
export class VectorImage {
  private readonly writer = new ByteWriter(256);
  private view = this.writer.written();
  private ids: readonly NodeId[] = [];
  private readonly ticks: Tick[] = [];
  /** Where each tick stands. */
  private readonly places: number[] = [];

  /** In place: gone with the next call. */
  bytesOf(entries: VectorEntries): Uint8Array {
    if (entries.ids !== this.ids || !this.renew(entries.ticks)) this.writeAll(entries);
    return this.view;
  }

  /** False if a tick needs more room than it has. */
  private renew(ticks: readonly Tick[]): boolean {
    for (let i = 0; i < ticks.length; i++) {
      const tick = ticks[i]!;
      const before = this.ticks[i]!;
      if (tick === before) continue;
      if (varintBytes(tick) !== varintBytes(before)) return false;
      this.writer.varintAt(this.places[i]!, tick);
      this.ticks[i] = tick;
    }
    return true;
  }

  private writeAll({ ids, ticks }: VectorEntries): void {
    const { writer } = this;
    this.ids = ids;
    writer.begin(MAX_VARINT_BYTES + ids.length * MAX_ENTRY_BYTES);
    writer.varint(ids.length);
    for (let i = 0; i < ids.length; i++) {
      writer.ascii(ids[i]!);
      this.places[i] = writer.position;
      this.ticks[i] = ticks[i]!;
      writer.varint(ticks[i]!);
    }
    this.view = writer.written();
  }
}
