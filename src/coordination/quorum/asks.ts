import type { NodeId } from '../../vocabulary.ts';
import type { Answer, Question } from './messages.ts';

/** A question that has an answerer. */
export interface Ask {
  /** The same question once more: it may have been lost, and answering it twice does no harm. */
  again(): void;
  /** Nobody waits for it any more. */
  forget(): void;
}

interface Open {
  readonly to: NodeId;
  readonly onAnswer: (answer: Answer) => void;
}

/** All questions that this node has open: it tells for each answer whose it is. */
export class Asks {
  private readonly send: (to: NodeId, number: number, question: Question) => void;
  private readonly open = new Map<number, Open>();
  private last = 0;

  constructor(send: (to: NodeId, number: number, question: Question) => void) {
    this.send = send;
  }

  /** `onAnswer` is called at most once, and never within this. */
  ask(to: NodeId, question: Question, onAnswer: (answer: Answer) => void): Ask {
    const number = (this.last += 1);
    this.open.set(number, { to, onAnswer });
    const again = () => {
      if (this.open.has(number)) this.send(to, number, question);
    };
    again();
    return { again, forget: () => this.open.delete(number) };
  }

  answered(from: NodeId, number: number, answer: Answer): void {
    const open = this.open.get(number);
    if (open?.to !== from) return;
    this.open.delete(number);
    open.onAnswer(answer);
  }
}
