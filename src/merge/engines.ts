import { CrdtEngine } from './crdt/crdt-engine.ts';
import type { EngineFactory } from './engine-set.ts';
import { LastWriteWins } from './lww/lww.ts';
import { byHybridClock, byWallClock } from './lww/stamp.ts';
import { Siblings } from './siblings/siblings.ts';

/** The engines of our own: they are small, and every node has them. */
export const OUR_ENGINES: readonly EngineFactory[] = [
  (world) => new LastWriteWins(byWallClock, world),
  (world) => new LastWriteWins(byHybridClock, world),
  () => new Siblings(),
  () => new CrdtEngine(),
];
