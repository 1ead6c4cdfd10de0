import { AutomergeEngine } from '../../src/merge/automerge/automerge-engine.ts';
import { boardOf, type Board } from '../../src/merge/board.ts';
import type { EngineFactory } from '../../src/merge/engine-set.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Fetched } from '../platform/fetch-bytes.ts';
import type { Timers } from '../platform/timers.ts';
import { readyAutomerge } from './automerge.ts';
import { timed } from './board/timed-engine.ts';
import { BoardConsole } from './board-console.ts';
import { editAll } from './board-orders.ts';
import { tellTallies } from './board-tallies.ts';

/** What a tab fetches to take part in the board. */
export interface BoardParts {
  readonly definition: ReturnType<typeof boardOf>;
  readonly consoleOf: (board: Board, nameOf: (id: NodeId) => string) => BoardConsole;
  readonly editAll: typeof editAll;
  readonly tellTallies: typeof tellTallies;
  /** In a sentence, why this tab's board lacks an engine; null if it has all. */
  readonly lacks: string | null;
}

const now = () => performance.now();

const SMALL_ENGINES: readonly EngineFactory[] = [...OUR_ENGINES, (world) => new YjsEngine(world)];

/**
 * The board with all engines from its first edit on, or without Automerge, if that cannot be had.
 *
 * @param tell hears how much of Automerge is there
 */
export async function fetchEngines(
  timers: Timers,
  tell: (fetched: Fetched) => void,
): Promise<BoardParts> {
  try {
    const automerge = await readyAutomerge(timers, tell);
    return partsOf([...SMALL_ENGINES, (world) => new AutomergeEngine(world, automerge)], null);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return partsOf(
      SMALL_ENGINES,
      `This tab’s board goes without Automerge, which could not be loaded: ${why}. Reload the page to try again.`,
    );
  }
}

function partsOf(engines: readonly EngineFactory[], lacks: string | null): BoardParts {
  return {
    definition: boardOf(engines.map((make) => timed(make, now))),
    consoleOf: (board, nameOf) => new BoardConsole(board, nameOf, lacks),
    lacks,
    editAll,
    tellTallies,
  };
}
