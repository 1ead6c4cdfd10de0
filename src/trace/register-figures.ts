import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { REQUEST_KINDS, type CoordinationNotes, type RegisterRequest, type RequestKind } from './coordination-notes.ts'; // prettier-ignore
import { LogHistogram } from './log-histogram.ts';

/** How requests ended. */
export interface Tally {
  readonly asked: number;
  readonly answered: number;
  readonly refused: number;
  readonly unknown: number;
  /** Not ended yet, or nobody told how. */
  readonly open: number;
  /** Of those that ended: answered, as a share; null where none has ended. */
  readonly availability: number | null;
}

export interface Latencies {
  readonly count: number;
  readonly p50: Milliseconds;
  readonly p95: Milliseconds;
  readonly p99: Milliseconds;
}

export interface Staleness {
  readonly reads: number;
  /** Reads whose value had been replaced, by a put that was done before they were asked. */
  readonly stale: number;
  /** For how long it had been, at the most. */
  readonly worstMs: Milliseconds;
}

export interface KindFigures {
  readonly kind: RequestKind;
  /** Of what was asked while nothing was split. */
  readonly whole: Tally;
  /** Of what was asked during splits, side by side, the largest first. */
  readonly sides: readonly { readonly nodes: readonly NodeId[]; readonly tally: Tally }[];
  /** Of what was answered. */
  readonly latency: { readonly whole: Latencies | null; readonly split: Latencies | null };
  readonly staleness: { readonly whole: Staleness; readonly split: Staleness };
  /** All that its protocols sent, heartbeats and comparisons included. */
  readonly bytesPerRequest: number | null;
}

/** What a kind's requests cost on the wire; what clients and the nodes that they ask say to each other is the same for all. */
const PROTOCOLS: { readonly [Kind in RequestKind]: readonly string[] } = {
  cp: ['kv', 'election'],
  ap: ['ap'],
  quorum: ['quorum'],
};

export function figuresOf(notes: CoordinationNotes): KindFigures[] {
  const all = notes.requests.map((request) => ({ request, side: sideOf(notes, request) }));
  return REQUEST_KINDS.map((kind) => {
    const mine = all.filter(({ request }) => request.kind === kind);
    const whole = mine.filter(({ side }) => side === null).map(({ request }) => request);
    const split = mine.filter(({ side }) => side !== null);
    const parted = split.map(({ request }) => request);
    const staleFor = stalenessOf(mine.map(({ request }) => request));
    const bytes = PROTOCOLS[kind].reduce((sum, protocol) => sum + notes.bytesOf(protocol), 0);
    return {
      kind,
      whole: tallyOf(whole),
      sides: bySide(split).map(({ nodes, requests }) => ({ nodes, tally: tallyOf(requests) })),
      latency: { whole: latenciesOf(whole), split: latenciesOf(parted) },
      staleness: { whole: summed(whole, staleFor), split: summed(parted, staleFor) },
      bytesPerRequest: mine.length === 0 ? null : bytes / mine.length,
    };
  });
}

export function tallyOf(requests: readonly RegisterRequest[]): Tally {
  const count = (outcome: string | undefined) =>
    requests.filter(({ ended }) => ended?.outcome === outcome).length;
  const [answered, refused, unknown] = [count('ok'), count('refused'), count('unknown')];
  const ended = answered + refused + unknown;
  return {
    ...{ asked: requests.length, answered, refused, unknown, open: count(undefined) },
    availability: ended === 0 ? null : answered / ended,
  };
}

/** The nodes of the client's side as it asked; null if nothing was split. */
function sideOf({ splits }: CoordinationNotes, request: RegisterRequest): readonly NodeId[] | null {
  const sides = splits.at(request.askedAt)?.sides ?? [];
  if (sides.length < 2) return null;
  return sides.find((side) => side.includes(request.node)) ?? null;
}

interface Parted {
  readonly request: RegisterRequest;
  readonly side: readonly NodeId[] | null;
}

function bySide(all: readonly Parted[]) {
  const sides = new Map<string, { nodes: readonly NodeId[]; requests: RegisterRequest[] }>();
  for (const { request, side } of all) {
    const id = side!.join(' ');
    const known = sides.get(id) ?? { nodes: side!, requests: [] };
    known.requests.push(request);
    sides.set(id, known);
  }
  return [...sides.values()].sort((a, b) => b.nodes.length - a.nodes.length);
}

function latenciesOf(requests: readonly RegisterRequest[]): Latencies | null {
  const histogram = new LogHistogram();
  for (const { askedAt, ended } of requests)
    if (ended?.outcome === 'ok') histogram.add(ended.at - askedAt);
  if (histogram.count === 0) return null;
  const [p50, p95, p99] = histogram.percentiles([0.5, 0.95, 0.99]);
  return { count: histogram.count, p50: p50!, p95: p95!, p99: p99! };
}

/**
 * Of each read: for how long its value had been replaced when it was asked for, by a put that began
 * after that value's own had ended, and was done before the read began. 0 for one that is not stale;
 * undefined where nobody told who put the value.
 */
export function stalenessOf(
  requests: readonly RegisterRequest[],
): Map<RegisterRequest, Milliseconds> {
  const puts = new Map<string, RegisterRequest[]>();
  for (const request of requests) {
    if (request.do !== 'put') continue;
    const known = puts.get(request.key) ?? [];
    puts.set(request.key, known);
    known.push(request);
  }
  for (const known of puts.values()) known.sort((a, b) => endedAt(a) - endedAt(b));
  const staleFor = new Map<RegisterRequest, Milliseconds>();
  for (const read of requests) {
    if (read.do !== 'get' || read.ended?.outcome !== 'ok') continue;
    const replacedAt = replacementOf(read, puts.get(read.key) ?? []);
    if (replacedAt !== undefined) staleFor.set(read, Math.max(0, read.askedAt - replacedAt));
  }
  return staleFor;
}

const NOTHING = 'null';

/** When its value was replaced first; Infinity if it was not; undefined if it is not known who put it. */
function replacementOf(
  { ended }: RegisterRequest,
  puts: readonly RegisterRequest[],
): Milliseconds | undefined {
  const value = ended!.value ?? NOTHING;
  const own = puts.filter((put) => put.value === value);
  if (own.length === 0 && value !== NOTHING) return undefined;
  // Of equal values, the newest: nothing is held against a read that may be right.
  const begun = value === NOTHING && own.length === 0 ? -Infinity : Math.max(...own.map(endedAt));
  const next = puts.find(({ askedAt, ended: end }) => end?.outcome === 'ok' && askedAt > begun);
  return next === undefined ? Infinity : endedAt(next);
}

/** A put that is not known to have ended may take effect at any time. */
function endedAt({ ended }: RegisterRequest): Milliseconds {
  return ended?.outcome === 'ok' ? ended.at : Infinity;
}

function summed(
  requests: readonly RegisterRequest[],
  staleFor: ReadonlyMap<RegisterRequest, Milliseconds>,
): Staleness {
  const judged = requests.flatMap((request) => staleFor.get(request) ?? []);
  const stale = judged.filter((ms) => ms > 0);
  return { reads: judged.length, stale: stale.length, worstMs: Math.max(0, ...stale) };
}
