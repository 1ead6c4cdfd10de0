import type { Cancel, Host } from '../../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { UNKNOWN } from '../outcome.ts';
import type { WriteAnswer, WriteMessage } from './messages.ts';
import { refusal, writeEnded, type WriteOutcome } from './words.ts';

/** An answer of a class in one room is there within a tenth of this. */
const ATTEMPT_MS: Milliseconds = 500;

/** As long as an operation of the store takes at most. */
export const WRITE_TIMEOUT_MS: Milliseconds = 5_000;

/** Of one node, those that wait for their turn included. */
export const MAX_WRITES = 64;

export interface Write {
  readonly name: string;
  readonly token: number;
  readonly value: Json;
  readonly keeper: NodeId;
  readonly onEnd: (outcome: WriteOutcome) => void;
}

interface WriterOptions extends Pick<Host<never>, 'after' | 'incarnation'> {
  readonly send: (to: NodeId, message: WriteMessage) => void;
  readonly reaches: (id: NodeId) => boolean;
}

/**
 * The side that writes. One write of a name is under way at a time, and is sent again until it is
 * answered: so the keeper needs to remember no more than the last write of each.
 */
export class Writer {
  private readonly options: WriterOptions;
  private readonly lines = new Map<string, Write[]>();
  private readonly open = new Map<string, OpenWrite>();
  private size = 0;
  private last = 0;

  constructor(options: WriterOptions) {
    this.options = options;
  }

  write(write: Write): void {
    if (this.size === MAX_WRITES) return write.onEnd(refusal('busy'));
    this.size += 1;
    const line = this.lines.get(write.name) ?? [];
    this.lines.set(write.name, [...line, write]);
    if (line.length === 0) this.next(write);
  }

  answered(from: NodeId, answer: WriteAnswer): void {
    const open = this.open.get(answer.name);
    if (open === undefined || open.write.keeper !== from) return;
    if (answer.life !== this.options.incarnation || answer.number !== open.message.number) return;
    this.end(
      open.write,
      answer.type === 'refused'
        ? refusal(answer.why)
        : writeEnded(open.write.token, answer.newest, answer.taken),
    );
  }

  private next(write: Write): void {
    const { name, token, value, keeper } = write;
    const { after, reaches, incarnation: life } = this.options;
    if (!reaches(keeper)) return this.end(write, refusal('unreachable'));
    this.last += 1;
    const message: WriteMessage = { type: 'write', name, life, number: this.last, token, value };
    const timeout = after(WRITE_TIMEOUT_MS, () => this.end(write, UNKNOWN as { unknown: true }));
    this.open.set(name, { write, message, timeout, again: () => {} });
    this.attempt(this.open.get(name)!);
  }

  private attempt(open: OpenWrite): void {
    this.options.send(open.write.keeper, open.message);
    open.again = this.options.after(ATTEMPT_MS, () => this.attempt(open));
  }

  private end(write: Write, outcome: WriteOutcome): void {
    const { name } = write;
    const open = this.open.get(name);
    open?.timeout();
    open?.again();
    this.open.delete(name);
    this.size -= 1;
    const line = this.lines.get(name)!.slice(1);
    if (line.length > 0) this.lines.set(name, line);
    else this.lines.delete(name);
    write.onEnd(outcome);
    if (line.length > 0) this.next(line[0]!);
  }
}

interface OpenWrite {
  readonly write: Write;
  readonly message: WriteMessage;
  readonly timeout: Cancel;
  again: Cancel;
}
