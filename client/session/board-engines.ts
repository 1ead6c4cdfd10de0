import { boardOf, type Board } from '../../src/merge/board.ts';
import type { EngineFactory } from '../../src/merge/engine-set.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { timed } from './board/timed-engine.ts';
import { BoardConsole } from './board-console.ts';

const ALL: readonly EngineFactory[] = [...OUR_ENGINES, (world) => new YjsEngine(world)];

const now = () => performance.now();

/** The board as every tab has it that was asked for it. */
export const board = {
  definition: boardOf(ALL.map((make) => timed(make, now))),
  consoleOf: (board: Board, nameOf: (id: NodeId) => string) => new BoardConsole(board, nameOf),
};
