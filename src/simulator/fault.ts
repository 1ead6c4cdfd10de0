import { shuffled } from '../runtime/shuffled.ts';
import type { Milliseconds } from '../vocabulary.ts';
import type { Random } from './random.ts';

/** What the nemesis does. Nodes are meant by their index; what has `forMs` ends by itself. */
export type Fault = { readonly at: Milliseconds } & (
  | { readonly kind: 'kill'; readonly node: number }
  /** A crash, and after `forMs` a restart with its disk. */
  | { readonly kind: 'crash'; readonly node: number; readonly forMs: Milliseconds }
  /** The same, but the disk is empty. */
  | { readonly kind: 'wipe'; readonly node: number; readonly forMs: Milliseconds }
  | { readonly kind: 'pause'; readonly node: number; readonly forMs: Milliseconds }
  | {
      readonly kind: 'cut' | 'one-way' | 'blackhole';
      readonly node: number;
      readonly other: number;
      readonly forMs: Milliseconds;
    }
  /** Nothing passes between these nodes and all others. */
  | {
      readonly kind: 'partition';
      readonly nodes: readonly number[];
      readonly style: 'cut' | 'blackhole';
      readonly forMs: Milliseconds;
    }
  /** The nodes lose the network one after the other, and get it back in another order. */
  | {
      readonly kind: 'swizzle';
      readonly nodes: readonly number[];
      readonly back: readonly number[];
      readonly stepMs: Milliseconds;
    }
  | { readonly kind: 'clock-jump'; readonly node: number; readonly byMs: Milliseconds }
  | {
      readonly kind: 'drift';
      readonly node: number;
      readonly ppm: number;
      readonly forMs: Milliseconds;
    }
);

export type FaultKind = Fault['kind'];

/** For whatever has to live through all that a nemesis can do; a seed draws by the place in this list. */
export const ALL_FAULTS: readonly FaultKind[] = [
  'kill',
  'crash',
  'wipe',
  'pause',
  'cut',
  'one-way',
  'blackhole',
  'partition',
  'swizzle',
  'clock-jump',
  'drift',
];

/** How many faults of each kind a seed draws at most: enough to meet each other, few enough to read. */
const MAX_OF_A_KIND = 3;

/** Half of the kinds stay out of a seed, so that the others are also seen without them. */
const KIND_IS_IN = 0.5;

/** Longer than the detector's patience, so that some faults are noticed and others are not. */
const MAX_FAULT_MS: Milliseconds = 15_000;

/** A clock that a person set wrong by an hour, either way. */
const MAX_JUMP_MS: Milliseconds = 3_600_000;

/** Far worse than any quartz (100 ppm): what goes wrong with drift must go wrong soon. */
const MAX_DRIFT_PPM = 50_000;

/**
 * Draws the faults of a run. Each kind has a generator of its own: what one kind draws does not
 * depend on which others take part.
 */
export function drawFaults(
  random: Random,
  kinds: readonly FaultKind[],
  nodes: number,
  untilMs: Milliseconds,
): readonly Fault[] {
  return kinds
    .flatMap((kind) => {
      const own = random.fork(kind);
      const count = own.next() < KIND_IS_IN ? 1 + own.below(MAX_OF_A_KIND) : 0;
      return Array.from({ length: count }, () => drawFault(own, kind, nodes, untilMs));
    })
    .sort((a, b) => a.at - b.at);
}

function drawFault(random: Random, kind: FaultKind, nodes: number, untilMs: Milliseconds): Fault {
  const at = random.below(untilMs);
  const node = random.below(nodes);
  const forMs = 1 + random.below(MAX_FAULT_MS);
  const all = Array.from({ length: nodes }, (_, index) => index);
  switch (kind) {
    case 'kill':
      return { kind, at, node };
    case 'crash':
    case 'wipe':
    case 'pause':
      return { kind, at, node, forMs };
    case 'cut':
    case 'one-way':
    case 'blackhole':
      return { kind, at, node, other: (node + 1 + random.below(nodes - 1)) % nodes, forMs };
    case 'partition': {
      const side = shuffled(all, random.next).slice(0, 1 + random.below(nodes - 1));
      return { kind, at, nodes: side, style: random.next() < 0.5 ? 'cut' : 'blackhole', forMs };
    }
    case 'swizzle': {
      const some = shuffled(all, random.next).slice(0, 1 + random.below(nodes));
      const back = shuffled(some, random.next);
      return { kind, at, nodes: some, back, stepMs: 1 + random.below(2_000) };
    }
    case 'clock-jump':
      return { kind, at, node, byMs: Math.round((2 * random.next() - 1) * MAX_JUMP_MS) };
    case 'drift':
      return { kind, at, node, ppm: Math.round((2 * random.next() - 1) * MAX_DRIFT_PPM), forMs };
  }
}
