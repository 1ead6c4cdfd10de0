import type { DropReason } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';
import { encodeBody } from '../wire/body.ts';
import { encodeFrame } from '../wire/frame.ts';
import { MAX_DATAGRAM_BYTES } from '../wire/lane.ts';
import type { Environment } from './environment.ts';
import type { Hosted } from './hosted.ts';
import type { Stamper } from './stamper.ts';
import type { Steps } from './steps.ts';

/**
 * The way of a message out of a node: its body is encoded at once, so what the protocol changes
 * afterwards changes nothing in it; it is stamped, counted and handed over when it leaves. A send is
 * one event whatever becomes of it: noted as sent, or as dropped with the transport's reason.
 */
export class Outbox {
  private readonly environment: Environment;
  private readonly stamper: Stamper;
  private readonly steps: Steps;
  private messages = 0;

  constructor(environment: Environment, stamper: Stamper, steps: Steps) {
    this.environment = environment;
    this.stamper = stamper;
    this.steps = steps;
  }

  /** Within a step. */
  send(hosted: Hosted, to: NodeId, message: unknown): void {
    const body = encodeBody(message).slice();
    if (this.steps.output(body.length, () => this.leave(hosted, to, body))) return;
    this.stamper.tick();
    this.dropped(hosted, to, 'overflow');
  }

  /**
   * An answer to whoever asked a protocol waits for the disk as messages do, in the same queue. False
   * if that is full: the answer is dropped, with an event that names this node as the peer.
   */
  answer(hosted: Hosted, callback: () => void): boolean {
    if (this.steps.output(0, () => this.steps.run(callback))) return true;
    this.stamper.tick();
    this.dropped(hosted, this.environment.self, 'overflow');
    return false;
  }

  private leave(hosted: Hosted, to: NodeId, body: Uint8Array): void {
    const { self: sender, incarnation, room } = this.environment;
    const { name: protocol, version: protocolVersion, counters } = hosted;

    this.stamper.tick();
    this.messages += 1;
    const { lamport, vector } = this.stamper;
    const frame = encodeFrame(
      room,
      { sender, incarnation, protocol, protocolVersion, message: this.messages, lamport },
      vector,
      body,
    );
    if (frame === undefined) return this.dropped(hosted, to, 'too-large');

    const bytes = frame.length;
    const lane = bytes > MAX_DATAGRAM_BYTES ? 'stream' : hosted.lane;
    const outcome = this.environment.send(to, frame, lane);
    if (outcome !== 'sent') return this.dropped(hosted, to, outcome);
    counters.sent(bytes);
    this.stamper.emit({ type: 'send', to, protocol, message: this.messages, bytes });
  }

  private dropped(hosted: Hosted, to: NodeId, reason: DropReason): void {
    hosted.counters.drop(reason);
    this.stamper.emit({ type: 'drop', peer: to, protocol: hosted.name, reason });
  }
}
