import type { Cancel, Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Reply } from './commands.ts';
import { Errand, type Way } from './errand.ts';
import type { Answer, Ask, Asked } from './messages.ts';

export interface AskerOptions extends Pick<Host<never>, 'incarnation' | 'random'> {
  /** Slowed down as elections are. */
  readonly after: (delayMs: Milliseconds, callback: () => void) => Cancel;
  /** Never answered within the call. */
  readonly send: (to: NodeId, ask: Ask) => void;
  /** Who can be asked, this node itself among them. */
  readonly reachable: () => readonly NodeId[];
  /** Who leads, as far as this node knows. */
  readonly leader: () => NodeId | null;
}

/** All errands of a client: it tells their attempts apart, and each answer whose it is. */
export class Asker {
  private readonly options: AskerOptions;
  private readonly way: Way;
  private readonly attempts = new Map<number, Errand>();
  private last = 0;
  /** Who answered last out of the log. */
  private answerer: NodeId | null = null;

  constructor(options: AskerOptions) {
    this.options = options;
    this.way = {
      leader: () => options.leader() ?? this.answerer,
      reachable: options.reachable,
      random: options.random,
      after: options.after,
      send: (errand, to) => this.attempt(errand, to),
    };
  }

  ask(asked: Asked, onReply: (reply: Reply) => void): Errand {
    const errand = new Errand(asked, this.way, (reply) => {
      this.forget(errand);
      onReply(reply);
    });
    errand.start();
    return errand;
  }

  /** Nobody waits for it any more. */
  giveUp(errand: Errand): void {
    errand.stop();
    this.forget(errand);
  }

  answered(from: NodeId, answer: Answer): void {
    // An answer to an earlier life: nobody is left who asked.
    if (answer.life !== this.options.incarnation) return;
    if (answer.type === 'answer') this.answerer = from;
    this.attempts.get(answer.attempt)?.answered(from, answer);
  }

  unreachable(id: NodeId): void {
    for (const errand of new Set(this.attempts.values())) errand.unreachable(id);
  }

  private attempt(errand: Errand, to: NodeId): number {
    this.last += 1;
    const { incarnation: life } = this.options;
    this.attempts.set(this.last, errand);
    this.options.send(to, { type: 'ask', life, attempt: this.last, asked: errand.asked });
    return this.last;
  }

  private forget(errand: Errand): void {
    for (const [attempt, owner] of this.attempts) {
      if (owner === errand) this.attempts.delete(attempt);
    }
  }
}
