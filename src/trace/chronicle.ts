import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { ByTime, firstIndex } from './by-time.ts';
import { Causality, MAX_INDEXED_EVENTS } from './causality.ts';
import { ElectionNotes } from './election-notes.ts';
import type { Burden, Burdens, TraceEvent } from './event.ts';
import { Flights, type Flight } from './flights.ts';
import { KeptNotes } from './kept-notes.ts';
import { byTrueTime, Latency } from './latency.ts';
import type { ReceiveEvent, SendEvent } from './messages.ts';
import { Milestones, type LifeState, type LinkEnd } from './milestones.ts';
import { levelOf } from './sampling.ts';
import { Telling, type Told, type Account } from './telling.ts';
import { Traffic } from './traffic.ts';

/** A receipt is told of within half a second; beyond that, whoever waits for a message on a LAN has lost it. */
export const GIVEN_UP_AFTER_MS: Milliseconds = 2_000;

/** A lesson has a few hundred changes of the network. */
export const MAX_ORDERS = 2_000;

/** A change of the network, or what one node was told, at the time when the first node heard of it. */
export interface Order {
  readonly at: Milliseconds;
  readonly title: string;
  /** Null if it was told to one node alone: `node` is that node. */
  readonly version: number | null;
  readonly node: NodeId;
}

/**
 * All that an observer knows of a session, from the events of all nodes: in whatever order they come,
 * doubled, with holes. It says what was the case at any time; the rules TRACE-15 to TRACE-21 stand in
 * README.md. Times are the events' own `at`.
 */
export class Chronicle {
  readonly causality: Causality;
  readonly traffic = new Traffic();
  readonly latency = new Latency(byTrueTime);
  /** What has become of each node's edits, by merge engine. */
  readonly tallies = new KeptNotes('board', 'tally', 'engine');
  /** Who leads for whom, and what stands in the logs. */
  readonly elections = new ElectionNotes();
  /** Rises with everything that is added: for whoever wants to know whether to look again. */
  changes = 0;
  private readonly events = new ByTime<TraceEvent>(({ at }) => at);
  private readonly flights = new Flights();
  private readonly flightOf = new Map<SendEvent, Flight>();
  private readonly milestones = new Milestones();
  private readonly told = new Map<string, Order>();
  private readonly telling = new Telling();
  private readonly followers = new Set<(event: TraceEvent) => void>();

  constructor(capacity = MAX_INDEXED_EVENTS) {
    this.causality = new Causality(capacity, (event) => this.forget(event));
  }

  /** O(log n). False for one that is there already. */
  add(event: TraceEvent): boolean {
    if (!this.causality.add(event)) return false;
    this.changes += 1;
    this.events.add(event);
    this.traffic.add(event);
    this.milestones.add(event);
    this.tallies.add(event);
    this.elections.add(event);
    if (event.type === 'send') this.sent(event);
    if (event.type === 'receive') this.received(event);
    if (event.type === 'order') this.order(event);
    for (const take of this.followers) take(event);
    return true;
  }

  /** Hands on every event that comes from now on, once. @returns to end it */
  follow(take: (event: TraceEvent) => void): () => void {
    this.followers.add(take);
    return () => this.followers.delete(take);
  }

  /** What a node says of the portion of its events that it has just told. */
  account(node: NodeId, told: Told): void {
    this.changes += 1;
    this.telling.add(node, told);
    for (const [protocol, left] of told.leftOut) this.traffic.addUntold(node, protocol, left);
  }

  /** By node: how much was told, left out and lost. */
  accounts(): ReadonlyMap<NodeId, Account> {
    return this.telling.accounts;
  }

  get size(): number {
    return this.events.size;
  }

  /** From the first event to the last one; null while there is none. */
  get span(): { readonly from: Milliseconds; readonly to: Milliseconds } | null {
    const { first, last } = this.events;
    return first === undefined ? null : { from: first.at, to: last!.at };
  }

  /** Those later than `from`, up to `to` and with it, in the order of their times. */
  between(from: Milliseconds, to: Milliseconds): TraceEvent[] {
    return this.events.between(from, to);
  }

  /** The first event after this time. */
  after(time: Milliseconds): TraceEvent | undefined {
    return this.events.after(time);
  }

  /** The last event before this time. */
  before(time: Milliseconds): TraceEvent | undefined {
    return this.events.before(time);
  }

  rows(): Generator<readonly [node: NodeId, events: readonly TraceEvent[]]> {
    return this.causality.rows();
  }

  /** Every node that ever said something. */
  nodes(): NodeId[] {
    return [...this.milestones.nodes()];
  }

  /** The earliest first. */
  orders(): Order[] {
    return [...this.told.values()].sort((a, b) => a.at - b.at);
  }

  stateAt(node: NodeId, time: Milliseconds): LifeState {
    return this.milestones.lifeAt(node, time).state;
  }

  /** 0 before its first event. */
  incarnationAt(node: NodeId, time: Milliseconds): number {
    return this.milestones.lifeAt(node, time).incarnation;
  }

  burdensAt(node: NodeId, time: Milliseconds): Burdens {
    return this.milestones.burdensAt(node, time);
  }

  linkOpenAt(node: NodeId, peer: NodeId, time: Milliseconds): boolean {
    return this.milestones.isOpen(node, peer, time);
  }

  /** Why a link last closed for this end; empty if it has not, null if this end never had it. */
  linkClosedFor(node: NodeId, peer: NodeId, time: Milliseconds): string | null {
    return this.milestones.closedFor(node, peer, time);
  }

  /** A link that is open at both ends is there twice. */
  openLinksAt(time: Milliseconds): LinkEnd[] {
    return this.milestones.openAt(time);
  }

  /** The newest event of a node at this time. */
  newestAt(node: NodeId, time: Milliseconds): TraceEvent | undefined {
    const events = this.causality.eventsOf(node);
    return events[firstIndex(events.length, (i) => events[i]!.at > time) - 1];
  }

  /** Messages under way then, as far as their fate was told. */
  flightsAt(time: Milliseconds): Flight[] {
    return this.flights.at(time).filter((flight) => this.isTold(flight));
  }

  /** Messages that were under way at some moment from `from` to `to`, as far as their fate was told. */
  flightsDuring(from: Milliseconds, to: Milliseconds): Flight[] {
    return this.flights.during(from, to).filter((flight) => this.isTold(flight));
  }

  /** Messages that were given up after `from`, up to `to` and with it. */
  lostBetween(from: Milliseconds, to: Milliseconds): Flight[] {
    return this.flights.lostBetween(from, to).filter((flight) => this.isTold(flight));
  }

  /** Undefined for a sending that is no longer here. */
  flight(send: SendEvent): Flight | undefined {
    return this.flightOf.get(send);
  }

  /** A message whose receipt was not to be told of may have arrived: nobody can say that it was lost. */
  private isTold({ arrivesAt, from, to, message, sentAt }: Flight): boolean {
    return arrivesAt !== null || levelOf(from, message) >= this.telling.levelAt(to, sentAt);
  }

  private sent(send: SendEvent): void {
    const receipts = this.causality.receiptsOf(send);
    let first: ReceiveEvent | undefined;
    for (const receive of receipts) {
      this.latency.took(send, receive);
      if (first === undefined || receive.at < first.at) first = receive;
    }
    const { node, incarnation, to, protocol, kind, message, bytes, at } = send;
    this.fly(send, {
      key: `${node}.${incarnation}.${message}>${to}`,
      from: node,
      to,
      protocol,
      kind,
      message,
      bytes,
      sentAt: at,
      arrivesAt: first?.at ?? null,
      givenUpAt: at + GIVEN_UP_AFTER_MS + this.delayOf(send),
    });
  }

  private received(receive: ReceiveEvent): void {
    const send = this.causality.sendOf(receive);
    if (send === undefined) return;
    this.latency.took(send, receive);
    const flight = this.flightOf.get(send)!;
    if (flight.arrivesAt !== null && flight.arrivesAt <= receive.at) return;
    this.flights.remove(flight);
    this.fly(send, { ...flight, arrivesAt: receive.at });
  }

  private fly(send: SendEvent, flight: Flight): void {
    this.flightOf.set(send, flight);
    this.flights.add(flight);
  }

  /** What the rules of its way may add before it arrives. */
  private delayOf({ node, to, at }: SendEvent): Milliseconds {
    const { links } = this.milestones.burdensAt(node, at);
    const rule = links.length === 0 ? undefined : links.find((link) => link.to === to)?.rule;
    return rule === undefined ? 0 : longestDelayOf(rule);
  }

  private order({ node, incarnation, sequence, at, title, version }: OrderEvent): void {
    const key = version === null ? `${node}.${incarnation}.${sequence}` : `version ${version}`;
    const known = this.told.get(key);
    if (known !== undefined && known.at <= at) return;
    if (known === undefined && this.told.size >= MAX_ORDERS) {
      this.told.delete(this.told.keys().next().value!);
    }
    this.told.set(key, { at, title, version, node });
  }

  private forget(event: TraceEvent): void {
    this.events.remove(event);
    if (event.type !== 'send') return;
    const flight = this.flightOf.get(event);
    if (flight !== undefined) this.flights.remove(flight);
    this.flightOf.delete(event);
  }
}

type OrderEvent = Extract<TraceEvent, { type: 'order' }>;

/** Draws of the long-tailed shape rarely go further beyond the mean. */
const SPREADS = 4;

function longestDelayOf(rule: Burden): Milliseconds {
  const { bytesPerSecond } = rule;
  const figure = (field: string) => (typeof rule[field] === 'number' ? rule[field] : 0);
  const queueMs =
    typeof bytesPerSecond === 'number' ? (1_000 * figure('queueBytes')) / bytesPerSecond : 0;
  return figure('latencyMs') + SPREADS * figure('jitterMs') + figure('reorderMs') + queueMs;
}
