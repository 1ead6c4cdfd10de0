import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { Incoming } from './incoming.ts';
import type { ChannelsMessage, Kind } from './messages.ts';
import { Outgoing } from './outgoing.ts';

/** What has come is acknowledged together, and with whatever goes the other way anyhow. */
const ACK_MS: Milliseconds = 15;

/** Whose meeting it is: the channel, the other end, and the number that each end gave it. */
export interface Ends {
  readonly channel: string;
  readonly peer: NodeId;
  readonly from: number;
  readonly to: number;
}

/**
 * Two neighbours on one channel, from when they have found each other until one of them leaves or the
 * link closes. What one sends arrives once and in order, whatever was lost on the way.
 */
export class Meeting {
  readonly ends: Ends;
  private readonly host: Host<ChannelsMessage>;
  private readonly arrived: (message: Uint8Array) => void;
  private readonly outgoing = new Outgoing();
  private readonly incoming = new Incoming();
  private ackAt: Milliseconds = Infinity;
  private wakeAt: Milliseconds = Infinity;
  private wake: Cancel | null = null;
  private over = false;

  constructor(host: Host<ChannelsMessage>, ends: Ends, arrived: (message: Uint8Array) => void) {
    this.host = host;
    this.ends = ends;
    this.arrived = arrived;
  }

  /** Of messages that the other end has not acknowledged. */
  get waitingBytes(): number {
    return this.outgoing.bytes;
  }

  get refused(): number {
    return this.incoming.refused;
  }

  send(message: Uint8Array): void {
    this.outgoing.add(message);
    this.pump();
  }

  receive(message: Kind<'part'> | Kind<'ack'>): void {
    const now = this.host.monotonic();
    this.outgoing.heard(message, now);
    const whole = message.type === 'part' ? this.incoming.take(message) : [];
    if (message.type === 'part') {
      // Out of order, or again: the other end should know at once.
      const isOdd = this.incoming.got.held > 0 || message.number !== this.incoming.got.upTo;
      this.ackAt = isOdd ? now : Math.min(this.ackAt, now + ACK_MS);
    }
    for (const each of whole) if (!this.over) this.arrived(each);
    this.pump();
  }

  /** What waited is gone. */
  end(): void {
    this.over = true;
    this.wake?.();
  }

  private pump(): void {
    if (this.over) return;
    const { peer, channel, from, to } = this.ends;
    const now = this.host.monotonic();
    for (const sending of this.outgoing.due(now)) {
      const part = { channel, from, to, ...this.incoming.got, ...sending };
      this.host.send(peer, { type: 'part', ...part });
      this.ackAt = Infinity;
    }
    if (this.ackAt <= now) {
      this.host.send(peer, { type: 'ack', channel, from, to, ...this.incoming.got });
      this.ackAt = Infinity;
    }
    this.rearm(now);
  }

  private rearm(now: Milliseconds): void {
    const next = Math.min(this.ackAt, this.outgoing.resendAt);
    if (next === this.wakeAt) return;
    this.wake?.();
    this.wakeAt = next;
    this.wake =
      next === Infinity ? null : this.host.after(Math.max(0, next - now), () => this.woken());
  }

  private woken(): void {
    this.wake = null;
    this.wakeAt = Infinity;
    this.pump();
  }
}
