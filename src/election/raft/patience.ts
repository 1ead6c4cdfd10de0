import type { Cancel } from '../../runtime/host.ts';
import type { ElectionTimer, ElectionWorld } from '../election.ts';
import type { RaftMessage } from './messages.ts';
import type { RaftOptions } from './options.ts';

/**
 * How long a member waits for its leader: a time drawn anew each time, so that two seldom lose their
 * patience together (RAFT-4), and the least such time, in which nobody else can have been elected.
 */
export class Patience {
  /** It has heard its leader within the least timeout. */
  isFresh = false;
  timer: ElectionTimer | null = null;
  private readonly world: ElectionWorld<RaftMessage>;
  private readonly options: RaftOptions;
  private readonly onEnd: () => void;
  private cancelTimer: Cancel = () => {};
  private cancelFresh: Cancel = () => {};

  constructor(world: ElectionWorld<RaftMessage>, options: RaftOptions, onEnd: () => void) {
    this.world = world;
    this.options = options;
    this.onEnd = onEnd;
  }

  restart(): void {
    this.rest();
    const { minTimeoutMs, maxTimeoutMs } = this.options;
    const waitMs = minTimeoutMs + this.world.random() * (maxTimeoutMs - minTimeoutMs);
    const startedAt = this.world.monotonic();
    this.timer = { startedAt, endsAt: startedAt + waitMs };
    this.cancelTimer = this.world.after(waitMs, () => {
      this.timer = null;
      this.isFresh = false;
      this.onEnd();
    });
  }

  /** It waits for nobody. */
  rest(): void {
    this.cancelTimer();
    this.timer = null;
  }

  /** It has heard its leader. */
  refresh(): void {
    this.isFresh = true;
    this.cancelFresh();
    const { minTimeoutMs } = this.options;
    this.cancelFresh = this.world.after(minTimeoutMs, () => (this.isFresh = false));
  }

  /** It leads itself, so it hears its leader all the time; or it does no longer. */
  lead(leads: boolean): void {
    this.cancelFresh();
    this.isFresh = leads;
  }

  stop(): void {
    this.rest();
    this.cancelFresh();
  }
}
