import { Counters, UNATTRIBUTED, type ProtocolMetrics } from '../trace/metrics.ts';
import type { Happening } from '../trace/event.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { Parcel } from '../wire/parcel.ts';
import type { Environment } from './environment.ts';
import type { Cancel, Host } from './host.ts';
import { FrozenArrivals } from './frozen-arrivals.ts';
import { GapWatch } from './gap-watch.ts';
import { assertDefinition, hostedOf, type Hosted } from './hosted.ts';
import { Inbox, type Refusal } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { Protocol, ProtocolDefinition } from './protocol.ts';
import { Quarantine } from './quarantine.ts';
import { Stamper, type ClockReadings } from './stamper.ts';
import { Steps } from './steps.ts';
import { storeOf } from './store-of.ts';
import { TimerQueue } from './timer-queue.ts';

/** A protocol needs a few timers for each neighbour; one that leaks them is stopped here. */
export const MAX_TIMERS = 10_000;

/**
 * One life of one node: many protocols over one environment, stamped by one set of clocks. The same
 * in a tab and in the simulator. A restart is a new Node with a higher incarnation.
 * What it promises stands in README.md as NODE-1 to NODE-11, STORE-1 to STORE-8.
 */
export class Node {
  private readonly environment: Environment;
  private readonly protocols = new Map<string, Hosted>();
  /** The protocols that want to hear of every sign of life. */
  private readonly listeners: Protocol<unknown>[] = [];
  private readonly unattributed = new Counters();
  private readonly stamper: Stamper;
  private readonly inbox: Inbox;
  private readonly outbox: Outbox;
  private readonly quarantine = new Quarantine();
  private readonly timers = new TimerQueue();
  private readonly steps: Steps;
  private readonly gaps = new GapWatch();
  private readonly frozen = new FrozenArrivals();
  private pausedAt: Milliseconds = 0;
  private wakeAsked: Milliseconds | null = null;
  private phase: 'new' | 'running' | 'paused' | 'ended' = 'new';

  constructor(environment: Environment) {
    this.environment = environment;
    this.stamper = new Stamper(environment);
    this.inbox = new Inbox(environment.room, this.protocols);
    this.steps = new Steps(environment.disk, this.stamper);
    this.outbox = new Outbox(environment, this.stamper, this.steps);
  }

  /** The protocol is made here and starts with the node; in one that runs, at once, with the links that are open. */
  add<Message, P extends Protocol<Message>>(definition: ProtocolDefinition<Message, P>): P {
    const { name } = definition;
    if (this.phase === 'ended') throw new Error(`${name}: the node has ended`);
    if (this.protocols.has(name)) throw new Error(`${name}: added twice`);
    assertDefinition(definition);
    // The host is only used from `start` on, when the protocol has long been put in its place.
    const protocol = definition.create(this.hostFor<Message>(() => hosted));
    const hosted = hostedOf(definition, protocol);
    this.protocols.set(name, hosted);
    if (protocol.heard !== undefined) this.listeners.push(protocol as Protocol<unknown>);
    if (this.phase !== 'new') this.told(() => this.startLate(protocol));
    return protocol;
  }

  /** Links that are open already are told by `up` after this, like those that open later. */
  start(): void {
    if (this.phase !== 'new') throw new Error('a node lives once: make a new one to start again');
    this.phase = 'running';
    const found = this.steps.store.size;
    this.steps.run(() => {
      this.stamper.happened({ type: 'start' });
      const { incarnation, disk } = this.environment;
      if (incarnation > 1 && disk) this.stamper.happened({ type: 'restart', entries: found });
      for (const { protocol } of this.protocols.values()) protocol.start();
      this.tellOfLacking();
    });
  }

  /** A paused node is stopped without a word: it cannot say any. */
  stop(): void {
    if (!this.alive) return;
    this.steps.run(() => {
      for (const { protocol } of this.protocols.values()) protocol.stop();
    });
    this.stamper.happened({ type: 'stop' });
    this.end();
  }

  /** It loses all but what is durable, and nothing leaves it any more, in the middle of a step even. */
  crash(): void {
    if (!this.alive) return;
    this.stamper.happened({ type: 'crash' });
    this.end();
  }

  /** Freezes it: it handles nothing, fires nothing and knows nothing of it until `resume`. */
  pause(): void {
    if (this.phase !== 'running') return;
    this.stamper.happened({ type: 'pause', lengthMs: null });
    this.phase = 'paused';
    this.pausedAt = this.environment.monotonic();
    this.steps.freeze();
  }

  /** Then everything at once: what had arrived, in order, and after it the timers that are due. */
  resume(): void {
    if (this.phase !== 'paused') return;
    const { lost, handlers } = this.frozen.take();
    const pausedMs = this.environment.monotonic() - this.pausedAt;
    this.phase = 'running';
    this.stamper.happened({ type: 'resume', pausedMs, lost });
    this.tellOfGap(this.gaps.take(this.wakeAsked, this.environment.monotonic()));
    this.steps.thaw();
    for (const handle of handlers) handle();
    this.wake();
  }

  /** The teacher changed what befalls this node, or told it something: for the trace alone. */
  ordered(order: Omit<Extract<Happening, { type: 'order' }>, 'type'>): void {
    if (this.phase === 'paused') return this.frozen.news(() => this.ordered(order));
    if (this.phase === 'running') this.stamper.happened({ type: 'order', ...order });
  }

  /** Runs a call from outside, of a user or a page, as one step: what it stores is stored together. */
  step<Result>(act: () => Result): Result {
    let result!: Result;
    this.steps.run(() => (result = act()));
    return result;
  }

  /** The world has news for a protocol: one step, which a paused node takes when it goes on. */
  told(act: () => void): void {
    if (this.phase === 'paused') return this.frozen.news(() => this.told(act));
    if (this.phase !== 'running') return;
    this.noticeGap();
    this.steps.run(act);
  }

  /** Time has passed: fires what is due. Waking too early or too often does no harm. */
  wake(): void {
    if (this.phase === 'paused') return;
    this.noticeGap();
    this.wakeAsked = null;
    try {
      this.steps.run(() => this.timers.runDue(this.environment.monotonic()));
    } finally {
      this.rearm();
    }
  }

  /** A link has opened. */
  up(id: NodeId): void {
    if (this.phase === 'paused') return this.frozen.news(() => this.up(id));
    if (this.phase !== 'running') return;
    this.noticeGap();
    this.steps.run(() => {
      this.stamper.happened({ type: 'up', peer: id });
      for (const { protocol } of this.protocols.values()) protocol.neighbourUp?.(id);
    });
  }

  /** A link has closed. */
  down(id: NodeId, reason: string): void {
    if (this.phase === 'paused') return this.frozen.news(() => this.down(id, reason));
    if (this.phase !== 'running') return;
    this.noticeGap();
    this.steps.run(() => {
      this.stamper.happened({ type: 'down', peer: id, reason });
      for (const { protocol } of this.protocols.values()) protocol.neighbourDown?.(id);
    });
  }

  /** A frame of that neighbour has arrived, on whichever lane, or bytes that claim to be one. */
  receive(from: NodeId, frame: Uint8Array | Parcel): void {
    if (this.phase === 'paused') {
      return this.frozen.frame(frame.length, () => this.receive(from, frame));
    }
    if (this.phase !== 'running') return;
    this.noticeGap();
    this.steps.run(() => this.arrived(from, frame));
  }

  clocks(): ClockReadings {
    return this.stamper.readings();
  }

  /** Counters by protocol, and under `?` frames that failed before it was known whose they are. */
  metrics(): { readonly [protocol: string]: ProtocolMetrics } {
    const all = [...this.protocols.values()].map(({ name, counters }) => [name, counters] as const);
    return Object.fromEntries(
      [...all, [UNATTRIBUTED, this.unattributed] as const].map(([name, counters]) => [
        name,
        counters.snapshot(),
      ]),
    );
  }

  /** What every protocol says of its state. */
  inspect(): { readonly [protocol: string]: Json } {
    return Object.fromEntries(
      [...this.protocols.values()].map(({ name, protocol }) => [name, protocol.inspect()]),
    );
  }

  /** Of whom an earlier life has left something on the disk. */
  private tellOfLacking(): void {
    const { lacks } = this.environment;
    for (const name of lacks ? this.steps.store.owners() : []) {
      if (name !== '' && !this.protocols.has(name)) lacks!(name);
    }
  }

  private startLate<Message>(protocol: Protocol<Message>): void {
    protocol.start();
    for (const id of this.environment.neighbours()) protocol.neighbourUp?.(id);
  }

  private hostFor<Message>(hosted: () => Hosted): Host<Message> {
    const { environment } = this;
    return {
      self: environment.self,
      incarnation: environment.incarnation,
      neighbours: () => environment.neighbours(),
      monotonic: () => environment.monotonic(),
      wallClock: () => environment.wallClock(),
      random: () => environment.random(),
      send: (to, message) => {
        if (!this.alive) return;
        if (this.steps.within) this.outbox.send(hosted(), to, message);
        else this.steps.run(() => this.outbox.send(hosted(), to, message));
      },
      after: (delay, callback) => this.after(delay, callback),
      store: storeOf(this.steps, this.outbox, hosted, () => this.alive),
      record: (kind, detail) => {
        if (!this.alive) return;
        this.stamper.happened({ type: 'note', protocol: hosted().name, kind, detail });
      },
    };
  }

  private get alive(): boolean {
    return this.phase === 'running' || this.phase === 'paused';
  }

  private end(): void {
    this.phase = 'ended';
    this.steps.end();
    this.timers.clear();
    this.rearm();
  }

  private arrived(from: NodeId, frame: Uint8Array | Parcel): void {
    if (this.quarantine.holds(from, this.environment)) {
      // Counted only: an event each would let the peer fill the trace.
      this.unattributed.drop('quarantined');
      return;
    }
    const arrival =
      frame instanceof Parcel ? this.inbox.checkParcel(from, frame) : this.inbox.check(from, frame);
    if (!arrival.ok) return this.refuse(from, arrival);

    const { header, vector, hosted, message } = arrival;
    const bytes = frame.length;
    hosted.counters.received(bytes);
    this.stamper.received(header.lamport, vector);
    if (this.stamper.seen) {
      const { message: number } = header;
      this.stamper.emit({ type: 'receive', from, protocol: hosted.name, message: number, bytes });
    }
    for (const protocol of this.listeners) protocol.heard!(from);
    hosted.protocol.receive(from, message);
  }

  /** Before anything else is handled: did this node sleep through the moment it asked to be woken at? */
  private noticeGap(): void {
    if (this.wakeAsked === null) return;
    const gapMs = this.gaps.take(this.wakeAsked, this.environment.monotonic());
    if (gapMs === null) return;
    this.stamper.happened({ type: 'pause', lengthMs: gapMs });
    this.tellOfGap(gapMs);
  }

  private tellOfGap(gapMs: Milliseconds | null): void {
    if (gapMs === null) return;
    this.steps.run(() => {
      for (const { protocol } of this.protocols.values()) protocol.resumed?.(gapMs);
    });
  }

  private after(delay: Milliseconds, callback: () => void): Cancel {
    if (!this.alive) return () => {};
    if (!(delay >= 0)) throw new RangeError(`a timer cannot wait for ${delay} ms`);
    if (this.timers.size === MAX_TIMERS) throw new Error(`more than ${MAX_TIMERS} timers`);
    const timer = this.timers.add(this.environment.monotonic() + delay, callback);
    this.rearm();
    return () => {
      this.timers.cancel(timer);
      this.rearm();
    };
  }

  /** Asks to be woken for the timer that is due next, if that is not what was asked for last. */
  private rearm(): void {
    const next = this.timers.nextDeadline;
    if (next === this.wakeAsked) return;
    this.wakeAsked = next;
    this.environment.wakeAt(next);
  }

  private refuse(peer: NodeId, { hosted, reason, unknown }: Refusal): void {
    (hosted?.counters ?? this.unattributed).drop(reason);
    this.stamper.happened({ type: 'drop', peer, protocol: hosted?.name ?? UNATTRIBUTED, reason });
    if (unknown !== undefined) this.environment.lacks?.(unknown);
    const until = this.quarantine.blame(peer, reason, this.environment.monotonic());
    if (until === null) return;
    this.stamper.happened({ type: 'quarantine', peer, untilMonotonic: until });
  }
}
