import type { Json } from '../../vocabulary.ts';
import { checkOf, REFUSED } from '../../wire/schema-check.ts';
import { commandSchema, type Command, type Reply } from './commands.ts';
import type { StateMachine } from '../consensus.ts';
import { Entries } from './entries.ts';
import { EMPTY, isImage, type Image } from './image.ts';
import { checksumOf } from './parts-digest.ts';
import { Sessions } from './sessions.ts';

const isCommand = checkOf(commandSchema);

/** The key-value store as every node of the log makes it: the rules KV-1 to KV-8 stand in README.md. */
export class KeyValueMachine implements StateMachine {
  /** Hears which keys may hold something else than before. */
  onChange: (keys: readonly string[] | 'all') => void = () => {};
  private readonly entries = new Entries();
  private readonly sessions = new Sessions();

  apply(command: Json, index: number): Json {
    const checked = isCommand(command);
    if (checked === REFUSED) return { ok: false, reason: 'bad-command' };
    return this.execute(checked as Command, index);
  }

  /** How many keys hold something. */
  get size(): number {
    return this.entries.size;
  }

  get(key: string): Json {
    return this.entries.get(key);
  }

  snapshot(): Json {
    return { entries: this.entries.all(), sessions: this.sessions.all() };
  }

  restore(state: Json): void {
    if (state !== null && !isImage(state)) throw new TypeError('no snapshot of a key-value store');
    const { entries, sessions } = state === null ? EMPTY : (state as unknown as Image);
    this.entries.restore(entries);
    this.sessions.restore(sessions);
    this.onChange('all');
  }

  digest(): number {
    return checksumOf([this.entries.digest, this.sessions.digest]);
  }

  /** Keys and what they hold, in the order in which they came. */
  all(): readonly { readonly key: string; readonly value: Json }[] {
    return this.entries.all().map(([key]) => ({ key, value: this.entries.get(key) }));
  }

  private execute(command: Command, index: number): Reply {
    switch (command.type) {
      case 'open':
        return this.sessions.open(command.client, index);
      case 'get':
        return { ok: true, value: this.entries.get(command.key) };
      case 'act':
        return this.sessions.once(command, index, () => {
          const reply = this.entries.do(command.deed);
          if (reply.ok) this.onChange([command.deed.key]);
          return reply;
        });
    }
  }
}
