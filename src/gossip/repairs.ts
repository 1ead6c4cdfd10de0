import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Past, SourceRun } from './broadcast.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import { MAX_RUNS, type GossipMessage, type Kind } from './messages.ts';
import { Pulls } from './pulls.ts';
import { includes } from './sequences.ts';
import { inParts, parcelOf } from './telling.ts';

/** What a comparison shows as missing may be under way already, over an eager link: a bad hop's time. */
export const SETTLE_MS: Milliseconds = 100;

/**
 * Fetching what a comparison found missing. Who lacks it asks for it, one neighbour for each thing, a
 * message's worth at a time: so nothing comes twice, however many could give it, and a slow link
 * is asked for no more than it carries.
 */
export class Repairs {
  private readonly host: Host<GossipMessage>;
  private readonly store: BroadcastStore;
  private readonly onRepaired: () => void;
  private readonly pulls = new Pulls();
  /** What neighbours have and this node lacks. */
  private readonly offers = new Map<NodeId, readonly SourceRun[]>();
  private cancel: Cancel | null = null;

  /** @param onRepaired something was missing here, and has come: others may lack it too */
  constructor(host: Host<GossipMessage>, store: BroadcastStore, onRepaired: () => void) {
    this.host = host;
    this.store = store;
    this.onRepaired = onRepaired;
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.offers.clear();
  }

  closed(id: NodeId): void {
    this.offers.delete(id);
    this.pulls.end(id);
  }

  /** A neighbour has these. It is asked for those that are still missing when it has settled. */
  offered(by: NodeId, runs: readonly SourceRun[]): void {
    if (runs.length === 0) return;
    this.offers.set(by, runs);
    this.cancel ??= this.host.after(SETTLE_MS, () => {
      this.cancel = null;
      for (const [from, offer] of this.offers) this.pull(from, offer);
      this.offers.clear();
    });
  }

  /** A neighbour lacks these: as much as fits into one message, and what of them is no longer kept. */
  wanted(by: NodeId, runs: readonly SourceRun[]): void {
    const parts = inParts(this.store.keptOf(runs).map((one) => parcelOf(one)));
    const broadcasts = (parts[0] ?? []).map(({ told }) => told);
    const lost = runs.flatMap((run) => this.lost(run));
    this.host.send(by, { type: 'repair', broadcasts, more: parts.length > 1, lost });
  }

  /** @param news how many of the broadcasts that came were missing here */
  answered(by: NodeId, { more, lost }: Kind<'repair'>, news: number): void {
    const now = this.host.monotonic();
    for (const past of lost) this.store.saidLost(past, now);
    const asked = this.pulls.end(by);
    if (news > 0) this.host.record('repair', { peer: by, broadcasts: news });
    if (more && news > 0) this.pull(by, asked);
    else if (news > 0) this.onRepaired();
  }

  private pull(from: NodeId, offer: readonly SourceRun[]): void {
    const now = this.host.monotonic();
    if (this.pulls.isWaitingFor(from, now)) return;
    const runs = offer
      .flatMap((run) => this.store.lacking(run))
      .filter((run) => !this.pulls.covers(run, now))
      .slice(0, MAX_RUNS);
    if (runs.length === 0) return;
    this.pulls.begin(from, runs, now);
    this.host.send(from, { type: 'want', runs });
  }

  /** Room is made for new ones by the oldest, so one number says which are gone. */
  private lost({ origin, life, first, last }: SourceRun): Past[] {
    const source = this.store.source(origin, life);
    if (source === undefined) return [];
    let upTo = Math.min(last, source.heard.newest);
    while (upTo >= first && (source.kept.has(upTo) || !includes(source.heard, upTo))) upTo -= 1;
    return upTo >= first ? [{ origin, life, upTo }] : [];
  }
}
