import { boardOf, type Board } from '../../src/merge/board.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import { addBoard, type Program } from '../../src/program/program.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Timers } from '../platform/timers.ts';
import { BoardConsole } from './board-console.ts';
import { editAll } from './board-orders.ts';
import { tellTallies } from './board-tallies.ts';

const definition = boardOf([...OUR_ENGINES, (world) => new YjsEngine(world)]);

/** The board as every tab has it that was asked for it. */
export const board = {
  addTo(node: Node, program: Program, timers: Timers): void {
    tellTallies(addBoard(node, program, definition), node, timers);
  },
  editAll,
  consoleOf: (board: Board, nameOf: (id: NodeId) => string) => new BoardConsole(board, nameOf),
};
