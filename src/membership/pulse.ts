import { GapWatch } from '../runtime/gap-watch.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds } from '../vocabulary.ts';
import type { MembershipMessage } from './messages.ts';

/** A timer so much too late means that this node did not run; a beat that is late by as much is a lost one. */
export const LATE_MS: Milliseconds = 200;

/** What contradicts a suspicion goes out at once, but not more often than this. */
export const MIN_BEAT_GAP_MS: Milliseconds = 50;

/** What a node does by itself, again and again: it beats and it probes. Each says when it is next due. */
export interface Rhythm {
  beat(): Milliseconds;
  probe(): Milliseconds;
  /** This node did not run for so long until now. */
  stalled(gapMs: Milliseconds): void;
}

/** The timers of a node, and the notice that they came too late. */
export class Pulse {
  private readonly host: Host<MembershipMessage>;
  private readonly rhythm: Rhythm;
  private readonly stalls = new GapWatch(LATE_MS);
  private cancelBeat: Cancel = () => {};
  private beatenAt: Milliseconds = -Infinity;
  private nextBeatAt: Milliseconds = Infinity;
  private nextProbeAt: Milliseconds = Infinity;

  constructor(host: Host<MembershipMessage>, rhythm: Rhythm) {
    this.host = host;
    this.rhythm = rhythm;
  }

  /** Nodes that start together do not fall into step: the first of each comes after some part of its time. */
  start(withinMs: { readonly beat: Milliseconds; readonly probe: Milliseconds }): void {
    this.beatIn(this.host.random() * withinMs.beat);
    this.probeIn(this.host.random() * withinMs.probe);
  }

  /** There is something that must not wait for the next beat. */
  beatSoon(): void {
    this.beatIn(Math.max(0, this.beatenAt + MIN_BEAT_GAP_MS - this.host.monotonic()));
  }

  /** To be asked whenever anything happens: a message may come before the timer that is late. */
  notice(): void {
    const gapMs = this.stall();
    if (gapMs !== null) this.rhythm.stalled(gapMs);
  }

  /** The node itself has noticed a gap; it may know of more of it, or of less. */
  resumed(gapMs: Milliseconds): void {
    this.rhythm.stalled(Math.max(gapMs, this.stall() ?? 0));
  }

  /** By how much a timer is late; told once. */
  private stall(): Milliseconds | null {
    return this.stalls.take(Math.min(this.nextBeatAt, this.nextProbeAt), this.host.monotonic());
  }

  private beatIn(delay: Milliseconds): void {
    this.cancelBeat();
    this.nextBeatAt = this.host.monotonic() + delay;
    this.cancelBeat = this.host.after(delay, () => {
      this.notice();
      this.beatenAt = this.host.monotonic();
      this.beatIn(this.rhythm.beat());
    });
  }

  private probeIn(delay: Milliseconds): void {
    this.nextProbeAt = this.host.monotonic() + delay;
    this.host.after(delay, () => {
      this.notice();
      this.probeIn(this.rhythm.probe());
    });
  }
}
