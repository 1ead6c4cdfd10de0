import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import { inSeconds } from './by-silence.ts';
import type { FailureDetector, Working } from './detector.ts';

/** A question that is out: when it left, and for how long an answer is waited for. */
interface Question {
  readonly at: Milliseconds;
  readonly waitMs: Milliseconds;
  excusedMs: Milliseconds;
}

/**
 * SWIM: who was asked, directly and then through others, and let nobody have an answer in time. It
 * keeps the books; `probes.ts` does the asking. Beats are nothing special here.
 */
export class SwimDetector implements FailureDetector {
  readonly name = 'swim';
  /** Null for one that owes no answer. */
  private readonly open = new Map<NodeId, Question | null>();

  watch(id: NodeId): void {
    this.open.set(id, null);
  }

  /** It was asked now. An older question that is still out counts on, unless this one ends sooner. */
  asked(id: NodeId, now: Milliseconds, waitMs: Milliseconds): void {
    const before = this.open.get(id);
    if (before === undefined) return;
    if (before !== null && waitedMs(before, now) + waitMs >= before.waitMs) return;
    this.open.set(id, { at: now, waitMs, excusedMs: 0 });
  }

  heard(id: NodeId): void {
    if (this.open.has(id)) this.open.set(id, null);
  }

  /** Somebody else has had its answer, or it was heard elsewhere. */
  vouched(id: NodeId): void {
    this.heard(id);
  }

  beat(): void {}

  excuse(gapMs: Milliseconds): void {
    for (const question of this.open.values()) if (question !== null) question.excusedMs += gapMs;
  }

  forget(id: NodeId): void {
    this.open.delete(id);
  }

  suspects(id: NodeId, now: Milliseconds): boolean {
    const question = this.open.get(id) ?? null;
    return question !== null && waitedMs(question, now) >= question.waitMs;
  }

  working(id: NodeId, now: Milliseconds): Working | null {
    const question = this.open.get(id);
    if (question === undefined) return null;
    return {
      detector: this.name,
      suspects: this.suspects(id, now),
      level: question === null ? 0 : Math.min(1, waitedMs(question, now) / question.waitMs),
      threshold: 1,
      unit: 'probes',
      reason: this.words(question, now),
      gaps: [],
      expected: null,
    };
  }

  private words(question: Question | null, now: Milliseconds): string {
    if (question === null) return 'it answered the last question';
    const waited = inSeconds(waitedMs(question, now));
    return waitedMs(question, now) < question.waitMs
      ? `asked ${waited} ago, no answer yet`
      : `asked ${waited} ago, and neither this node nor others that it asked had an answer`;
  }
}

function waitedMs({ at, excusedMs }: Question, now: Milliseconds): Milliseconds {
  return now - at - excusedMs;
}
