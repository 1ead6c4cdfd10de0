import type { Detail } from '../../runtime/host.ts';
import type { NodeId } from '../../vocabulary.ts';
import type { Copies } from './copies.ts';
import type { Answer, Question } from './messages.ts';
import { textOf, type VersionCounter } from './version.ts';

/** So much of a value stands in a note: enough to see which it is. */
const NOTED_CHARACTERS = 80;

export interface KeeperOptions {
  readonly self: NodeId;
  readonly copies: Copies;
  readonly counter: VersionCounter;
  readonly note: (kind: string, detail: Detail) => void;
}

/** The side that keeps copies: it says what it holds, and takes what is newer. */
export class Keeper {
  private readonly options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  answer(question: Question): Answer {
    const { copies } = this.options;
    const { home, key } = question;
    if (question.type === 'take') return this.take(question);
    const { version, value } = copies.of(home, key);
    return { did: 'told', version, value: question.brief ? null : value };
  }

  private take({ home, key, version, value }: Extract<Question, { type: 'take' }>): Answer {
    const { copies, counter } = this.options;
    counter.saw(version);
    const before = copies.of(home, key).version;
    const did = copies.take(home, key, { version, value });
    const now = copies.of(home, key).version;
    if (now !== before) this.note(home, { key, version: textOf(version) }, JSON.stringify(value));
    return { did, version: now, value: null };
  }

  private note(home: NodeId, what: Detail, text: string): void {
    const { self, note } = this.options;
    const detail = { ...what, value: text.slice(0, NOTED_CHARACTERS) };
    if (home === self) note('copy', detail);
    else note('hint', { for: home, ...detail });
  }
}
