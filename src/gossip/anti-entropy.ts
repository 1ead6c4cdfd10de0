import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Source } from './broadcast.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import { choose } from './choose.ts';
import { digestOf, isAheadOf, lackingOf, summaryOf } from './digest.ts';
import type { GossipMessage, Kind } from './messages.ts';
import { Repairs } from './repairs.ts';

/**
 * Anti-entropy: from time to time a node compares with one of its neighbours what they have heard, and
 * each asks the other for what it lacks. It finds whatever the strategies missed: by loss, by a cut,
 * because a node came late. The rules ENTROPY-1 to ENTROPY-7 stand in README.md.
 *
 *     a                                    b
 *     | ------- summary: one number -----> |  b has heard the same: silence. Else
 *     | <------ digest: what b heard ----- |
 *     | ------- digest: what a heard ----> |  if a has something that b lacks
 *     | ------- want: some runs ---------> |  if b has something that a lacks; b likewise
 *     | <------ repair ------------------- |  while there is more of it, a asks on
 */

/** While there is news: what a link lost is found within a few of these, whoever compares first. */
export const PERIOD_MS: Milliseconds = 1_000;

/** Where all is silent each comparison comes twice as late as the one before, down to this pace. */
export const SLOWEST_PERIOD_MS: Milliseconds = 4_000;

/** What was repaired here others lack too: who compares again soon passes it on as a rumour would. */
export const SOON_MS: Milliseconds = 150;

/** Gaps grow by up to this share, so that nodes do not fall into step. */
const JITTER = 0.1;

export class AntiEntropy {
  readonly repairs: Repairs;
  private readonly host: Host<GossipMessage>;
  private readonly store: BroadcastStore;
  private readonly onGivenUp: (lost: Source & { readonly count: number }) => void;
  private period: Milliseconds = PERIOD_MS;
  /** Something was new since the last comparison. */
  private isStirred = false;
  private partner: NodeId | null = null;
  private nextAt: Milliseconds = Infinity;
  private cancel: Cancel | null = null;
  private comparisons = 0;

  /** @param onGivenUp nobody who was asked has these any more */
  constructor(
    host: Host<GossipMessage>,
    store: BroadcastStore,
    onGivenUp: (lost: Source & { readonly count: number }) => void,
  ) {
    this.host = host;
    this.store = store;
    this.onGivenUp = onGivenUp;
    this.repairs = new Repairs(host, store, () => this.quicken(SOON_MS));
  }

  get isRunning(): boolean {
    return this.cancel !== null;
  }

  get made(): number {
    return this.comparisons;
  }

  start(): void {
    this.period = PERIOD_MS;
    this.arm(this.period);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.nextAt = Infinity;
    this.repairs.stop();
  }

  /** Something was new here: it is worth comparing at the quick pace. */
  stir(): void {
    this.isStirred = true;
    this.quicken(PERIOD_MS);
  }

  /** At once: behind a link that opens there may be a whole part of the room. One end begins. */
  neighbourUp(id: NodeId): void {
    this.stir();
    if (this.isRunning && this.host.self < id) this.compareWith(id);
  }

  /** This node slept, and has missed what was told meanwhile. */
  resumed(): void {
    this.quicken(SOON_MS);
  }

  receive(from: NodeId, message: Kind<'summary' | 'digest'>): void {
    if (!this.isRunning) return;
    const { store, host } = this;
    if (message.type === 'summary') {
      const { hash, heard } = summaryOf(store);
      if (message.hash === hash && message.heard === heard) return;
      this.stir();
      host.send(from, { type: 'digest', heard: digestOf(store), answer: false });
      return;
    }
    this.stir();
    this.repairs.offered(from, lackingOf(store, message.heard));
    if (message.answer || !isAheadOf(store, message.heard)) return;
    host.send(from, { type: 'digest', heard: digestOf(store), answer: true });
  }

  private compareWith(id: NodeId): void {
    this.comparisons += 1;
    this.host.send(id, { type: 'summary', ...summaryOf(this.store) });
  }

  private compare(): void {
    const neighbours = this.host.neighbours();
    const others =
      neighbours.length > 1 ? neighbours.filter((id) => id !== this.partner) : neighbours;
    const [partner] = choose(1, others, () => this.host.random());
    if (partner === undefined) return;
    this.partner = partner;
    this.compareWith(partner);
  }

  private quicken(delay: Milliseconds): void {
    if (!this.isRunning || this.host.monotonic() + delay * (1 + JITTER) >= this.nextAt) return;
    this.cancel?.();
    this.arm(delay);
  }

  private arm(delay: Milliseconds): void {
    const wait = delay * (1 + JITTER * this.host.random());
    this.nextAt = this.host.monotonic() + wait;
    this.cancel = this.host.after(wait, () => {
      this.compare();
      for (const lost of this.store.giveUp(this.host.monotonic())) this.onGivenUp(lost);
      this.period = this.isStirred ? PERIOD_MS : Math.min(2 * this.period, SLOWEST_PERIOD_MS);
      this.isStirred = false;
      this.arm(this.period);
    });
  }
}
