import type { Milliseconds } from '../../vocabulary.ts';
import { BEAT_MS } from '../pace.ts';
import { GapWindow } from './gap-window.ts';

/** When one neighbour was heard, on this node's clock: what every detector stands on that waits for beats. */
export class Watched {
  /** What a detector has learnt of it. */
  readonly window = new GapWindow();
  /** How often it beats, by its own word. */
  everyMs: Milliseconds = BEAT_MS;
  private heardAt: Milliseconds;
  private beatAt: Milliseconds | null = null;
  /** What of the silence was this node's own. */
  private excusedMs: Milliseconds = 0;
  private ranAgainAt: Milliseconds = -Infinity;

  constructor(now: Milliseconds) {
    this.heardAt = now;
  }

  heard(now: Milliseconds): void {
    this.heardAt = now;
    this.excusedMs = 0;
  }

  /**
   * The time since the beat before. Null for the first one, and around a pause of this node's own:
   * the gap holds the pause, and what waited for its end then comes all at once.
   */
  beat(now: Milliseconds, everyMs: Milliseconds): Milliseconds | null {
    const before = this.beatAt;
    this.beatAt = now;
    this.everyMs = everyMs;
    return before === null || before < this.ranAgainAt + everyMs ? null : now - before;
  }

  excuse(gapMs: Milliseconds, now: Milliseconds): void {
    this.excusedMs += gapMs;
    this.ranAgainAt = now;
  }

  silentMs(now: Milliseconds): Milliseconds {
    return now - this.heardAt - this.excusedMs;
  }
}
