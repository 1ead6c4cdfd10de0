import type { DropReason } from './event.ts';

/** What one protocol of one node has sent and received since the node started. */
export interface ProtocolMetrics {
  readonly messagesSent: number;
  /** Whole frames, header and all. */
  readonly bytesSent: number;
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  /** Frames that were not delivered or not taken, by reason; reasons that never occurred are left out. */
  readonly dropped: { readonly [Reason in DropReason]?: number };
}

/** Frames that failed before it was known whose they are are counted under this name. */
export const UNATTRIBUTED = '?';

/** Counts for one protocol. */
export class Counters {
  private messagesSent = 0;
  private bytesSent = 0;
  private messagesReceived = 0;
  private bytesReceived = 0;
  private readonly dropped = new Map<DropReason, number>();

  /** @param bytes of all of them */
  sent(bytes: number, messages = 1): void {
    this.messagesSent += messages;
    this.bytesSent += bytes;
  }

  received(bytes: number, messages = 1): void {
    this.messagesReceived += messages;
    this.bytesReceived += bytes;
  }

  drop(reason: DropReason): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1);
  }

  snapshot(): ProtocolMetrics {
    const { messagesSent, bytesSent, messagesReceived, bytesReceived } = this;
    const dropped = Object.fromEntries(this.dropped);
    return { messagesSent, bytesSent, messagesReceived, bytesReceived, dropped };
  }
}
