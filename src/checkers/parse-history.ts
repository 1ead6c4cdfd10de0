import { isKeyword, Malformed, type Edn } from './edn.ts';
import { readHistoryLine, type HistoryLine } from './history-lines.ts';
import { KEY_VALUE, REGISTER, type Vocabulary } from './history-vocabulary.ts';
import type { History, Operation } from './history.ts';
import type { Cell, CellAction } from './models.ts';

/** The instants of the operations are the numbers of their lines, from 1. */
export type ParsedHistory =
  | { readonly ok: true; readonly history: History<CellAction> }
  | { readonly ok: false; readonly line: number; readonly problem: string };

export function parseRegisterHistory(text: string): ParsedHistory {
  return parseHistory(text, REGISTER);
}

export function parseKeyValueHistory(text: string): ParsedHistory {
  return parseHistory(text, KEY_VALUE);
}

function parseHistory(text: string, vocabulary: Vocabulary): ParsedHistory {
  const pairing = new Pairing(vocabulary);
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    try {
      const read = readHistoryLine(line);
      if (read !== undefined) pairing.take(read, i + 1);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { ok: false, line: i + 1, problem: error.message };
    }
  }
  const history = pairing.finish();
  if (history.length > 0) return { ok: true, history };
  return { ok: false, line: lines.length, problem: 'The file ends, and no operation was in it.' };
}

interface Open {
  readonly action: CellAction;
  readonly f: string;
  readonly calledAt: number;
}

/** Puts what a process was told together with what it had asked: it asks one thing at a time. */
class Pairing {
  private readonly vocabulary: Vocabulary;
  private readonly operations: Operation<CellAction>[] = [];
  private readonly open = new Map<string, Open>();

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
  }

  take(line: HistoryLine, number: number): void {
    const { process, f } = line;
    const open = this.open.get(process);
    if (line.type === 'invoke') {
      if (open !== undefined) {
        throw new Malformed(
          `Process ${process} asks again before it has heard of what it asked in line ${open.calledAt}.`,
        );
      }
      this.open.set(process, { action: this.asked(line), f, calledAt: number });
      return;
    }
    if (open === undefined) throw new Malformed(`Process ${process} is told what it never asked.`);
    if (f !== open.f) {
      throw new Malformed(
        `Process ${process} is told of :${f}, but in line ${open.calledAt} it asked for :${open.f}.`,
      );
    }
    this.open.delete(process);
    this.close(line, open, number);
  }

  /** Whatever nobody was told of may have happened. */
  finish(): History<CellAction> {
    for (const [process, open] of this.open) this.addUnknown(process, open);
    return this.operations;
  }

  private close(line: HistoryLine, open: Open, returnedAt: number): void {
    const { process, type } = line;
    const { calledAt, action } = open;
    if (type === 'info') {
      this.addUnknown(process, open);
    } else if (type === 'ok') {
      const told = this.told(line, action);
      this.operations.push({ process, action: told, outcome: 'ok', calledAt, returnedAt });
    } else if (action.kind === 'cas' && !isReason(line.value)) {
      // It has seen another value. Any other failure did nothing and says nothing, so it is left out.
      this.told(line, action);
      this.operations.push({ process, action, outcome: 'fail', calledAt, returnedAt });
    }
  }

  private addUnknown(process: string, { action, calledAt }: Open): void {
    this.operations.push({
      process,
      action,
      outcome: 'unknown',
      calledAt,
      returnedAt: Infinity,
    });
  }

  private asked(line: HistoryLine): CellAction {
    const kind = this.vocabulary.kinds.get(line.f);
    if (kind === undefined) {
      const known = [...this.vocabulary.kinds.keys()].map((f) => `:${f}`).join(', ');
      throw new Malformed(`This model has no :${line.f}; it has ${known}.`);
    }
    const key = this.keyOf(line);
    if (kind === 'read' || kind === 'delete') return { kind, key };
    if (kind === 'cas') return { kind, key, ...this.fromAndTo(line.value) };
    const value = this.cell(line.value);
    if (kind === 'write') return { kind, key, value };
    return { kind, key, value: value ?? '' };
  }

  /** What is known now: a read has its value. All else must say what was asked. */
  private told(line: HistoryLine, asked: CellAction): CellAction {
    if (this.keyOf(line) !== asked.key) {
      throw new Malformed(`Process ${line.process} is told of another key than it asked for.`);
    }
    if (asked.kind === 'read') return { ...asked, value: this.cell(line.value) };
    if (!isSame(this.asked(line), asked)) {
      throw new Malformed(`Process ${line.process} is told of another value than it asked for.`);
    }
    return asked;
  }

  private keyOf({ key }: HistoryLine): string {
    if (!this.vocabulary.hasKeys) return '';
    if (typeof key !== 'string') throw new Malformed('The :key is missing: a text or a number.');
    return key;
  }

  private cell(value: Edn): Cell {
    if (value === null) return this.vocabulary.nil;
    if (typeof value === 'string') return value;
    throw new Malformed('A value is nil, a number or a text.');
  }

  private fromAndTo(value: Edn): { readonly from: Cell; readonly to: Cell } {
    if (!Array.isArray(value) || value.length !== 2) {
      throw new Malformed('A :cas has two values: [from to].');
    }
    const [from, to] = value as [Edn, Edn];
    return { from: this.cell(from), to: this.cell(to) };
  }
}

/** Such as `:timed-out` where a value would be. */
function isReason(value: Edn): boolean {
  return isKeyword(value);
}

function isSame(a: CellAction, b: CellAction): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
