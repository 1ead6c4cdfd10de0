import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Burden, TraceEvent } from './event.ts';
import { MAX_COUNTED_NODES } from './traffic.ts';

/** What a lesson of a few hours does to a class, many times over. */
export const MAX_PHASES = 1_000;

/** A span of time in which the same nodes could speak to each other. */
export interface Phase {
  readonly from: Milliseconds;
  /** Infinity while it lasts. */
  readonly to: Milliseconds;
  /** The largest first; one alone where nothing is split. */
  readonly sides: readonly (readonly NodeId[])[];
}

/**
 * How the teacher's rules split a class at any time: from the orders that its nodes note. A way is shut
 * by a cut or a black hole, and two nodes are on one side if ways in both directions lead from the one to
 * the other. Orders are taken as they come, which is in order of time but for what was under way.
 */
export class Splits {
  private readonly shut = new Map<NodeId, ReadonlySet<NodeId>>();
  private readonly list: Phase[] = [];

  add(event: TraceEvent): void {
    if (!this.shut.has(event.node)) {
      if (this.shut.size >= MAX_COUNTED_NODES) return;
      this.shut.set(event.node, new Set());
      this.changed(event.at);
    }
    if (event.type !== 'order' || event.under === null) return;
    const closed = event.under.links.filter(({ rule }) => isShut(rule)).map(({ to }) => to);
    this.shut.set(event.node, new Set(closed));
    this.changed(event.at);
  }

  get phases(): readonly Phase[] {
    return this.list;
  }

  at(time: Milliseconds): Phase | undefined {
    return this.list.findLast(({ from }) => from <= time);
  }

  private changed(at: Milliseconds): void {
    const sides = this.sides();
    const last = this.list.at(-1);
    // Late comers of a side are one of it: what counts is whom it is parted from.
    if (last !== undefined && last.sides.length === 1 && sides.length === 1) {
      this.list[this.list.length - 1] = { ...last, sides };
      return;
    }
    if (JSON.stringify(last?.sides) === JSON.stringify(sides)) return;
    const from = Math.max(at, last?.from ?? at);
    if (last !== undefined) this.list[this.list.length - 1] = { ...last, to: from };
    this.list.push({ from, to: Infinity, sides });
    if (this.list.length > MAX_PHASES) this.list.shift();
  }

  private sides(): NodeId[][] {
    const left = new Set([...this.shut.keys()].sort());
    const sides: NodeId[][] = [];
    for (const first of left) {
      const side = new Set([first]);
      for (const one of side)
        for (const other of left) if (this.isOpen(one, other)) side.add(other);
      for (const id of side) left.delete(id);
      sides.push([...side].sort());
    }
    return sides.sort((a, b) => b.length - a.length);
  }

  private isOpen(a: NodeId, b: NodeId): boolean {
    return !this.shut.get(a)!.has(b) && !this.shut.get(b)!.has(a);
  }
}

function isShut(rule: Burden): boolean {
  return rule['cut'] === true || rule['blackhole'] === true;
}
