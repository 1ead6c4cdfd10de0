import { boardOf } from '../../src/merge/board.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';

/** The board as every tab has it. It is fetched when the node is in the mesh. */
export const board = boardOf([...OUR_ENGINES, (world) => new YjsEngine(world)]);

export { BoardConsole } from './board-console.ts';
