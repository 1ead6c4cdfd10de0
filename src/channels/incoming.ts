import type { Got } from './messages.ts';
import { WINDOW_PARTS, type Part, type Sending } from './outgoing.ts';

/** A document with years of history; both ends hold so much for each neighbour and channel. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** What the other end sent, put back into its order and made whole. */
export class Incoming {
  /** Longer than may be. */
  refused = 0;
  private upTo = 0;
  private heard = 0;
  /** By number, beyond the first that is lacking. */
  private readonly beyond = new Map<number, Part>();
  private pieces: Uint8Array[] = [];
  private bytes = 0;

  get got(): Got {
    return { upTo: this.upTo, held: this.beyond.size, heard: this.heard };
  }

  /** The messages that this part has made whole, none of them sharing memory with it. */
  take(part: Sending): Uint8Array[] {
    this.heard = part.sending;
    if (part.number <= this.upTo || part.number > this.upTo + WINDOW_PARTS) return [];
    this.beyond.set(part.number, part);
    const whole: Uint8Array[] = [];
    for (;;) {
      const next = this.beyond.get(this.upTo + 1);
      if (next === undefined) return whole;
      this.beyond.delete(next.number);
      this.upTo = next.number;
      const message = this.append(next);
      if (message !== null) whole.push(message);
    }
  }

  private append({ bytes, last }: Part): Uint8Array | null {
    this.bytes += bytes.length;
    const isTooLong = this.bytes > MAX_MESSAGE_BYTES;
    if (isTooLong) this.pieces = [];
    else this.pieces.push(bytes);
    if (!last) return null;
    const message = isTooLong ? null : joined(this.pieces, this.bytes);
    if (isTooLong) this.refused += 1;
    this.pieces = [];
    this.bytes = 0;
    return message;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
