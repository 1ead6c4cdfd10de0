import { boardOf, type Board } from '../../src/merge/board.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { BoardConsole } from './board-console.ts';

/** The board as every tab has it that was asked for it. */
export const board = {
  definition: boardOf([...OUR_ENGINES, (world) => new YjsEngine(world)]),
  consoleOf: (board: Board, nameOf: (id: NodeId) => string) => new BoardConsole(board, nameOf),
};
