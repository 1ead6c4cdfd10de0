import { expect } from 'vitest';
import type { EngineWorld, MergeEngine, Operation } from '../../src/merge/engine.ts';
import { idOf, type Deed, type IntentId, type Replica } from '../../src/merge/intent.ts';
import { testNodeId } from './node-ids.ts';

/** One student's board in one engine, and what has left it so far. */
export class MergeDesk {
  readonly self: Replica;
  readonly engine: MergeEngine;
  readonly said: Operation[] = [];
  #number = 0;

  constructor(index: number, make: (world: Pick<EngineWorld, 'self'>) => MergeEngine) {
    this.self = { node: testNodeId(index), life: 1 };
    this.engine = make({ self: this.self });
  }

  do(deed: Deed): IntentId {
    const intent = { author: this.self, number: ++this.#number, seen: new Map(), wall: 0, deed };
    const operation = this.engine.apply(intent);
    if (operation !== null) this.said.push(operation);
    return idOf(intent);
  }

  hear(...operations: readonly Operation[]): void {
    for (const operation of operations) expect(this.engine.receive(operation)).toBe(true);
  }

  /** Of one field: `intent#index` of each atom, in the order in which they stand there. */
  atoms(key: string): string[] {
    const field = this.engine.provenance().find((each) => each.key === key);
    return (field?.atoms ?? []).map(({ intent, index }) => `${intent}#${index}`);
  }
}

/** Each tells the other what it lacks. */
export function compare(a: MergeDesk, b: MergeDesk): void {
  b.hear(...a.engine.missing(b.engine.digest())!);
  a.hear(...b.engine.missing(a.engine.digest())!);
}
