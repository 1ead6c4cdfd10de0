import * as v from 'valibot';
import { compareHybrid, MAX_LOGICAL, MAX_PHYSICAL, type HybridTime } from '../../clocks/hybrid.ts';
import { compareDots, type Dot } from '../dot.ts';
import type { EngineName, EngineWorld } from '../engine.ts';
import type { Intent } from '../intent.ts';
import { tupleOf } from '../tuple-of.ts';

/** When a write was made, by its author's clock, and by whom. No two are equal. */
export interface Stamp extends Dot {
  readonly time: HybridTime;
}

/** Above 0 if `a` wins. Of the same time the higher node id, life and number wins: never who came last. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return compareHybrid(a.time, b.time) || compareDots(a, b);
}

/** By which clock writes are stamped. */
export interface Stamping {
  readonly engine: EngineName;
  readonly schema: v.GenericSchema<unknown, [number, number]>;
  stamp(intent: Intent, world: EngineWorld): HybridTime;
  heard(time: HybridTime, world: EngineWorld): void;
}

/** The time of day as the author's machine believes it. Nobody's clock learns from another's. */
export const byWallClock: Stamping = {
  engine: 'lww',
  schema: tupleOf(
    v.pipe(
      v.number(),
      v.check((number: number) => Number.isFinite(number)),
    ),
    v.literal(0),
  ),
  stamp: ({ wall }) => ({ physical: wall, logical: 0 }),
  heard() {},
};

/** The hybrid clock: never behind the wall clock, and always ahead of every stamp that was heard. */
export const byHybridClock: Stamping = {
  engine: 'lww-hybrid',
  schema: tupleOf(wholeUpTo(MAX_PHYSICAL), wholeUpTo(MAX_LOGICAL)),
  stamp: (_intent, { hybridClock }) => hybridClock.tick(),
  heard: (time, { hybridClock }) => hybridClock.heard(time),
};

function wholeUpTo(limit: number) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(limit));
}
