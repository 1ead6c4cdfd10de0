import type { RegisterSetting } from '../../network/register-setting.ts';
import type { Cancel } from '../../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import type { OnEnd, Outcome } from '../outcome.ts';
import type { Answer, Question } from './messages.ts';
import { Round, type Places, type Way } from './round.ts';
import type { Held, Version } from './version.ts';

/** Four attempts; a person waits no longer, and a client on another node waits for five seconds. */
export const REQUEST_MS: Milliseconds = 4_000;

/** What a request needs of the node that coordinates it. */
export interface Desk extends Way {
  readonly setting: RegisterSetting;
  readonly places: (key: string) => Places;
  /** A version above all that this node has seen. */
  readonly nextVersion: () => Version;
  /** Gives a copy something newer than it has; nobody waits for the answer. */
  readonly mend: (to: NodeId, question: Question) => void;
}

/** Something that a client asked for, until it ends. */
export abstract class Request {
  protected readonly key: string;
  protected readonly desk: Desk;
  private readonly onEnd: OnEnd;
  private readonly cancel: Cancel;
  private rounds: Round[] = [];
  private isOver = false;

  constructor(key: string, desk: Desk, onEnd: OnEnd) {
    this.key = key;
    this.desk = desk;
    this.onEnd = onEnd;
    this.cancel = desk.after(REQUEST_MS, () => this.end(this.verdict()));
  }

  protected get hasEnded(): boolean {
    return this.isOver;
  }

  /** Answers may still come. */
  get isOpen(): boolean {
    return this.rounds.some((round) => round.isOpen);
  }

  abstract start(): void;

  /** How it ends if nothing else comes; `instead` is the refusal where nothing can have been done. */
  abstract verdict(instead?: Outcome): Outcome;

  /** No answer is heard any more. */
  stop(): void {
    this.cancel();
    for (const round of this.rounds) round.stop();
    this.rounds = [];
  }

  end(outcome: Outcome): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancel();
    for (const round of this.rounds) round.rest();
    this.onEnd(outcome);
  }

  protected round(
    question: (home: NodeId) => Question,
    onAnswer: (home: NodeId, from: NodeId, answer: Answer) => void,
  ): Round {
    const { desk, key } = this;
    const round = new Round(desk.places(key), desk, question, onAnswer);
    this.rounds.push(round);
    return round;
  }

  protected tell(home: NodeId, brief: boolean): Question {
    return { type: 'tell', key: this.key, home, brief };
  }

  protected take(home: NodeId, { version, value }: Held): Question {
    return { type: 'take', key: this.key, home, version: version!, value };
  }

  protected done(version: Version | null, value?: Json): Outcome {
    const mark = version && { key: this.key, ...version };
    return { ok: true, ...(value !== undefined && { value }), mark };
  }
}
