import type { Cancel } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Ask, Asks } from './asks.ts';
import type { Answer, Question } from './messages.ts';

/** Longer than any good link and disk take together; who says nothing for so long is asked again. */
export const ATTEMPT_MS: Milliseconds = 1_000;

/** What a round needs of the world. */
export interface Way {
  readonly asks: Asks;
  /** Can it be asked now? This node itself always can. */
  readonly reaches: (id: NodeId) => boolean;
  readonly after: (delayMs: Milliseconds, callback: () => void) => Cancel;
}

/** Where a key's copies live, and who stands in for those that cannot be reached: in this order. */
export interface Places {
  readonly homes: readonly NodeId[];
  /** None where the quorum is strict. */
  readonly standIns: readonly NodeId[];
}

/**
 * One question to all copies of a key. A copy that says nothing in time is asked again; one that
 * cannot be reached, or says nothing for the whole of an attempt, is stood in for. Whoever of the two
 * answers first speaks for that copy, so each copy counts once.
 */
export class Round {
  private readonly places: Places;
  private readonly way: Way;
  private readonly question: (home: NodeId) => Question;
  private readonly onAnswer: (home: NodeId, from: NodeId, answer: Answer) => void;
  private readonly asked = new Map<NodeId, Map<NodeId, Ask>>();
  private readonly standingIn = new Map<NodeId, NodeId>();
  private readonly answered = new Set<NodeId>();
  private unanswered = 0;
  private cancel: Cancel = () => {};

  constructor(
    places: Places,
    way: Way,
    question: (home: NodeId) => Question,
    onAnswer: (home: NodeId, from: NodeId, answer: Answer) => void,
  ) {
    this.places = places;
    this.way = way;
    this.question = question;
    this.onAnswer = onAnswer;
  }

  /** How many copies have answered. */
  get heard(): number {
    return this.answered.size;
  }

  /** How many more may answer what they were asked. */
  get awaited(): number {
    return this.asked.size - this.answered.size;
  }

  /** Somebody who was asked has not answered: what became of the question is not known. */
  get isOpen(): boolean {
    return this.unanswered > 0;
  }

  /** @param known copies that need not be asked */
  start(known: ReadonlySet<NodeId> = new Set()): void {
    const left = this.places.homes.filter((home) => !known.has(home) && !this.answered.has(home));
    for (const home of left) this.askFor(home);
    this.cancel = this.way.after(ATTEMPT_MS, () => this.start(known));
  }

  /** Nobody is asked any more; answers still come. */
  rest(): void {
    this.cancel();
  }

  /** Nor are answers heard. */
  stop(): void {
    this.cancel();
    for (const asks of this.asked.values()) for (const ask of asks.values()) ask.forget();
  }

  private askFor(home: NodeId): void {
    const wasSilent = this.asked.get(home)?.has(home) === true;
    if (this.way.reaches(home)) this.ask(home, home);
    if (this.way.reaches(home) && !wasSilent) return;
    const standIn = this.standInFor(home);
    if (standIn !== undefined) this.ask(home, standIn);
  }

  /** One that stands in for no other copy, and goes on doing so. */
  private standInFor(home: NodeId): NodeId | undefined {
    const before = this.standingIn.get(home);
    if (before !== undefined && this.way.reaches(before)) return before;
    const taken = new Set(this.standingIn.values());
    const free = this.places.standIns.find((id) => !taken.has(id) && this.way.reaches(id));
    if (free !== undefined) this.standingIn.set(home, free);
    return free;
  }

  private ask(home: NodeId, to: NodeId): void {
    let asks = this.asked.get(home);
    if (asks === undefined) this.asked.set(home, (asks = new Map()));
    const before = asks.get(to);
    if (before !== undefined) return before.again();
    this.unanswered += 1;
    const ask = this.way.asks.ask(to, this.question(home), (answer) => {
      this.unanswered -= 1;
      if (this.answered.has(home)) return;
      this.answered.add(home);
      this.onAnswer(home, to, answer);
    });
    asks.set(to, ask);
  }
}
