import type { NodeId } from '../../vocabulary.ts';
import type { Command, Reply } from './commands.ts';
import type { Consensus, Proposed } from '../consensus.ts';
import type { KeyValueMachine } from './machine.ts';
import type { Answer, Ask } from './messages.ts';

interface ServerOptions {
  /** Null while this node takes part in no log. */
  readonly consensus: () => Consensus | null;
  readonly machine: KeyValueMachine;
  readonly answer: (to: NodeId, answer: Answer) => void;
}

/** The side that leads: it puts into the log what clients ask, and tells them what came of it. */
export class KvServer {
  private readonly options: ServerOptions;

  constructor(options: ServerOptions) {
    this.options = options;
  }

  asked(from: NodeId, { life, attempt, asked }: Ask): void {
    const { answer, machine } = this.options;
    const consensus = this.options.consensus();
    const which = { life, attempt };
    if (consensus?.isLeader() !== true) return answer(from, this.notTaken(which));
    if (asked.type === 'read') {
      consensus.read((isCurrent) => {
        const value = isCurrent ? machine.get(asked.key) : null;
        answer(from, isCurrent ? { type: 'answer', ...which, value } : this.notTaken(which));
      });
    } else {
      const command: Command = asked;
      consensus.propose(command, (end) => answer(from, this.endOf(which, end)));
    }
  }

  private endOf(which: Pick<Ask, 'life' | 'attempt'>, end: Proposed): Answer {
    if (end.ok) {
      const reply = end.answer as Reply;
      return reply.ok
        ? { type: 'answer', ...which, value: reply.value }
        : { type: 'refused', ...which, reason: reply.reason };
    }
    if (end.reason === 'lost') return { type: 'lost', ...which, leader: this.leader };
    return this.notTaken(which, end.reason === 'full' ? 'busy' : 'not-leader');
  }

  private notTaken(
    which: Pick<Ask, 'life' | 'attempt'>,
    why: 'not-leader' | 'busy' = 'not-leader',
  ): Answer {
    return { type: 'not-taken', ...which, why, leader: this.leader };
  }

  private get leader(): NodeId | null {
    return this.options.consensus()?.leader() ?? null;
  }
}
