import { firstTick, type Tick } from '../clocks/tick.ts';
import type { Incarnation } from '../vocabulary.ts';
import { firstIndex } from './by-time.ts';
import type { TraceEvent } from './event.ts';

/** The event's own entry in its vector: a number that rises from event to event of a node, over all its lives. */
export function tickOf({
  incarnation,
  sequence,
}: Pick<TraceEvent, 'incarnation' | 'sequence'>): Tick {
  return firstTick(incarnation) + sequence;
}

/**
 * The recorded events of one node in the order in which they happened, over all its lives. Numbers
 * may be missing. Adding at the end is O(1), elsewhere O(n); finding a place is O(log n).
 */
export class Timeline {
  private readonly list: TraceEvent[] = [];

  get events(): readonly TraceEvent[] {
    return this.list;
  }

  /** In whatever order they come. False for one that is there already. */
  add(event: TraceEvent): boolean {
    const at = this.countUpTo(tickOf(event));
    if (this.holdsAt(at - 1, event)) return false;
    if (at === this.list.length) this.list.push(event);
    else this.list.splice(at, 0, event);
    return true;
  }

  remove(event: TraceEvent): void {
    const at = this.countUpTo(tickOf(event)) - 1;
    if (this.holdsAt(at, event)) this.list.splice(at, 1);
  }

  /** How many of the events have this tick or a lower one. */
  countUpTo(tick: Tick): number {
    const { list } = this;
    const last = list.at(-1);
    if (last === undefined || tickOf(last) <= tick) return list.length;
    return firstIndex(list.length, (at) => tickOf(list[at]!) > tick);
  }

  /** Of each life before `life`, the last event that was recorded; the newest life first. */
  *endsBefore(life: Incarnation): Generator<TraceEvent> {
    for (;;) {
      const end = this.list[this.countUpTo(firstTick(life)) - 1];
      if (end === undefined) return;
      yield end;
      life = end.incarnation;
    }
  }

  /**
   * The first event of a life, the lives in order, that `holds` is true of. Within a life it must
   * stay true once it is.
   */
  firstWhere(holds: (event: TraceEvent) => boolean): TraceEvent | undefined {
    const { list } = this;
    for (let start = 0; start < list.length;) {
      const end = this.countUpTo(firstTick(list[start]!.incarnation + 1));
      const at = firstIndex(end, (index) => holds(list[index]!), start);
      if (at < end) return list[at];
      start = end;
    }
    return undefined;
  }

  private holdsAt(at: number, event: TraceEvent): boolean {
    const there = this.list[at];
    return there !== undefined && tickOf(there) === tickOf(event);
  }
}
