import type { Milliseconds } from '../vocabulary.ts';

export type Verdict = 'alive' | 'suspect' | 'dead';

/** One lost ping is an accident and two are bad luck: at 10% loss three in a row come once in 1,000. */
export const SUSPECT_AFTER_MISSED = 3;

/** By then a person has noticed too. A tab that only reloads is back in half of this. */
export const DEAD_AFTER_MS: Milliseconds = 10_000;

/** What is known of one neighbour, and the verdict that follows from it. */
export class Neighbour {
  verdict: Verdict = 'alive';
  reason = 'its link opened';
  /** The last round trip, not a mean: who slows a link wants to see it at the next ping. */
  rttMs: Milliseconds | null = null;
  open = true;
  private readonly openedAt: Milliseconds;
  private heardAt: Milliseconds | null = null;
  private missed = 0;
  /** What of its silence was this node's own: it did not run, and so could hear nobody. */
  private deafMs: Milliseconds = 0;
  /** The ping that is not answered yet. */
  private asked: { readonly number: number; readonly at: Milliseconds } | null = null;

  constructor(now: Milliseconds) {
    this.openedAt = now;
  }

  /** A ping goes out. If the one before it is still unanswered, that one was missed. */
  ask(number: number, now: Milliseconds): void {
    if (this.asked !== null) this.missed += 1;
    this.asked = { number, at: now };
  }

  /** The answer to an older ping is a sign of life, which `heard` noted, and no measurement. */
  answered(number: number, now: Milliseconds): void {
    if (this.asked?.number !== number) return;
    this.rttMs = now - this.asked.at;
    this.asked = null;
  }

  heard(now: Milliseconds): void {
    this.heardAt = now;
    this.missed = 0;
    this.deafMs = 0;
  }

  /**
   * This node did not run for `gapMs`. The silence of that time says nothing, and the ping that was
   * out then is forgotten: it was not missed, and its answer would measure the gap.
   */
  excuse(gapMs: Milliseconds): void {
    this.deafMs += gapMs;
    this.asked = null;
  }

  close(): void {
    this.open = false;
  }

  silentFor(now: Milliseconds): Milliseconds | null {
    return this.heardAt === null ? null : now - this.heardAt;
  }

  /**
   * Says whether the verdict has changed.
   *
   * @param stretch how many times seldomer than once a second it is asked
   */
  judge(now: Milliseconds, stretch: number): boolean {
    const before = this.verdict;
    const silence = now - (this.heardAt ?? this.openedAt) - this.deafMs;
    if (!this.open) this.decide('dead', 'its link closed');
    else if (silence >= DEAD_AFTER_MS * stretch) this.decide('dead', 'it was silent too long');
    else if (this.missed >= SUSPECT_AFTER_MISSED) this.decide('suspect', 'it missed three pings');
    else if (this.heardAt !== null) this.decide('alive', 'it was heard');
    return this.verdict !== before;
  }

  private decide(verdict: Verdict, reason: string): void {
    this.verdict = verdict;
    this.reason = reason;
  }
}
