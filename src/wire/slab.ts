import { ByteWriter } from './bytes.ts';

/** Some twenty small frames: seldom anew, and little is kept alive by one that somebody keeps. */
const SLAB_BYTES = 16 * 1024;

/**
 * Room for many small pieces of bytes, one behind the other, each written once and handed out for
 * good. An array of its own for each has to be asked for and cleared: for the frame of a small
 * message that was a tenth of all that happens to it.
 */
export class Slab {
  private writer = new ByteWriter(SLAB_BYTES);

  /** Write at most `count` bytes at its position, then hand out what is `from` there. */
  room(count: number): ByteWriter {
    if (count > this.writer.left) this.writer = new ByteWriter(Math.max(SLAB_BYTES, count));
    return this.writer;
  }
}
