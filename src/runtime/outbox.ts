import type { DropReason } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';
import { encodeBody } from '../wire/body.ts';
import { encodeFrame, type FrameHeader } from '../wire/frame.ts';
import { MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES } from '../wire/lane.ts';
import { Parcel } from '../wire/parcel.ts';
import { PlainBody } from '../wire/plain-body.ts';
import { VectorImage, VectorSize } from '../wire/vector-image.ts';
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
  private readonly vectorImage = new VectorImage();
  private readonly vectorSize = new VectorSize();
  private lastMessage: unknown;
  private lastBody: PlainBody | undefined;
  private messages = 0;

  constructor(environment: Environment, stamper: Stamper, steps: Steps) {
    this.environment = environment;
    this.stamper = stamper;
    this.steps = steps;
  }

  /** Within a step. */
  send(hosted: Hosted, to: NodeId, message: unknown): void {
    const body = this.bodyOf(message);
    const bytes = body instanceof PlainBody ? body.bytes : body.length;
    const kind = this.stamper.seen ? kindOf(message) : '';
    if (this.steps.output(bytes, () => this.leave(hosted, to, body, kind))) return;
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

  private bodyOf(message: unknown): PlainBody | Uint8Array {
    const plain = this.environment.sendParcel === undefined ? undefined : this.plainBody(message);
    return plain ?? encodeBody(message);
  }

  /** Whoever tells all neighbours the same hands over the same message again and again. */
  private plainBody(message: unknown): PlainBody | undefined {
    if (message === this.lastMessage && this.lastBody?.isOf(message)) return this.lastBody;
    this.lastMessage = message;
    this.lastBody = PlainBody.of(message);
    return this.lastBody;
  }

  private leave(hosted: Hosted, to: NodeId, body: PlainBody | Uint8Array, kind: string): void {
    const { environment, stamper } = this;
    const { self: sender, incarnation, room } = environment;
    const { name: protocol, version: protocolVersion, counters } = hosted;

    stamper.tick();
    this.messages += 1;
    const message = this.messages;
    const { lamport } = stamper;
    const header = { sender, incarnation, protocol, protocolVersion, message, lamport };
    const frame =
      body instanceof PlainBody
        ? this.parcel(header, body)
        : encodeFrame(room, header, this.vectorImage.bytesOf(stamper.vector), body);
    if (frame === undefined || frame.length > MAX_FRAME_BYTES) {
      return this.dropped(hosted, to, 'too-large');
    }

    const bytes = frame.length;
    const lane = bytes > MAX_DATAGRAM_BYTES ? 'stream' : hosted.lane;
    const outcome =
      frame instanceof Parcel
        ? environment.sendParcel!(to, frame, lane)
        : environment.send(to, frame, lane);
    if (outcome !== 'sent') return this.dropped(hosted, to, outcome);
    counters.sent(bytes);
    if (stamper.seen) stamper.emit({ type: 'send', to, protocol, kind, message, bytes });
  }

  private parcel(header: FrameHeader, body: PlainBody): Parcel {
    const vector = this.stamper.snapshot();
    return new Parcel(this.environment.room, header, vector, this.vectorSize.of(vector), body);
  }

  private dropped(hosted: Hosted, to: NodeId, reason: DropReason): void {
    hosted.counters.drop(reason);
    this.stamper.emit({ type: 'drop', peer: to, protocol: hosted.name, reason });
  }
}

/** Protocols tell their messages apart by `type`. */
function kindOf(message: unknown): string {
  const named = typeof message === 'object' && message !== null && 'type' in message;
  return named && typeof message.type === 'string' ? message.type : '';
}
