import { DEFAULT_CHOICES, type RoomChoices } from '../network/room-choices.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, NodeId } from '../vocabulary.ts';
import { copyJson } from '../wire/json.ts';
import { encodedBytes } from '../wire/plain-copy.ts';
import { AntiEntropy } from './anti-entropy.ts';
import { idOf, sourceKey, type Arrival, type Broadcast, type Source } from './broadcast.ts';
import { BroadcastStore } from './broadcast-store.ts';
import { deliveredPast, HoldBack, type Waited } from './causal.ts';
import type { Delivery } from './delivery.ts';
import { FloodSpread } from './flood-spread.ts';
import { gossipSchema, type GossipMessage, type Told } from './messages.ts';
import { assertFit } from './payload.ts';
import { RumourSpread } from './rumour.ts';
import type { Spread, SpreadContext } from './spread.ts';
import { TellQueue } from './tell-queue.ts';
import { parcelOf, sizeOf, tellMessages } from './telling.ts';
import { TreeSpread } from './tree.ts';

/**
 * Broadcast to everyone who is there, or comes later: a strategy spreads the news, comparisons find
 * whom it missed, and every node delivers each broadcast once. The rules GOSSIP-1 to GOSSIP-9 stand in
 * README.md.
 */

/** What of a room's choices is about gossip. */
export type GossipChoices = Pick<
  RoomChoices,
  'spread' | 'rumourStyle' | 'rumourFanout' | 'rumourRounds' | 'antiEntropy' | 'causal'
>;

const AT_ONCE: Waited = { heldMs: 0, outOfOrder: false };

export class Gossip implements Protocol<GossipMessage> {
  private readonly host: Host<GossipMessage>;
  private readonly store: BroadcastStore;
  private readonly context: SpreadContext;
  private readonly entropy: AntiEntropy;
  private readonly listeners = new Set<(delivery: Delivery) => void>();
  private choices: GossipChoices = DEFAULT_CHOICES;
  private spread: Spread;
  /** Null while causes do not count. */
  private holdBack: HoldBack | null = null;
  private isRunning = false;
  private broadcasts = 0;
  private delivered = 0;
  private duplicates = 0;
  private refused = 0;
  private missed = 0;

  constructor(host: Host<GossipMessage>) {
    const store = new BroadcastStore(host.self, host.incarnation);
    this.host = host;
    this.store = store;
    this.entropy = new AntiEntropy(host, store, (lost) => this.givenUp(lost));
    const isBackedUp = () => this.entropy.isRunning;
    this.context = { host, store, queue: new TellQueue(host), isBackedUp };
    this.spread = this.strategy();
  }

  start(): void {
    this.isRunning = true;
    this.spread.start();
    this.obey();
  }

  stop(): void {}

  /** From now on. What was under way goes on by the new choices: nothing is lost and nothing doubled. */
  use(choices: GossipChoices): void {
    const before = this.choices;
    this.choices = choices;
    if (!spreadsAlike(before, choices)) {
      const unfinished = this.spread.stop();
      this.spread = this.strategy();
      if (this.isRunning) this.spread.start();
      for (const broadcast of unfinished)
        this.spread.learnt(broadcast, 'rumour', broadcast.via, []);
    }
    if (this.isRunning) this.obey();
  }

  /** Tells everyone, this node included. Throws `UnfitPayload` for what cannot be told. */
  broadcast(payload: Json): { readonly id: string } {
    assertFit(payload);
    const { self: origin, incarnation: life } = this.host;
    this.broadcasts += 1;
    const sequence = this.broadcasts;
    const after = this.holdBack === null ? [] : deliveredPast(this.store, sourceKey(origin, life));
    const broadcast: Broadcast = {
      ...{ origin, life, sequence, payload: copyJson(payload), after, hops: 0, via: null },
      bytes: sizeOf(encodedBytes(payload), after.length),
    };
    this.store.take(broadcast);
    this.spread.learnt(broadcast, 'origin', null, []);
    this.entropy.stir();
    if (this.holdBack === null) this.deliver(broadcast, 'origin', AT_ONCE);
    else this.holdBack.own(broadcast);
    return { id: idOf(broadcast) };
  }

  receive(from: NodeId, message: GossipMessage): void {
    switch (message.type) {
      case 'tell':
        this.takeAll(from, message.how, message.broadcasts);
        return;
      case 'repair':
        return this.entropy.repairs.answered(
          from,
          message,
          this.takeAll(from, 'repair', message.broadcasts),
        );
      case 'want':
        return this.entropy.repairs.wanted(from, message.runs);
      case 'summary':
      case 'digest':
        return this.entropy.receive(from, message);
      case 'graft':
        // Whatever the strategy is here now: who asks does not know.
        for (const answer of tellMessages(
          'graft',
          this.store.keptOf(message.runs).map((one) => parcelOf(one)),
        ))
          this.host.send(from, answer);
        return this.spread.receive?.(from, message);
      case 'have':
      case 'prune':
      case 'ask':
        return this.spread.receive?.(from, message);
    }
  }

  neighbourUp(id: NodeId): void {
    this.spread.neighbourUp?.(id);
    this.entropy.neighbourUp(id);
  }

  neighbourDown(id: NodeId): void {
    this.context.queue.forget(id);
    this.spread.neighbourDown?.(id);
    this.entropy.repairs.closed(id);
  }

  resumed(): void {
    this.entropy.resumed();
  }

  /** `listener` hears every broadcast once, from now on. */
  onDeliver(listener: (delivery: Delivery) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Whom this node tells an origin's news as soon as it comes: its part of the origin's tree. */
  passesOn(origin: NodeId): readonly NodeId[] {
    return this.spread.passesOn(origin);
  }

  inspect() {
    const { broadcasts, delivered, duplicates, refused, missed, store, entropy } = this;
    return {
      ...{ broadcasts, delivered, duplicates, refused, missed },
      ...{ sources: store.sourceCount, kept: store.kept.count, keptBytes: store.kept.bytes },
      ...{ held: this.holdBack?.size ?? 0, comparisons: entropy.made },
      spread: { name: this.choices.spread, ...this.spread.inspect() },
    };
  }

  /** Starts and ends what the choices switch on and off. */
  private obey(): void {
    const { antiEntropy, causal } = this.choices;
    if (antiEntropy && !this.entropy.isRunning) this.entropy.start();
    if (!antiEntropy && this.entropy.isRunning) this.entropy.stop();
    if (causal) {
      this.holdBack ??= new HoldBack(this.host, this.store, (broadcast, by, waited) =>
        this.deliver(broadcast, by, waited),
      );
      return;
    }
    this.holdBack?.stop();
    this.holdBack = null;
  }

  private strategy(): Spread {
    const { spread, rumourStyle: style, rumourFanout: fanout, rumourRounds: rounds } = this.choices;
    switch (spread) {
      case 'tree':
        return new TreeSpread(this.context);
      case 'rumour':
        return new RumourSpread(this.context, { style, fanout, rounds });
      case 'flood':
        return new FloodSpread(this.context);
    }
  }

  /** Says how many of them were new. */
  private takeAll(from: NodeId, how: Arrival, all: readonly Told[]): number {
    let news = 0;
    for (const told of all) if (this.take(from, how, told)) news += 1;
    this.spread.settle?.();
    if (news > 0) this.entropy.stir();
    return news;
  }

  private take(from: NodeId, how: Arrival, told: Told): boolean {
    const { origin, life, sequence, payload, after } = told;
    const { store, host } = this;
    if (store.hasHeard(told)) {
      this.duplicates += 1;
      this.spread.again?.(store.get(told), told, how, from);
      return false;
    }
    const broadcast: Broadcast = {
      ...{ origin, life, sequence, payload, after, hops: told.hops + 1 },
      via: how === 'eager' || how === 'graft' ? from : null,
      bytes: sizeOf(encodedBytes(payload), after.length),
    };
    // Nobody else speaks for this life of this node.
    if ((origin === host.self && life >= host.incarnation) || !store.take(broadcast)) {
      this.refused += 1;
      return false;
    }
    this.spread.learnt(broadcast, how, from, told.told);
    if (this.holdBack === null) this.deliver(broadcast, how, AT_ONCE);
    else this.holdBack.take(broadcast, how);
    return true;
  }

  private deliver(broadcast: Broadcast, by: Arrival, { heldMs, outOfOrder }: Waited): void {
    const { origin: from, life, sequence, hops, payload } = broadcast;
    const id = idOf(broadcast);
    this.delivered += 1;
    this.store.source(from, life)?.delivered.add(sequence);
    this.host.record('deliver', { id, from, hops, by, heldMs });
    if (outOfOrder) this.host.record('overdue', { id, from, heldMs });
    const delivery = { id, from, payload, hops, by, heldMs, outOfOrder };
    for (const listener of this.listeners) listener(delivery);
  }

  private givenUp({ origin, life, count }: Source & { readonly count: number }): void {
    this.missed += count;
    this.host.record('missed', { from: origin, life, count });
    this.holdBack?.advanced(sourceKey(origin, life));
  }
}

export const gossip: ProtocolDefinition<GossipMessage, Gossip> = {
  name: 'gossip',
  version: 1,
  schema: gossipSchema,
  lane: 'stream',
  create: (host) => new Gossip(host),
};

/** Causal order and comparisons are switched without ending what the strategy does. */
function spreadsAlike(a: GossipChoices, b: GossipChoices): boolean {
  if (a.spread !== b.spread) return false;
  if (a.spread !== 'rumour') return true;
  return (
    a.rumourStyle === b.rumourStyle &&
    a.rumourFanout === b.rumourFanout &&
    a.rumourRounds === b.rumourRounds
  );
}
