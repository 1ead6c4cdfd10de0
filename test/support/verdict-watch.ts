import type { Verdict } from '../../src/membership/verdict.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Student } from './classroom.ts';

/** One node changed its mind about another, as its own trace has it. */
export interface Judgement {
  readonly observer: NodeId;
  readonly peer: NodeId;
  readonly verdict: Verdict;
  readonly reason: string;
  /** True time. */
  readonly at: Milliseconds;
}

/**
 * Reads what tabs judge of each other out of their traces, from when they were first looked at and
 * without a gap: what a node held for a moment only is seen too. A trace keeps the last 10,000 events,
 * so it has to be read every minute or so.
 */
export class VerdictWatch {
  readonly #read = new Map<Student, number>();

  /** All judgements of each since it was asked for the last time; none of one that is asked for the first. */
  async take(students: readonly Student[]): Promise<Judgement[]> {
    const taken = await Promise.all(students.map((student) => this.#takeFrom(student)));
    return taken.flat().sort((a, b) => a.at - b.at);
  }

  async #takeFrom(student: Student): Promise<Judgement[]> {
    const since = this.#read.get(student);
    const { first, last, judgements } = await student.page.evaluate(readTrace, since ?? 0);
    this.#read.set(student, last);
    if (since === undefined) return [];
    if (first !== null && first !== since + 1)
      throw new Error(`a trace was read up to event ${since}, and then it began with ${first}`);
    return judgements;
  }
}

interface Excerpt {
  readonly first: number | null;
  readonly last: number;
  readonly judgements: Judgement[];
}

/** Runs in the page. */
function readTrace(since: number): Excerpt {
  const events = window.netsplit!.trace({ since, limit: 1_000_000 });
  return {
    first: events[0]?.sequence ?? null,
    last: events.at(-1)?.sequence ?? since,
    judgements: events.flatMap((event) =>
      event.type === 'note' && event.kind === 'verdict'
        ? [
            {
              observer: event.node,
              peer: event.detail['peer'] as NodeId,
              verdict: event.detail['verdict'] as Judgement['verdict'],
              reason: String(event.detail['reason']),
              at: event.at,
            },
          ]
        : [],
    ),
  };
}
