import * as automerge from '@automerge/automerge';
import { HybridClock, type HybridTime } from '../../../src/clocks/hybrid.ts';
import { AutomergeEngine } from '../../../src/merge/automerge/automerge-engine.ts';
import type { EngineName, EngineWorld, MergeEngine, Operation } from '../../../src/merge/engine.ts';
import { OUR_ENGINES } from '../../../src/merge/engines.ts';
import type { EngineFactory } from '../../../src/merge/engine-set.ts';
import type { Replica } from '../../../src/merge/intent.ts';
import { YjsEngine } from '../../../src/merge/yjs/yjs-engine.ts';
import { decodeBody } from '../../../src/wire/body.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { traceOf, type TracedEdit } from './merge-trace.ts';

/** What is merged, by which engine, and how many edits of it. */
export interface MergeLoad {
  readonly engine: EngineName;
  readonly edits: number;
}

const READER: Replica = { node: testNodeId(9), life: 1 };

const FACTORIES: readonly EngineFactory[] = [
  ...OUR_ENGINES,
  (world) => new YjsEngine(world),
  (world) => new AutomergeEngine(world, automerge),
];

/** @param self who it works for; unless given, somebody who only reads */
export function engineOf({ engine }: Pick<MergeLoad, 'engine'>, self = READER): MergeEngine {
  const made = FACTORIES.map((make) => make(worldOf(self)));
  return made.find(({ name }) => name === engine)!;
}

function worldOf(self: Replica): EngineWorld {
  const clock = new HybridClock(() => 0);
  const hybridClock = { tick: () => clock.tick(), heard: (time: HybridTime) => void clock.receive(time) }; // prettier-ignore
  return { self, wallClock: () => 0, hybridClock, random: () => 0 };
}

const made = new Map<string, readonly TracedEdit[]>();

export function editsOf(load: MergeLoad): readonly TracedEdit[] {
  const key = JSON.stringify(load);
  const trace = made.get(key) ?? traceOf((self) => engineOf(load, self), load.edits);
  made.set(key, trace);
  return trace;
}

/** Yjs's own bytes within an operation. */
export function updateIn(operation: Operation): Uint8Array {
  return (bodyOf(operation) as [unknown, Uint8Array])[1].slice();
}

/** Automerge's. */
export function changeIn(operation: Operation): Uint8Array {
  return (bodyOf(operation) as unknown[] as [0, 0, 0, 0, { change: Uint8Array }])[4].change.slice();
}

function bodyOf(operation: Operation): unknown {
  const body = decodeBody(operation);
  if (!body.ok) throw new Error('an operation that cannot be read');
  return body.value;
}
