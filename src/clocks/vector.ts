import { parseNodeId, type Incarnation, type NodeId } from '../vocabulary.ts';
import { firstTick, type Tick } from './tick.ts';

/** What one moment knew of each node. A node that is not in it counts as 0. */
export type Vector = ReadonlyMap<NodeId, Tick>;

/**
 * The same as two columns: how it is kept and how it travels, because filling arrays costs a tenth
 * of filling a map. A node's own clock keeps them in the order of the ids.
 */
export interface VectorEntries {
  readonly ids: readonly NodeId[];
  readonly ticks: readonly Tick[];
}

/**
 * A node's vector as it was when it sent something. Many share the columns, for between two messages
 * that a node hears only its own tick rises: so that stands apart, and the one in `ticks` may lag.
 */
export interface VectorSnapshot extends VectorEntries {
  readonly ownAt: number;
  readonly own: Tick;
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
  /** Sorted. Never changed in place, because snapshots share it. */
  private ids: readonly NodeId[];
  /** The node's own entry lags until somebody looks at `entries`. */
  private ticks: Tick[];
  private own: Tick;
  private ownAt = 0;
  /** Snapshots hold `ticks`: it is not to be changed in place. */
  private isShared = false;

  constructor(self: NodeId, incarnation: Incarnation) {
    this.ids = [self];
    this.own = firstTick(incarnation);
    this.ticks = [this.own];
  }

  /** As it is at this moment. */
  get now(): Vector {
    const { ids, ticks } = this.entries;
    return new Map(ids.map((id, i) => [id, ticks[i]!]));
  }

  /** The same, in place: it changes with the next event. */
  get entries(): VectorEntries {
    if (this.ticks[this.ownAt] !== this.own) this.unshared()[this.ownAt] = this.own;
    return { ids: this.ids, ticks: this.ticks };
  }

  /** The same, to keep: costs nothing where nothing was heard since the one before. */
  snapshot(): VectorSnapshot {
    this.isShared = true;
    return { ids: this.ids, ticks: this.ticks, ownAt: this.ownAt, own: this.own };
  }

  /** An event of this node. */
  tick(): void {
    this.own += 1;
  }

  /**
   * Takes in all that the sender of a message knew. What others say of this node itself is skipped:
   * nobody knows more of it than it does, so a higher entry is damage.
   */
  merge(heard: VectorEntries | VectorSnapshot): void {
    if (heard.ids === this.ids) this.raiseAll(heard.ticks);
    else this.join(heard);
    if (!('own' in heard)) return;
    const sender = heard.ids[heard.ownAt]!;
    const at = placeOf(sender, this.ids, Math.min(heard.ownAt, this.ids.length));
    if (this.ids[at] === sender) this.raise(at, heard.own);
  }

  /** Of the very same nodes, in a row: a quarter less of all that a message costs a hundred nodes. */
  private raiseAll(heard: readonly Tick[]): void {
    const { ticks } = this;
    for (let at = 0; at < heard.length; at++) {
      if (heard[at]! > ticks[at]!) this.raise(at, heard[at]!);
    }
  }

  private raise(at: number, tick: Tick): void {
    if (tick > this.ticks[at]! && at !== this.ownAt) this.unshared()[at] = tick;
  }

  /**
   * Both sides are sorted, and in a steady class they name the same nodes, so the entry looked for
   * is nearly always the next one. That is far cheaper than to look each up in a map.
   */
  private join(heard: VectorEntries | VectorSnapshot): void {
    const { ids } = this;
    let at = 0;
    let unknown = 0;
    for (let i = 0; i < heard.ids.length; i++) {
      const id = heard.ids[i]!;
      if (ids[at] !== id) at = placeOf(id, ids, at);
      if (ids[at] === id) this.raise(at++, heard.ticks[i]!);
      else unknown += 1;
    }
    if (unknown > 0) this.takeIn(heard);
    // The same nodes: from now on both have one column, and the next merge sees it at a glance.
    else if ('own' in heard && heard.ids.length === ids.length) this.ids = heard.ids;
  }

  /** Makes room for nodes that were not known before, as many as there may be. */
  private takeIn(heard: VectorEntries): void {
    const self = this.ids[this.ownAt]!;
    const ids = this.ids.slice();
    const ticks = this.unshared();
    let at = 0;
    for (let i = 0; i < heard.ids.length && ids.length < MAX_VECTOR_ENTRIES; i++) {
      const id = heard.ids[i]!;
      at = placeOf(id, ids, at);
      if (ids[at] === id) continue;
      ids.splice(at, 0, id);
      ticks.splice(at, 0, heard.ticks[i]!);
    }
    this.ids = ids;
    this.ownAt = ids.indexOf(self);
  }

  /** The ticks, to be changed in place. */
  private unshared(): Tick[] {
    if (this.isShared) this.ticks = this.ticks.slice();
    this.isShared = false;
    return this.ticks;
  }
}

/** Where `id` stands, or would stand. What comes in order is looked for from the one before it on. */
function placeOf(id: NodeId, ids: readonly NodeId[], from: number): number {
  let at = from > 0 && ids[from - 1]! >= id ? 0 : from;
  while (at < ids.length && ids[at]! < id) at += 1;
  return at;
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

export function entriesToJson({ ids, ticks }: VectorEntries): { [node: string]: Tick } {
  const json: { [node: string]: Tick } = {};
  for (let i = 0; i < ids.length; i++) json[ids[i]!] = ticks[i]!;
  return json;
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
