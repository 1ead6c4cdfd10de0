import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { Arrival, Reached, Spread } from './spreads.ts';

/** How one broadcast has spread until a moment, in figures. */
export interface SpreadReadings {
  readonly id: string;
  readonly from: NodeId;
  readonly at: Milliseconds;
  /** Who lived when it was said, and all that it reached. */
  readonly nodes: number;
  /** In the order in which they knew. */
  readonly reached: readonly (Reached & { readonly afterMs: Milliseconds })[];
  /** Who lived when it was said and has not been told. */
  readonly missing: readonly NodeId[];
  /** When half of all knew; null as long as they do not. */
  readonly halfMs: Milliseconds | null;
  readonly lastMs: Milliseconds;
  /** How many were reached over so many links: from 0 on, without gaps. */
  readonly byHops: readonly number[];
  readonly byArrival: ReadonlyMap<Arrival, number>;
}

export function readSpread(
  { id, from, at, reached }: Spread,
  chronicle: Pick<Chronicle, 'nodes' | 'stateAt'>,
  now: Milliseconds,
): SpreadReadings {
  const known = [...reached.values()]
    .filter((each) => each.at <= now)
    .map((each) => ({ ...each, afterMs: Math.max(0, each.at - at) }))
    .sort((a, b) => a.afterMs - b.afterMs || a.hops - b.hops);
  const told = new Set(known.map(({ node }) => node));
  const missing = chronicle
    .nodes()
    .filter((node) => !told.has(node) && isThere(chronicle, node, at));
  const nodes = known.length + missing.length;
  const byHops = Array.from(
    { length: 1 + Math.max(0, ...known.map(({ hops }) => hops)) },
    (_, hops) => known.filter((each) => each.hops === hops).length,
  );
  const byArrival = new Map<Arrival, number>();
  for (const { by } of known) byArrival.set(by, (byArrival.get(by) ?? 0) + 1);
  return {
    id,
    from,
    at,
    nodes,
    reached: known,
    missing,
    halfMs: known[Math.ceil(nodes / 2) - 1]?.afterMs ?? null,
    lastMs: known.at(-1)?.afterMs ?? 0,
    byHops,
    byArrival,
  };
}

function isThere(chronicle: Pick<Chronicle, 'stateAt'>, node: NodeId, at: Milliseconds): boolean {
  const state = chronicle.stateAt(node, at);
  return state === 'up' || state === 'paused';
}
