import type { Milliseconds } from '../vocabulary.ts';
import { burstsOf, type Loss } from './burst-loss.ts';
import type { Latency } from './distribution.ts';
import { MAX_QUEUE_BYTES, type LinkRule } from './link-rule.ts';
import type { Bandwidth } from './token-bucket.ts';

/** All that befalls frames in one direction of a link, in the form that the shaper works with. */
export interface Conditions {
  readonly cut: boolean;
  readonly blackhole: boolean;
  /** A frame takes the sum of one draw from each. */
  readonly latencies: readonly Latency[];
  /** A frame is lost if any of these loses it. */
  readonly losses: readonly Loss[];
  /** The probability that a frame arrives twice. */
  readonly duplicate: number;
  readonly reorder: Reorder;
  /** The probability that a copy arrives with some bits flipped. */
  readonly corrupt: number;
  readonly bandwidth: Bandwidth | null;
}

/** Some frames are held back, so that those which follow within that time overtake them. */
interface Reorder {
  readonly probability: number;
  readonly holdMs: Milliseconds;
}

/** Long enough to be overtaken by whatever is sent in answer to one click, short enough that no failure detector convicts for it. */
const DEFAULT_REORDER_MS: Milliseconds = 100;

/** A router's usual share: what the line carries in a second, so that nothing waits longer. */
const DEFAULT_QUEUE_MS: Milliseconds = 1_000;

export const CLEAR: Conditions = {
  cut: false,
  blackhole: false,
  latencies: [],
  losses: [],
  duplicate: 0,
  reorder: { probability: 0, holdMs: 0 },
  corrupt: 0,
  bandwidth: null,
};

/** What one rule asks for. */
export function conditionsOf(rule: LinkRule): Conditions {
  const { cut = false, blackhole = false, duplicate = 0, corrupt = 0, reorder = 0 } = rule;
  return {
    cut,
    blackhole,
    latencies: latenciesOf(rule),
    losses: lossesOf(rule),
    duplicate,
    reorder: {
      probability: reorder,
      holdMs: reorder === 0 ? 0 : (rule.reorderMs ?? DEFAULT_REORDER_MS),
    },
    corrupt,
    bandwidth: bandwidthOf(rule),
  };
}

/**
 * Two rules for the same direction, together. What either closes is closed; times add up; a frame
 * must survive the losses of both; the slower line and its queue are what is felt, and the longer
 * hold. The order in which rules are composed does not matter, but for the order of the lists.
 */
export function compose(a: Conditions, b: Conditions): Conditions {
  return {
    cut: a.cut || b.cut,
    blackhole: a.blackhole || b.blackhole,
    latencies: [...a.latencies, ...b.latencies],
    losses: [...a.losses, ...b.losses],
    duplicate: either(a.duplicate, b.duplicate),
    reorder: {
      probability: either(a.reorder.probability, b.reorder.probability),
      holdMs: Math.max(a.reorder.holdMs, b.reorder.holdMs),
    },
    corrupt: either(a.corrupt, b.corrupt),
    bandwidth: narrower(a.bandwidth, b.bandwidth),
  };
}

/** The probability that at least one of two independent things happens. */
function either(p: number, q: number): number {
  return p + q - p * q;
}

function narrower(a: Bandwidth | null, b: Bandwidth | null): Bandwidth | null {
  if (a === null || b === null) return a ?? b;
  const difference =
    a.bytesPerSecond - b.bytesPerSecond ||
    a.queueBytes - b.queueBytes ||
    a.burstBytes - b.burstBytes;
  return difference <= 0 ? a : b;
}

function latenciesOf({ latencyMs = 0, jitterMs = 0, latencyShape }: LinkRule): Latency[] {
  if (latencyMs === 0) return [];
  const shape = jitterMs === 0 ? 'constant' : (latencyShape ?? 'uniform');
  return [{ shape, meanMs: latencyMs, spreadMs: jitterMs }];
}

function lossesOf({ loss = 0, lossBurst }: LinkRule): Loss[] {
  if (loss === 0) return [];
  if (lossBurst === undefined) return [{ kind: 'independent', probability: loss }];
  return [burstsOf(loss, lossBurst)];
}

function bandwidthOf({ bytesPerSecond, queueBytes, burstBytes = 0 }: LinkRule): Bandwidth | null {
  if (bytesPerSecond === undefined) return null;
  return {
    bytesPerSecond,
    queueBytes: queueBytes ?? Math.min(MAX_QUEUE_BYTES, (bytesPerSecond * DEFAULT_QUEUE_MS) / 1000),
    burstBytes,
  };
}
