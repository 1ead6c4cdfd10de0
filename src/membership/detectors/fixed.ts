import type { Milliseconds } from '../../vocabulary.ts';
import { BySilence, inSeconds } from './by-silence.ts';
import type { Working } from './detector.ts';
import type { Watched } from './watched.ts';

/** A second at the usual pace. Where one beat in fifty is lost, a link loses so many in a row once in two weeks. */
export const PATIENCE_BEATS = 5;

/** The plainest detector: whoever is silent for a fixed time is suspect, whatever is usual on its link. */
export class FixedDetector extends BySilence {
  readonly name = 'fixed';

  protected think(silentMs: Milliseconds, { everyMs }: Watched) {
    const threshold = PATIENCE_BEATS * everyMs;
    return { level: silentMs, threshold, unit: 'ms', expected: null } as const;
  }

  protected words({ threshold }: Pick<Working, 'threshold'>): string {
    return `the limit is fixed at ${inSeconds(threshold)}`;
  }

  protected learnsFrom(): boolean {
    return false;
  }
}
