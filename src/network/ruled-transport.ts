import type { Milliseconds, NodeId } from '../vocabulary.ts';
import {
  LABEL_BYTES,
  MAX_DATAGRAM_BYTES,
  MAX_FRAME_BYTES,
  type Lane,
  type SendOutcome,
} from '../wire/lane.ts';
import { ArrivalCheck } from './arrival-check.ts';
import { Departures } from './departures.ts';
import { Due, type Timing } from './due.ts';
import { MAX_IN_FLIGHT_BYTES } from './in-flight.ts';
import { happens } from './journey.ts';
import { labelled, readLabel } from './label.ts';
import { CountsByLink, type LinkCounts } from './link-counts.ts';
import type { NetworkDocument } from './network-document.ts';
import type { NodeCondition } from './node-condition.ts';
import type { RandomSource } from './random-source.ts';
import type { LinkRules } from './rules-document.ts';
import type { Shaper } from './shaper.ts';
import { Shapers } from './shapers.ts';
import { SlowReader } from './slow-reader.ts';
import type { Transport, TransportListener } from './transport.ts';

/**
 * Any transport, under the network that a teacher has made. Rules are enforced here at the sender, and
 * looked at again here at the receiver. The rules RULED-1 to 10 are in README.md.
 *
 *     send -> omitted? -> shaper -> departures -> label -> transport beneath
 *     transport beneath -> label, own rules -> omitted? -> slow reader -> listener
 */
export class RuledTransport implements Transport {
  private readonly inner: Transport;
  private readonly timing: Timing;
  private readonly due: Due;
  private readonly shapers: Shapers;
  private readonly check: ArrivalCheck;
  private readonly reader: SlowReader;
  private readonly sendOmissions: RandomSource;
  private readonly receiveOmissions: RandomSource;
  private readonly counters = new CountsByLink();
  /** One for each neighbour that is up. */
  private readonly ways = new Map<NodeId, Departures>();
  private condition: NodeCondition | null = null;
  private listener: TransportListener | null = null;

  constructor(inner: Transport, timing: Timing, random: RandomSource) {
    this.inner = inner;
    this.timing = timing;
    this.due = new Due(timing);
    this.shapers = new Shapers(random);
    this.check = new ArrivalCheck(inner.self);
    this.reader = new SlowReader(this.due, (...arrival) => this.listener?.frame(...arrival));
    this.sendOmissions = random.fork('send omission');
    this.receiveOmissions = random.fork('receive omission');
  }

  get self(): NodeId {
    return this.inner.self;
  }

  /** Of the network that is in force here. */
  get version(): number {
    return this.rules.version;
  }

  get rules(): LinkRules {
    return this.shapers.rules;
  }

  /** Again for a node's next life: it hears nothing of what was meant for the one before. */
  start(listener: TransportListener): void {
    this.clear();
    this.listener = listener;
    this.inner.start({
      frame: (from, bytes, lane) => this.arrived(from, bytes, lane),
      up: (neighbour) => {
        this.open(neighbour);
        this.listener?.up(neighbour);
      },
      down: (neighbour, reason) => {
        this.close(neighbour);
        this.listener?.down(neighbour, reason);
      },
    });
    for (const neighbour of this.inner.neighbours()) this.open(neighbour);
  }

  stop(): void {
    this.listener = null;
    this.clear();
    this.inner.stop();
  }

  neighbours(): readonly NodeId[] {
    return this.inner.neighbours();
  }

  /**
   * Puts a network in force at this node. False, and nothing changes, if it is not newer than the one
   * that is. The transport beneath closes what is cut.
   */
  take(document: NetworkDocument): boolean {
    const now = this.timing.now();
    if (!this.shapers.adopt(document, now)) return false;
    this.check.take(document, this.rules, now);
    this.condition = document.conditions.find(({ id }) => id === this.self) ?? null;
    this.reader.pace(this.condition?.slowMs ?? 0);
    return true;
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    if (frame.length > (lane === 'stream' ? MAX_FRAME_BYTES : MAX_DATAGRAM_BYTES)) {
      return 'too-large';
    }
    const departures = this.ways.get(to);
    if (departures === undefined || this.rules.cutsWay(this.self, to)) return 'no-link';
    if (happens(this.condition?.sendOmission ?? 0, this.sendOmissions)) {
      this.counts(to).unsent++;
      return 'sent';
    }
    const shaper = this.shapers.get(this.self, to, this.timing.now());
    return shaper === null
      ? this.counted(to, this.hand(to, frame, lane))
      : this.shape(to, shaper, departures, frame, lane);
  }

  /** What waits for the line to a neighbour now. */
  queuedBytes(to: NodeId): number {
    const now = this.timing.now();
    return this.ways.has(to) ? (this.shapers.get(this.self, to, now)?.queuedBytes(now) ?? 0) : 0;
  }

  counts(neighbour: NodeId): LinkCounts {
    return this.counters.of(neighbour);
  }

  private shape(
    to: NodeId,
    shaper: Shaper,
    departures: Departures,
    frame: Uint8Array,
    lane: Lane,
  ): SendOutcome {
    if (departures.bytes + frame.length > MAX_IN_FLIGHT_BYTES) return this.counted(to, 'overflow');
    const { copies, dropped } = shaper.offer(this.timing.now(), frame, lane);
    const counts = this.counts(to);
    if (dropped === 'lost') counts.lost++;
    if (dropped === 'blackhole') counts.swallowed++;
    if (copies.length > 1) counts.duplicated++;
    for (const { at, bytes, damaged } of copies) {
      if (damaged) counts.corrupted++;
      departures.add(at, bytes, lane);
    }
    this.due.run();
    return this.counted(to, dropped === 'overflow' ? 'overflow' : 'sent');
  }

  /** Now a frame leaves this node. A blackhole also swallows what waited when it came. */
  private hand(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    if (this.rules.conditions(this.self, to)?.blackhole === true) {
      this.counts(to).swallowed++;
      return 'sent';
    }
    return this.inner.send(to, labelled(frame, this.version), lane);
  }

  private counted(to: NodeId, outcome: SendOutcome): SendOutcome {
    if (outcome === 'overflow') this.counts(to).overflowed++;
    return outcome;
  }

  private arrived(from: NodeId, bytes: Uint8Array, lane: Lane): void {
    const now = this.timing.now();
    const refusal = this.check.refuses(from, readLabel(bytes), bytes.length - LABEL_BYTES, now);
    if (refusal !== null) this.counts(from).refused[refusal]++;
    else if (happens(this.condition?.receiveOmission ?? 0, this.receiveOmissions)) {
      this.counts(from).unheard++;
    } else if (!this.reader.arrive(from, bytes.subarray(LABEL_BYTES), lane)) {
      this.counts(from).unread++;
    }
  }

  private open(neighbour: NodeId): void {
    this.ways.get(neighbour)?.close();
    const now: Milliseconds = this.timing.now();
    this.shapers.get(this.self, neighbour, now)?.reopen(now);
    const departures = new Departures(
      this.due,
      (frame, lane) => this.hand(neighbour, frame, lane),
      () => this.counts(neighbour).overflowed++,
    );
    this.ways.set(neighbour, departures);
  }

  private close(neighbour: NodeId): void {
    this.ways.get(neighbour)?.close();
    this.ways.delete(neighbour);
    this.reader.forget(neighbour);
  }

  private clear(): void {
    for (const departures of this.ways.values()) departures.close();
    this.ways.clear();
    this.reader.clear();
    this.due.clear();
  }
}
