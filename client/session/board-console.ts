import type { Board } from '../../src/merge/board.ts';
import type { EngineCosts } from '../../src/merge/engine-set.ts';
import { ENGINES, type BoardValue, type Conflict, type EngineName, type EngineSize } from '../../src/merge/engine.ts'; // prettier-ignore
import { idOf, KINDS, type Deed, type IntentId, type Scalar } from '../../src/merge/intent.ts';
import type { Fate } from '../../src/merge/ledger/ledger.ts';
import { sentence } from '../../src/merge/ledger/sentence.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { trueTime } from '../platform/true-time.ts';

/** Of an edit. */
interface Told {
  readonly intent: IntentId;
  readonly at: Milliseconds;
}

interface ToldEntry {
  readonly intent: IntentId;
  readonly do: Deed['do'];
  readonly key: string;
  readonly fate: Fate;
  readonly by: IntentId | null;
  readonly sentence: string;
}

type ToldLedger = Readonly<Record<Fate, number>> & { readonly entries: readonly ToldEntry[] };

/** What `netsplit.board` does, on the board of the node's present life. All values are JSON. */
export class BoardConsole {
  #board: Board;
  #nameOf: (id: NodeId) => string;
  #lacks: string | null;

  /** @param lacks in a sentence, why the board has not all engines */
  constructor(board: Board, nameOf: (id: NodeId) => string, lacks: string | null) {
    this.#board = board;
    this.#nameOf = nameOf;
    this.#lacks = lacks;
  }

  set(key: string, value: Scalar): Told {
    return this.#edit({ do: 'set', key, value });
  }

  increment(key: string, by = 1): Told {
    return this.#edit({ do: 'increment', key, by });
  }

  add(key: string, item: string): Told {
    return this.#edit({ do: 'add', key, item });
  }

  remove(key: string, item: string): Told {
    return this.#edit({ do: 'remove', key, item });
  }

  type(key: string, position: number, text: string): Told {
    return this.#edit({ do: 'type', key, position, text });
  }

  erase(key: string, position: number, count = 1): Told {
    return this.#edit({ do: 'erase', key, position, count });
  }

  /** Into an ordered list. */
  insert(key: string, position: number, item: string): Told {
    return this.#edit({ do: 'insert', key, position, item });
  }

  drop(key: string, position: number): Told {
    return this.#edit({ do: 'drop', key, position });
  }

  move(key: string, from: number, to: number): Told {
    return this.#edit({ do: 'move', key, from, to });
  }

  engines(): readonly EngineName[] {
    return this.#board.engineNames;
  }

  /** One plain object by key. */
  state(engine: EngineName): { [key: string]: Json } {
    return plainState(this.#engine(engine).engine.value());
  }

  conflicts(engine: EngineName): readonly Conflict[] {
    return this.#engine(engine).engine.conflicts();
  }

  /** What has become of all edits that this node knows of, by engine. */
  ledger(): { [engine: string]: ToldLedger } {
    const ledgers = Array.from(this.#board.ledger(), ([engine, { counts, entries }]) => {
      const told = entries.map((entry): ToldEntry => {
        const { intent, fate, by } = entry;
        const { do: what, key } = intent.deed;
        const said = sentence(entry, this.#nameOf);
        return { intent: idOf(intent), do: what, key, fate, by: by && idOf(by), sentence: said };
      });
      return [engine, { ...counts, entries: told }] as const;
    });
    return Object.fromEntries(ledgers);
  }

  /** Bytes and operations, by engine. */
  costs(): { [engine: string]: EngineCosts & EngineSize } {
    return Object.fromEntries(
      this.#board.engineNames.map((name) => {
        const { costs, engine } = this.#engine(name);
        return [name, { ...costs, ...engine.size() }];
      }),
    );
  }

  #edit(deed: Deed): Told {
    return { intent: this.#board.edit(deed).intent, at: trueTime() };
  }

  #engine(name: EngineName) {
    const engine = this.#board.engine(name);
    if (engine) return engine;
    if (ENGINES.includes(name) && this.#lacks !== null) throw new Error(this.#lacks);
    const names = this.#board.engineNames.join(', ');
    throw new Error(`There is no engine '${name}'. There are: ${names}.`);
  }
}

/** Keys of fields; one that two kinds share is told apart by the kind: `title` and `title (text)`. */
function plainState(board: BoardValue): { [key: string]: Json } {
  const state = new Map<string, Json>();
  for (const kind of KINDS) {
    for (const [key, value] of board[kind])
      state.set(state.has(key) ? `${key} (${kind})` : key, value);
  }
  return Object.fromEntries(state);
}
