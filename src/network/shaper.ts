import type { Milliseconds } from '../vocabulary.ts';
import type { Lane } from '../wire/lane.ts';
import { LossProcess } from './burst-loss.ts';
import type { Conditions } from './conditions.ts';
import { flipBits } from './corruption.ts';
import { happens, Journeys, type Journey } from './journey.ts';
import type { RandomSource } from './random-source.ts';
import { TokenBucket, type Bandwidth } from './token-bucket.ts';

/** Why a frame does not arrive. The sender hears of `cut` and `overflow`; the others are silent. */
type DropCause = 'cut' | 'blackhole' | 'overflow' | 'lost';

/** One arrival of a frame. Its bytes are shared with nobody. */
interface Copy {
  readonly at: Milliseconds;
  readonly bytes: Uint8Array;
  readonly damaged: boolean;
}

/** What becomes of a frame that was offered: no copy with the reason, one, or two. */
export interface Fate {
  readonly copies: readonly Copy[];
  readonly dropped: DropCause | null;
  /** What waits for the line now, this frame included if it was taken. */
  readonly queuedBytes: number;
  /** How long this frame waits for the line and is written to it. */
  readonly queueDelayMs: Milliseconds;
}

/**
 * One direction of a link under rules. It decides about each frame as it is offered, and has no
 * timers: the caller delivers the copies at their times. The rules SHAPER-1 to 9 are in README.md.
 *
 *     offer -> cut? blackhole? -> queue and line -> loss -+-> latency, reorder, corrupt -> copy
 *                                                         +-> the same again, if doubled -> copy
 */
export class Shaper {
  private conditions: Conditions;
  private readonly random: RandomSource;
  private readonly duplicate: RandomSource;
  private readonly journeys: Journeys;
  private readonly secondJourneys: Journeys;
  /** One for each loss that was ever in force at that place of the list. */
  private readonly lossRandoms: RandomSource[] = [];
  private losses: readonly LossProcess[];
  private bucket: TokenBucket | null;
  /** When the last stream frame arrives: the next one must not be earlier. */
  private streamArrival: Milliseconds = -Infinity;

  constructor(conditions: Conditions, random: RandomSource, now: Milliseconds) {
    this.conditions = conditions;
    this.random = random;
    this.duplicate = random.fork('duplicate');
    this.journeys = new Journeys(random);
    this.secondJourneys = new Journeys(random.fork('second'));
    this.losses = this.makeLosses();
    this.bucket = makeBucket(conditions.bandwidth, now, 0);
  }

  /**
   * Other rules from now on. What was accepted keeps its time; what waits for the line still counts
   * as waiting; chance goes on where it was.
   */
  change(conditions: Conditions, now: Milliseconds): void {
    this.conditions = conditions;
    this.losses = this.makeLosses();
    if (!sameBandwidth(this.bucket?.bandwidth ?? null, conditions.bandwidth)) {
      this.bucket = makeBucket(conditions.bandwidth, now, this.queuedBytes(now));
    }
  }

  /** The connection is a new one: nothing waits, and no earlier frame holds the stream up. */
  reopen(now: Milliseconds): void {
    this.bucket = makeBucket(this.conditions.bandwidth, now, 0);
    this.streamArrival = -Infinity;
  }

  queuedBytes(now: Milliseconds): number {
    return this.bucket?.queuedBytes(now) ?? 0;
  }

  /** @param now never earlier than at the call before */
  offer(now: Milliseconds, frame: Uint8Array, lane: Lane): Fate {
    const { conditions } = this;
    // Everything that chance decides is drawn for every frame, whatever becomes of it: so to take
    // away one fault leaves what the others do to the frames after it as it was.
    let lost = false;
    for (const loss of this.losses) if (loss.next()) lost = true;
    const doubled = happens(conditions.duplicate, this.duplicate);
    const first = this.journeys.draw(conditions, frame.length);
    const second = doubled ? this.secondJourneys.draw(conditions, frame.length) : null;

    if (conditions.cut) return this.drop('cut', now);
    if (conditions.blackhole) return this.drop('blackhole', now);
    const leavesAt = this.bucket === null ? now : this.bucket.take(now, frame.length);
    if (leavesAt === null) return this.drop('overflow', now);

    const at = this.arrival(leavesAt + first.takesMs, lane);
    const copies: Copy[] = [];
    if (!lost) {
      copies.push(copyOf(frame, at, first));
      if (second !== null) {
        // On the stream the second copy follows at once, and so holds up nothing.
        const again = lane === 'stream' ? at : leavesAt + second.takesMs;
        copies.push(copyOf(frame, again, second));
      }
    }
    return {
      copies,
      dropped: lost ? 'lost' : null,
      queuedBytes: this.queuedBytes(now),
      queueDelayMs: leavesAt - now,
    };
  }

  private drop(dropped: DropCause, now: Milliseconds): Fate {
    return { copies: [], dropped, queuedBytes: this.queuedBytes(now), queueDelayMs: 0 };
  }

  /** A lost frame keeps its place in the stream's order: those behind it arrive when they would have. */
  private arrival(at: Milliseconds, lane: Lane): Milliseconds {
    if (lane === 'datagram') return at;
    this.streamArrival = Math.max(at, this.streamArrival);
    return this.streamArrival;
  }

  private makeLosses(): LossProcess[] {
    return this.conditions.losses.map((loss, index) => {
      this.lossRandoms[index] ??= this.random.fork(`loss ${index}`);
      return new LossProcess(loss, this.lossRandoms[index].next);
    });
  }
}

function makeBucket(
  bandwidth: Bandwidth | null,
  now: Milliseconds,
  backlogBytes: number,
): TokenBucket | null {
  return bandwidth === null ? null : new TokenBucket(bandwidth, now, backlogBytes);
}

function sameBandwidth(a: Bandwidth | null, b: Bandwidth | null): boolean {
  return (
    a?.bytesPerSecond === b?.bytesPerSecond &&
    a?.queueBytes === b?.queueBytes &&
    a?.burstBytes === b?.burstBytes
  );
}

function copyOf(frame: Uint8Array, at: Milliseconds, { flips }: Journey): Copy {
  const bytes = frame.slice();
  if (flips !== null) flipBits(bytes, flips);
  return { at, bytes, damaged: flips !== null };
}
