import type { TraceEvent } from '../../../src/trace/event.ts';
import { MAX_COUNTED_NODES } from '../../../src/trace/traffic.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { Slices } from './slices.ts';

const SECOND_MS: Milliseconds = 1_000;

interface Seen {
  readonly at: Milliseconds;
  readonly offsetMs: Milliseconds;
}

export interface OffsetReadings {
  readonly times: readonly Milliseconds[];
  /** By id; null for a second in which the node did nothing. */
  readonly nodes: readonly {
    readonly node: NodeId;
    readonly offsetMs: readonly (Milliseconds | null)[];
    readonly latestMs: Milliseconds;
  }[];
}

/** How far each node's wall clock was ahead of true time, second by second, as its events say. */
export class Offsets {
  private readonly seconds = new Slices<Map<NodeId, Seen>>(SECOND_MS, () => new Map());

  add({ node, at, wall }: TraceEvent): void {
    const second = this.seconds.at(at);
    if (second === undefined || (!second.has(node) && second.size >= MAX_COUNTED_NODES)) return;
    if (at >= (second.get(node)?.at ?? -Infinity)) second.set(node, { at, offsetMs: wall - at });
  }

  read(now: Milliseconds): OffsetReadings {
    const seconds = this.seconds.upTo(now);
    const nodes = new Set(seconds.flatMap(({ slice }) => [...(slice?.keys() ?? [])]));
    return {
      times: seconds.map(({ at }) => at),
      nodes: [...nodes].sort().map((node) => {
        const offsetMs = seconds.map(({ slice }) => slice?.get(node)?.offsetMs ?? null);
        return { node, offsetMs, latestMs: offsetMs.findLast((offset) => offset !== null)! };
      }),
    };
  }
}
