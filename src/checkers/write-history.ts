import { writeEdnText } from './edn.ts';
import { NEMESIS, type LineType } from './history-lines.ts';
import { KEY_VALUE, REGISTER, type Vocabulary } from './history-vocabulary.ts';
import type { History, Operation } from './history.ts';
import type { Cell, CellAction } from './models.ts';

/**
 * A history of one register as lines that `parseRegisterHistory` reads, a line break after each.
 *
 * @throws {RangeError} if the register's vocabulary has no words for something in it
 */
export function writeRegisterHistory(history: History<CellAction>): string {
  return writeHistory(history, REGISTER);
}

/** The same of a key-value store, for `parseKeyValueHistory`. Its cells hold texts, and never nil. */
export function writeKeyValueHistory(history: History<CellAction>): string {
  return writeHistory(history, KEY_VALUE);
}

/** Something that a client asked or was told, on its way into a line. */
interface Instant {
  readonly at: number;
  readonly isCall: boolean;
  readonly operation: Operation<CellAction>;
}

/**
 * An order of lines says all that a checker asks: who had returned before whom was called. At one
 * instant nobody comes first, so calls stand before returns there.
 */
function writeHistory(history: History<CellAction>, vocabulary: Vocabulary): string {
  const instants = history.flatMap((operation): Instant[] => [
    { at: operation.calledAt, isCall: true, operation },
    { at: operation.returnedAt, isCall: false, operation },
  ]);
  // Stable: of one instant and kind, as they stand in the history.
  instants.sort((a, b) => (a.at === b.at ? Number(b.isCall) - Number(a.isCall) : a.at - b.at));
  const writer = new LineWriter(vocabulary, new Set(history.map(({ process }) => process)));
  return instants.map((instant) => writer.line(instant)).join('');
}

class LineWriter {
  private readonly vocabulary: Vocabulary;
  private readonly taken: Set<string>;
  /** The name that each open operation was asked under. */
  private readonly open = new Map<Operation<CellAction>, string>();
  private readonly free = new Map<string, string[]>();

  constructor(vocabulary: Vocabulary, processes: ReadonlySet<string>) {
    this.vocabulary = vocabulary;
    this.taken = new Set(processes);
    // Readers pass over what the nemesis did, so no client may have its name.
    for (const process of processes) {
      this.free.set(process, process === NEMESIS ? [] : [process]);
    }
  }

  line({ isCall, operation }: Instant): string {
    const { action, outcome } = operation;
    const type: LineType = isCall ? 'invoke' : outcome === 'unknown' ? 'info' : outcome;
    const process = isCall ? this.nameFor(operation) : this.release(operation);
    const head = `:process ${writeEdnText(process)}, :type :${type}, :f :${this.word(action.kind)}`;
    return `{${head}${this.keyOf(action)}, :value ${this.valueOf(action, isCall)}}\n`;
  }

  private word(kind: CellAction['kind']): string {
    for (const [word, known] of this.vocabulary.kinds) if (known === kind) return word;
    throw new RangeError(`this model has no word for ${kind}`);
  }

  private keyOf({ key }: CellAction): string {
    if (this.vocabulary.hasKeys) return `, :key ${writeEdnText(key)}`;
    if (key === '') return '';
    throw new RangeError(`this model has one cell without a name, and not ${key}`);
  }

  /**
   * A process asks one thing at a time. One that asks again while it waits, as a client does that
   * gave up, goes on under another name, as Jepsen's do.
   */
  private nameFor(operation: Operation<CellAction>): string {
    const { process } = operation;
    const name = this.free.get(process)!.pop() ?? this.newName(process);
    this.open.set(operation, name);
    return name;
  }

  private release(operation: Operation<CellAction>): string {
    const name = this.open.get(operation)!;
    this.open.delete(operation);
    this.free.get(operation.process)!.push(name);
    return name;
  }

  private newName(process: string): string {
    let number = 2;
    while (this.taken.has(`${process}/${number}`)) number += 1;
    const name = `${process}/${number}`;
    this.taken.add(name);
    return name;
  }

  private valueOf(action: CellAction, isCall: boolean): string {
    switch (action.kind) {
      case 'read':
        return isCall || action.value === undefined ? 'nil' : this.cell(action.value);
      case 'write':
      case 'append':
        return this.cell(action.value);
      case 'cas':
        return `[${this.cell(action.from)} ${this.cell(action.to)}]`;
      case 'delete':
        return 'nil';
    }
  }

  private cell(value: Cell): string {
    if (value === this.vocabulary.nil) return 'nil';
    if (value === null) throw new RangeError('this model has no nil');
    return writeEdnText(value);
  }
}
