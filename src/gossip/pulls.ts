import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { type SourceRun } from './broadcast.ts';

/** After so long without an answer others are asked for the same: a large answer over a slow link. */
export const PULL_PATIENCE_MS: Milliseconds = 3_000;

/**
 * What this node is waiting for, and from whom: so that it asks for nothing twice, however many
 * neighbours could give it. One question a neighbour at a time.
 */
export class Pulls {
  private readonly open = new Map<
    NodeId,
    { readonly runs: readonly SourceRun[]; readonly until: Milliseconds }
  >();

  begin(from: NodeId, runs: readonly SourceRun[], now: Milliseconds): void {
    this.open.set(from, { runs, until: now + PULL_PATIENCE_MS });
  }

  /** The link broke, or it has answered. Says what was asked for. */
  end(from: NodeId): readonly SourceRun[] {
    const runs = this.open.get(from)?.runs ?? [];
    this.open.delete(from);
    return runs;
  }

  isWaitingFor(from: NodeId, now: Milliseconds): boolean {
    return (this.open.get(from)?.until ?? -Infinity) > now;
  }

  /** Is anybody busy sending broadcasts of this run? */
  covers({ origin, life, first, last }: SourceRun, now: Milliseconds): boolean {
    for (const { runs, until } of this.open.values()) {
      if (until <= now) continue;
      for (const run of runs) {
        if (run.origin !== origin || run.life !== life) continue;
        if (run.first <= last && first <= run.last) return true;
      }
    }
    return false;
  }
}
