import { parseNodeId, type Incarnation, type NodeId } from '../vocabulary.ts';
import { firstTick, type Tick } from './tick.ts';

/** What one moment knew of each node. A node that is not in it counts as 0. */
export type Vector = ReadonlyMap<NodeId, Tick>;

/** The same as two columns: how it travels, because filling arrays costs a tenth of filling a map. */
export interface VectorEntries {
  readonly ids: readonly NodeId[];
  readonly ticks: readonly Tick[];
}

/** How two moments stand to each other. `concurrent`: neither could have known of the other. */
export type Order = 'before' | 'after' | 'equal' | 'concurrent';

/**
 * Four rooms of the largest size: all tabs that come and go in a day's lessons. In a frame they are
 * 5 kB at most. Nodes beyond it are not taken in: their order is then missed (`concurrent`), but no
 * order is ever invented, because the entries that are there stay true.
 */
export const MAX_VECTOR_ENTRIES = 256;

/** A node's own vector clock. It rises with every event of the node and with all it hears. */
export class VectorClock {
  private readonly ticks = new Map<NodeId, Tick>();
  private readonly self: NodeId;
  private own: Tick;

  constructor(self: NodeId, incarnation: Incarnation) {
    this.self = self;
    this.own = firstTick(incarnation);
    this.ticks.set(self, this.own);
  }

  get now(): Vector {
    return this.ticks;
  }

  /** An event of this node. */
  tick(): void {
    this.own += 1;
    this.ticks.set(this.self, this.own);
  }

  /**
   * Takes in all that the sender of a message knew. What others say of this node itself is skipped:
   * nobody knows more of it than it does, so a higher entry is damage.
   */
  merge({ ids, ticks }: VectorEntries): void {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const heard = ticks[i]!;
      const known = this.ticks.get(id);
      if (known === undefined) {
        if (this.ticks.size < MAX_VECTOR_ENTRIES) this.ticks.set(id, heard);
      } else if (heard > known && id !== this.self) {
        this.ticks.set(id, heard);
      }
    }
  }
}

/** The least moment that knows all that both know. */
export function mergeVectors(a: Vector, b: Vector): Vector {
  const merged = new Map(a);
  for (const [id, tick] of b) merged.set(id, Math.max(tick, merged.get(id) ?? 0));
  return merged;
}

/** `before` if `a` happened before `b`, that is: `b` knew all that `a` knew, and more. */
export function compareVectors(a: Vector, b: Vector): Order {
  const aKnown = covers(b, a);
  const bKnown = covers(a, b);
  if (aKnown) return bKnown ? 'equal' : 'before';
  return bKnown ? 'after' : 'concurrent';
}

/** Does `big` know all that `small` knows? */
function covers(big: Vector, small: Vector): boolean {
  for (const [id, tick] of small) if (tick > (big.get(id) ?? 0)) return false;
  return true;
}

export function vectorToJson(vector: Vector): { [node: string]: Tick } {
  return Object.fromEntries(vector);
}

/** Reads what `vectorToJson` wrote; keys that are no node ids are left out. */
export function vectorFromJson(json: { readonly [node: string]: Tick }): Vector {
  const vector = new Map<NodeId, Tick>();
  for (const [key, tick] of Object.entries(json)) {
    const id = parseNodeId(key);
    if (id !== undefined) vector.set(id, tick);
  }
  return vector;
}
