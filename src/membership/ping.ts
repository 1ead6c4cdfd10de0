import * as v from 'valibot';
import type { Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { Neighbour, type Verdict } from './neighbour.ts';

/**
 * The simplest failure detector: ask each neighbour in turn, and give up on it after a fixed time.
 * The rules PING-1 to PING-9, and what it gets wrong, stand in README.md.
 */

/** Once a second is soon enough to watch, and seldom enough for a school's Wi-Fi. */
export const PERIOD_MS: Milliseconds = 1_000;

/** A node with more neighbours asks each of them less often, so that a large mesh stays quiet. */
export const MAX_PINGS_PER_SECOND = 12;

/** Each gap between two pings grows by up to this share of it, so that nodes do not fall into step. */
const JITTER = 0.1;

/** Nodes that are gone and still shown as dead; the one gone longest is forgotten first. */
export const MAX_DEPARTED = 256;

export const pingSchema = v.object({
  type: v.picklist(['ping', 'pong']),
  /** A pong answers the ping of this number. */
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type PingMessage = v.InferOutput<typeof pingSchema>;

/** What this node believes of a neighbour. */
export interface NeighbourView {
  readonly id: NodeId;
  readonly verdict: Verdict;
  /** Why, in words. */
  readonly reason: string;
  /** The last round trip that was measured. */
  readonly rttMs: Milliseconds | null;
  /** How long nothing has been heard of it; null if nothing ever was. */
  readonly silentMs: Milliseconds | null;
}

export class Ping implements Protocol<PingMessage> {
  private readonly host: Host<PingMessage>;
  private readonly known = new Map<NodeId, Neighbour>();
  /** Whom to ask in this round, the next one last. */
  private round: NodeId[] = [];
  private pings = 0;

  constructor(host: Host<PingMessage>) {
    this.host = host;
  }

  start(): void {
    this.askNextSoon();
  }

  stop(): void {}

  receive(from: NodeId, { type, number }: PingMessage): void {
    if (type === 'ping') this.host.send(from, { type: 'pong', number });
    else this.known.get(from)?.answered(number, this.host.monotonic());
  }

  heard(from: NodeId): void {
    const neighbour = this.known.get(from);
    if (neighbour === undefined) return;
    neighbour.heard(this.host.monotonic());
    this.judge(from, neighbour);
  }

  neighbourUp(id: NodeId): void {
    const wasKnown = this.known.delete(id);
    const neighbour = new Neighbour(this.host.monotonic());
    this.known.set(id, neighbour);
    if (wasKnown) this.recordVerdict(id, neighbour);
  }

  neighbourDown(id: NodeId): void {
    const neighbour = this.known.get(id);
    if (neighbour === undefined) return;
    neighbour.close();
    this.judge(id, neighbour);
    // To the end of the map, so that the first departed node in it is the one gone longest.
    this.known.delete(id);
    this.known.set(id, neighbour);
    this.forgetDeparted();
  }

  resumed(gapMs: Milliseconds): void {
    for (const neighbour of this.known.values()) neighbour.excuse(gapMs);
  }

  /** Undefined for a node that was never a neighbour. */
  view(id: NodeId): NeighbourView | undefined {
    const neighbour = this.known.get(id);
    if (neighbour === undefined) return undefined;
    const { verdict, reason, rttMs } = neighbour;
    return { id, verdict, reason, rttMs, silentMs: neighbour.silentFor(this.host.monotonic()) };
  }

  /** Every present neighbour, and departed ones. */
  views(): readonly NeighbourView[] {
    return [...this.known.keys()].map((id) => this.view(id)!);
  }

  inspect(): Json {
    return this.views().map((view) => ({ ...view }));
  }

  private askNextSoon(): void {
    const { host } = this;
    const gap = PERIOD_MS / Math.max(1, Math.min(host.neighbours().length, MAX_PINGS_PER_SECOND));
    host.after(gap * (1 + JITTER * host.random()), () => {
      this.askNext();
      for (const [id, neighbour] of this.known) this.judge(id, neighbour);
      this.askNextSoon();
    });
  }

  private askNext(): void {
    if (this.round.length === 0) this.round = [...this.host.neighbours()].reverse();
    const id = this.round.pop();
    const neighbour = id === undefined ? undefined : this.known.get(id);
    if (id === undefined || neighbour?.open !== true) return;
    this.pings += 1;
    neighbour.ask(this.pings, this.host.monotonic());
    this.host.send(id, { type: 'ping', number: this.pings });
  }

  private judge(id: NodeId, neighbour: Neighbour): void {
    const stretch = Math.max(1, this.host.neighbours().length / MAX_PINGS_PER_SECOND);
    if (neighbour.judge(this.host.monotonic(), stretch)) this.recordVerdict(id, neighbour);
  }

  private recordVerdict(peer: NodeId, { verdict, reason }: Neighbour): void {
    this.host.record('verdict', { peer, verdict, reason });
  }

  private forgetDeparted(): void {
    const departed = [...this.known].filter(([, { open }]) => !open);
    if (departed.length > MAX_DEPARTED) this.known.delete(departed[0]![0]);
  }
}

export const ping: ProtocolDefinition<PingMessage, Ping> = {
  name: 'ping',
  version: 1,
  schema: pingSchema,
  lane: 'datagram',
  create: (host) => new Ping(host),
};
