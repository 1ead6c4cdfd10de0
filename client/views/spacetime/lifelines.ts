import { firstIndex } from '../../../src/trace/by-time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { Fed } from './catch-up.ts';

export type Liveliness = 'up' | 'paused' | 'down';

/** So long the node was in this state; `to` is null while it still is. */
export interface Stretch {
  readonly state: Liveliness;
  readonly from: Milliseconds;
  readonly to: Milliseconds | null;
}

/** When each node lived, stood still, and was dead, as its own events say. */
export class Lifelines implements Fed {
  private readonly changes = new Map<NodeId, { state: Liveliness; from: Milliseconds }[]>();

  reset(): void {
    this.changes.clear();
  }

  /** The events of a node come in order. */
  take(event: TraceEvent): void {
    let changes = this.changes.get(event.node);
    if (changes === undefined) {
      this.changes.set(event.node, (changes = [{ state: 'up', from: event.at }]));
    }
    const become = (state: Liveliness, from = event.at) => {
      if (changes.at(-1)!.state !== state) changes.push({ state, from });
    };
    if (event.type === 'start' || event.type === 'resume') become('up');
    else if (event.type === 'crash' || event.type === 'stop') become('down');
    else if (event.type === 'pause') {
      // One that is noticed when it is over began earlier, but not before what happened last.
      const began = event.lengthMs === null ? event.at : event.at - event.lengthMs;
      become('paused', Math.max(began, changes.at(-1)!.from));
      if (event.lengthMs !== null) become('up');
    }
  }

  /** Those that reach into the time between. */
  between(node: NodeId, from: Milliseconds, to: Milliseconds): Stretch[] {
    const changes = this.changes.get(node) ?? [];
    const first = Math.max(0, firstIndex(changes.length, (i) => changes[i]!.from > from) - 1);
    const end = firstIndex(changes.length, (i) => changes[i]!.from > to);
    return changes.slice(first, end).map((change, i) => ({
      ...change,
      to: changes[first + i + 1]?.from ?? null,
    }));
  }
}
