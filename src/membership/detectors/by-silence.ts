import type { DetectorName } from '../../network/room-choices.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { FailureDetector, Working } from './detector.ts';
import { Watched } from './watched.ts';

/** What a detector makes of a silence. */
type Thought = Pick<Working, 'level' | 'threshold' | 'unit' | 'expected'>;

/** Detectors that wait for beats: they differ in how long a silence they put up with. */
export abstract class BySilence implements FailureDetector {
  abstract readonly name: DetectorName;
  private readonly watched = new Map<NodeId, Watched>();

  protected abstract think(silentMs: Milliseconds, of: Watched): Thought;

  /** What `threshold` and `level` say, as the end of a sentence. */
  protected abstract words(thought: Thought): string;

  /** Is a time between two beats worth learning from? */
  protected abstract learnsFrom(gapMs: Milliseconds, of: Watched): boolean;

  watch(id: NodeId, now: Milliseconds): void {
    this.watched.set(id, new Watched(now));
  }

  heard(id: NodeId, now: Milliseconds): void {
    this.watched.get(id)?.heard(now);
  }

  beat(id: NodeId, now: Milliseconds, everyMs: Milliseconds): void {
    const of = this.watched.get(id);
    const gapMs = of?.beat(now, everyMs) ?? null;
    if (gapMs !== null && this.learnsFrom(gapMs, of!)) of!.window.add(gapMs);
  }

  excuse(gapMs: Milliseconds, now: Milliseconds): void {
    for (const of of this.watched.values()) of.excuse(gapMs, now);
  }

  forget(id: NodeId): void {
    this.watched.delete(id);
  }

  suspects(id: NodeId, now: Milliseconds): boolean {
    const of = this.watched.get(id);
    if (of === undefined) return false;
    const { level, threshold } = this.think(of.silentMs(now), of);
    return level >= threshold;
  }

  working(id: NodeId, now: Milliseconds): Working | null {
    const of = this.watched.get(id);
    if (of === undefined) return null;
    const silentMs = of.silentMs(now);
    const thought = this.think(silentMs, of);
    return {
      detector: this.name,
      suspects: thought.level >= thought.threshold,
      ...thought,
      reason: `silent for ${inSeconds(silentMs)}; ${this.words(thought)}`,
      gaps: [...of.window.gaps],
    };
  }
}

/** A span as a sentence has it. */
export function inSeconds(ms: Milliseconds): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
