import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds } from '../vocabulary.ts';
import { idOf, sourceKey, type Arrival, type Broadcast, type Past } from './broadcast.ts';
import { MAX_SOURCES, type BroadcastStore } from './broadcast-store.ts';
import type { GossipMessage } from './messages.ts';
import { missing, type Heard } from './sequences.ts';

/**
 * Causal delivery: a broadcast is held back until all that its origin had delivered before it has been
 * delivered here. Each one carries that past whole, one number for each life that was heard of, so it
 * can be judged by whoever gets it, whatever else got lost. The rules CAUSAL-1 to CAUSAL-6 stand in
 * README.md.
 */

/** Longer than it takes to fetch what is missing, or to find out that nobody has it any more. */
export const MAX_HELD_MS: Milliseconds = 10_000;

/** A burst of a whole class behind one broadcast that got lost. Then the one held longest is let go. */
export const MAX_HELD = 1_024;
export const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** A broadcast that waits for others. */
interface Held {
  readonly broadcast: Broadcast;
  readonly by: Arrival;
  readonly since: Milliseconds;
}

/** How a broadcast came to be delivered when it was. */
export interface Waited {
  readonly heldMs: Milliseconds;
  /** Something of its past has not come, and was not waited for any longer. */
  readonly outOfOrder: boolean;
}

export type Deliver = (broadcast: Broadcast, by: Arrival, waited: Waited) => void;

export class HoldBack {
  private readonly host: Host<GossipMessage>;
  private readonly store: BroadcastStore;
  private readonly deliver: Deliver;
  /** By id, in the order of their coming. */
  private readonly held = new Map<string, Held>();
  /** By the source whose next delivery they wait for. */
  private readonly waiting = new Map<string, Set<Held>>();
  /** By source, up to where what has not come is not waited for any longer. */
  private readonly waived = new Map<string, number>();
  private readonly ready: Held[] = [];
  private isReleasing = false;
  private bytes = 0;
  private cancel: Cancel | null = null;

  /** @param deliver is called for each broadcast when it is its turn */
  constructor(host: Host<GossipMessage>, store: BroadcastStore, deliver: Deliver) {
    this.host = host;
    this.store = store;
    this.deliver = deliver;
  }

  get size(): number {
    return this.held.size;
  }

  /** A broadcast has come: it is delivered now or later, but it is. */
  take(broadcast: Broadcast, by: Arrival): void {
    const held = { broadcast, by, since: this.host.monotonic() };
    const blocker = this.blockerOf(broadcast);
    if (blocker === undefined) return this.release(held);
    const id = idOf(broadcast);
    this.held.set(id, held);
    this.bytes += broadcast.bytes;
    this.wait(held, blocker);
    this.host.record('held', { id, from: broadcast.origin, for: blocker });
    while (this.held.size > MAX_HELD || this.bytes > MAX_HELD_BYTES) this.letGo(this.oldest()!);
    this.arm();
  }

  /** This node's own is never held: it has delivered what came before. */
  own(broadcast: Broadcast): void {
    this.release({ broadcast, by: 'origin', since: this.host.monotonic() });
  }

  /** More of a source counts as delivered, by other ways than through here. */
  advanced(key: string): void {
    const waiters = this.waiting.get(key);
    this.waiting.delete(key);
    for (const held of waiters ?? []) {
      const blocker = this.blockerOf(held.broadcast);
      if (blocker !== undefined) this.wait(held, blocker);
      else this.release(held);
    }
  }

  /** Causes do not count any longer: whatever is held is delivered. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
    for (let held = this.oldest(); held !== undefined; held = this.oldest()) this.letGo(held);
  }

  private oldest(): Held | undefined {
    return this.held.values().next().value;
  }

  /** It, and whatever waited for it alone. */
  private release(held: Held): void {
    if (this.held.delete(idOf(held.broadcast))) this.bytes -= held.broadcast.bytes;
    this.ready.push(held);
    // Who listens may broadcast, which must not deliver in the midst of another delivery.
    if (this.isReleasing) return;
    this.isReleasing = true;
    try {
      for (let next = this.ready.shift(); next !== undefined; next = this.ready.shift()) {
        const { broadcast, by, since } = next;
        const outOfOrder = pastOf(broadcast).some((past) => this.isUnmet(past));
        this.deliver(broadcast, by, { heldMs: this.host.monotonic() - since, outOfOrder });
        this.advanced(sourceKey(broadcast.origin, broadcast.life));
      }
    } finally {
      this.isReleasing = false;
    }
  }

  /** Without what it waits for, which nobody else shall wait for either. */
  private letGo(held: Held): void {
    const unmet = pastOf(held.broadcast).filter((past) => this.isUnmet(past));
    for (const { origin, life, upTo } of unmet) {
      const key = sourceKey(origin, life);
      const waived = Math.max(upTo, this.waived.get(key) ?? 0);
      this.waived.delete(key);
      if (this.waived.size === MAX_SOURCES) this.waived.delete(this.waived.keys().next().value!);
      this.waived.set(key, waived);
    }
    for (const waiters of this.waiting.values()) waiters.delete(held);
    this.release(held);
    for (const { origin, life } of unmet) this.advanced(sourceKey(origin, life));
  }

  private wait(held: Held, blocker: string): void {
    const waiters = this.waiting.get(blocker);
    if (waiters === undefined) this.waiting.set(blocker, new Set([held]));
    else waiters.add(held);
  }

  /** A source of which something has to be delivered first. */
  private blockerOf(broadcast: Broadcast): string | undefined {
    for (const { origin, life, upTo } of pastOf(broadcast)) {
      const key = sourceKey(origin, life);
      const delivered = this.store.source(origin, life)?.delivered ?? NOTHING;
      const first = (this.waived.get(key) ?? 0) + 1;
      if (missing(delivered, { first, last: upTo }).length > 0) return key;
    }
    return undefined;
  }

  private isUnmet({ origin, life, upTo }: Past): boolean {
    return (this.store.source(origin, life)?.delivered.upTo ?? 0) < upTo;
  }

  private arm(): void {
    const oldest = this.oldest();
    if (oldest === undefined || this.cancel !== null) return;
    this.cancel = this.host.after(Math.max(0, this.leftOf(oldest)), () => {
      this.cancel = null;
      for (let held = this.oldest(); held !== undefined; held = this.oldest()) {
        // A timer may be early by a rounding.
        if (this.leftOf(held) >= 1) break;
        this.letGo(held);
      }
      this.arm();
    });
  }

  private leftOf({ since }: Held): Milliseconds {
    return since + MAX_HELD_MS - this.host.monotonic();
  }
}

const NOTHING: Heard = { upTo: 0, beyond: [] };

/** What this node has delivered of every other life: the past of what it broadcasts now. */
export function deliveredPast(store: BroadcastStore, own: string): Past[] {
  return [...store.sources()].flatMap(({ key, origin, life, delivered: { newest } }) =>
    key === own || newest === 0 ? [] : [{ origin, life, upTo: newest }],
  );
}

/** All that comes before a broadcast, its origin's own one before it first. */
function pastOf({ origin, life, sequence, after }: Broadcast): readonly Past[] {
  return sequence === 1 ? after : [{ origin, life, upTo: sequence - 1 }, ...after];
}
