import * as v from 'valibot';
import type { Cancel, Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { answerSchema, requestSchema, Sessions, type Answer, type Request } from './sessions.ts';

/**
 * A client sends again after so long, and then after twice as long each time. Most answers take less
 * and a slow disk's takes more, so late answers are met too; and when a fault that kept an answer back
 * is over, others have time to act before the command comes again.
 */
const FIRST_RETRY_MS: Milliseconds = 500;

/** Half a minute in all, longer than faults last. Then the client gives up. */
const MAX_TRIES = 6;

const VALUE_KEY = '/value';

const commandSchema = v.variant('kind', [
  v.object({ kind: v.literal('read') }),
  v.object({ kind: v.literal('write'), value: v.string() }),
  v.object({ kind: v.literal('cas'), from: v.string(), to: v.string() }),
]);
export type Command = v.InferOutput<typeof commandSchema>;

const messageSchema = v.variant('type', [
  v.object({ type: v.literal('ask'), request: requestSchema, command: commandSchema }),
  v.object({ type: v.literal('answer'), request: requestSchema, answer: answerSchema }),
]);
type Message = v.InferOutput<typeof messageSchema>;

/** What this node, as a client, has asked and was not answered yet. */
interface Open {
  readonly request: Request;
  readonly onEnd: (answer: Answer | null) => void;
  cancelRetry: Cancel;
}

/**
 * A register of text that each node keeps, on its disk, for its neighbours. It begins as the empty
 * text. Commands and answers get lost, so a client sends a command until it is answered, and whoever
 * keeps the register executes it once: to all its clients it is one cell, whatever crashes.
 */
export class SharedRegister implements Protocol<Message> {
  private readonly host: Host<Message>;
  private readonly sessions: Sessions;
  private open: Open | null = null;
  private asked = 0;

  constructor(host: Host<Message>) {
    this.host = host;
    this.sessions = new Sessions(host.store);
  }

  start(): void {}

  stop(): void {}

  /**
   * A client asks one thing at a time. `onEnd` hears the answer, or null if the client gave up: then
   * nobody knows what became of the command.
   */
  ask(keeper: NodeId, command: Command, onEnd: (answer: Answer | null) => void): void {
    if (this.open !== null) throw new Error('one command is open: give it up first');
    this.asked += 1;
    const request = { life: this.host.incarnation, number: this.asked };
    this.open = { request, onEnd, cancelRetry: () => {} };
    this.send(keeper, { type: 'ask', request, command }, this.open, 0);
  }

  giveUp(): void {
    this.end(null);
  }

  receive(from: NodeId, message: Message): void {
    if (message.type === 'answer') return this.answered(message.request, message.answer);
    const { request, command } = message;
    const answer = this.sessions.once(from, request, () => this.execute(command));
    if (answer !== null) this.host.send(from, { type: 'answer', request, answer });
  }

  inspect(): Json {
    return { value: this.value, asked: this.asked, open: this.open !== null };
  }

  /** Late answers come too: to what was asked before, or by an earlier life. */
  protected awaits(request: Request): boolean {
    return request.life === this.host.incarnation && request.number === this.asked;
  }

  private answered(request: Request, answer: Answer): void {
    if (this.awaits(request)) this.end(answer);
  }

  private execute(command: Command): Answer {
    if (command.kind === 'read') return { done: true, value: this.value };
    if (command.kind === 'cas' && this.value !== command.from)
      return { done: false, value: this.value };
    const value = command.kind === 'write' ? command.value : command.to;
    this.host.store.put(VALUE_KEY, value);
    return { done: true, value };
  }

  private get value(): string {
    return v.parse(v.string(), this.host.store.get(VALUE_KEY) ?? '');
  }

  private send(keeper: NodeId, message: Message, open: Open, tried: number): void {
    this.host.send(keeper, message);
    open.cancelRetry = this.host.after(FIRST_RETRY_MS * 2 ** tried, () => {
      if (tried + 1 < MAX_TRIES) this.send(keeper, message, open, tried + 1);
      else this.giveUp();
    });
  }

  private end(answer: Answer | null): void {
    if (this.open === null) return;
    const { cancelRetry, onEnd } = this.open;
    this.open = null;
    cancelRetry();
    onEnd(answer);
  }
}

export const sharedRegister: ProtocolDefinition<Message, SharedRegister> = {
  name: 'register',
  version: 1,
  schema: messageSchema,
  lane: 'stream',
  create: (host) => new SharedRegister(host),
};
