/** What a paused node's network stack keeps: a few seconds of a busy link. The rest is lost. */
export const MAX_FROZEN_BYTES = 16 * 1024 * 1024;

/** So many empty frames take as much memory as they have bytes. */
const BYTES_BESIDE_A_FRAME = 256;

/**
 * What reaches a node while it is paused, in order. Frames beyond the limit are lost and counted;
 * news of links is not, for a transport tells each node of each link in turn.
 */
export class FrozenArrivals {
  private readonly waiting: (() => void)[] = [];
  private bytes = 0;
  private lost = 0;

  frame(bytes: number, handle: () => void): void {
    if (this.bytes + bytes + BYTES_BESIDE_A_FRAME > MAX_FROZEN_BYTES) {
      this.lost += 1;
      return;
    }
    this.bytes += bytes + BYTES_BESIDE_A_FRAME;
    this.waiting.push(handle);
  }

  news(handle: () => void): void {
    this.waiting.push(handle);
  }

  /** How many frames were lost, and all others in order; forgets both. */
  take(): { readonly lost: number; readonly handlers: readonly (() => void)[] } {
    const { lost } = this;
    this.bytes = 0;
    this.lost = 0;
    return { lost, handlers: this.waiting.splice(0) };
  }
}
