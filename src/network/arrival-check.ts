import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Conditions } from './conditions.ts';
import { MAX_IN_FLIGHT_BYTES } from './in-flight.ts';
import type { RefusalCause } from './link-counts.ts';
import { LinkRules, NO_RULES, type RulesDocument } from './rules-document.ts';
import { MAX_QUEUE_MS, TokenBucket } from './token-bucket.ts';

/**
 * Within this time of this node's own hearing an honest sender has heard of a network too, and what
 * it sent before has come. Every tab is to feel a change within 300 ms; this is ten times as long, for
 * the slowest machine of a class. A cut or a blackhole waits for nobody.
 */
export const GRACE_MS: Milliseconds = 3_000;

/** No sender is that much further than this node: it is no label, but the first bytes of a frame. */
export const MAX_AHEAD = 1_000_000;

/** A line may be a little faster than it says: clocks of computers differ, and every frame counts whole. */
const RATE_SLACK = 1.1;

/** What is known of one direction that ends here, while a rule speaks of it. */
interface Way {
  readonly conditions: Conditions;
  readonly written: string;
  /** The network that made it what it is. */
  readonly since: number;
  readonly takenAt: Milliseconds;
  readonly police: TokenBucket | null;
}

/**
 * The receiver's own look at each frame: whoever does not obey the rules of its direction gets nothing
 * through. Each frame says which network its sender obeys. The rules RULED-4 to 7 are in README.md.
 */
export class ArrivalCheck {
  private readonly self: NodeId;
  private readonly ways = new Map<NodeId, Way>();
  private rules = new LinkRules(NO_RULES);

  constructor(self: NodeId) {
    this.self = self;
  }

  take(document: RulesDocument, rules: LinkRules, now: Milliseconds): void {
    this.rules = rules;
    const senders = new Set(
      document.rules.flatMap(({ from, to }) => (to === this.self ? from : [])),
    );
    for (const from of this.ways.keys()) if (!senders.has(from)) this.ways.delete(from);
    for (const from of senders) {
      const conditions = rules.conditions(from, this.self);
      const written = JSON.stringify(conditions);
      if (conditions === undefined) this.ways.delete(from);
      else if (this.ways.get(from)?.written !== written) {
        const police = policeOf(conditions, now);
        this.ways.set(from, { conditions, written, since: rules.version, takenAt: now, police });
      }
    }
  }

  /** Null if the frame may come in. @param label null if it carries none */
  refuses(
    from: NodeId,
    label: number | null,
    bytes: number,
    now: Milliseconds,
  ): RefusalCause | null {
    if (label === null || label > this.rules.version + MAX_AHEAD) return 'unlabelled';
    if (this.rules.cutsWay(from, this.self)) return 'cut';
    const way = this.ways.get(from);
    if (way === undefined) return null;
    if (way.conditions.blackhole) return 'blackhole';
    if (label < way.since && now - way.takenAt > GRACE_MS) return 'outdated';
    return way.police?.take(now, bytes) === null ? 'too-fast' : null;
  }
}

/**
 * Holds a sender to the rate of its line in the long run. Less than that would also hit the honest:
 * what it had accepted before may come in one piece, as may all that came while this node was frozen.
 */
function policeOf({ bandwidth, duplicate }: Conditions, now: Milliseconds): TokenBucket | null {
  if (bandwidth === null) return null;
  // Twice what is sent may come where frames are doubled.
  const copies = duplicate > 0 ? 2 : 1;
  const bytesPerSecond = bandwidth.bytesPerSecond * copies * RATE_SLACK;
  const burstBytes =
    (bytesPerSecond * MAX_QUEUE_MS) / 1000 + copies * (bandwidth.burstBytes + MAX_IN_FLIGHT_BYTES);
  return new TokenBucket({ bytesPerSecond, queueBytes: 0, burstBytes }, now);
}
