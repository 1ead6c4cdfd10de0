import type { IntentId, Kind } from '../intent.ts';
import type { Pieces } from '../whole/pieces.ts';
import { compareStamps, type Stamp } from './stamp.ts';

/** Of two writes the one with the higher stamp stays, whole; the other is as if it had never been. */
export class Cell {
  readonly kind: Kind;
  readonly key: string;
  private winner: { id: IntentId; stamp: Stamp; pieces: Pieces } | null = null;

  constructor(kind: Kind, key: string) {
    this.kind = kind;
    this.key = key;
  }

  /** By which write. */
  get written(): IntentId | null {
    return this.winner?.id ?? null;
  }

  get pieces(): Pieces {
    return this.winner?.pieces ?? [];
  }

  /** @param pieces is asked only if the write wins */
  write(id: IntentId, stamp: Stamp, pieces: () => Pieces): void {
    if (this.winner !== null && compareStamps(stamp, this.winner.stamp) < 0) return;
    this.winner = { id, stamp, pieces: pieces() };
  }
}
