import type { Milliseconds } from '../../src/vocabulary.ts';

/** Milliseconds since 1970 as the machine has them, whatever the node's clocks are made to believe. */
export function trueTime(): Milliseconds {
  return performance.timeOrigin + performance.now();
}
