import type { TraceEvent } from '../../src/trace/event.ts';

export interface CausalVerdict {
  /** Messages of which both the sending and the receipt are in the traces. */
  readonly messages: number;
  /** Ordered pairs of events that were compared. */
  readonly pairs: number;
  /** Where the vector clocks say something else than the messages. */
  readonly disagreements: readonly string[];
}

/** Enough to see what is wrong, few enough to read. */
const SHOWN = 10;

/**
 * Holds the vector clocks of whole traces, one a node and from its start on, against true
 * happened-before: the order within each node and from each sending to its receipts, and nothing
 * else. Traces end at different moments; what was received but not yet seen being sent is cut off.
 */
export function causalOrder(traces: readonly (readonly TraceEvent[])[]): CausalVerdict {
  const events = consistentCut(traces);
  const position = new Map(events.map((event, index) => [key(event), index]));
  const sendings = sendingsOf(events);
  const past: Uint32Array[] = [];
  const words = Math.ceil(events.length / 32);
  let messages = 0;

  for (const [index, event] of events.entries()) {
    const mine = new Uint32Array(words);
    const causes = [position.get(`${event.node}/${event.incarnation}/${event.sequence - 1}`)];
    if (event.type === 'receive') {
      messages++;
      causes.push(sendings.get(`${event.from}>${event.node}#${event.message}`));
    }
    for (const cause of causes) {
      if (cause === undefined) continue;
      past[cause]!.forEach((word, at) => (mine[at]! |= word));
      mine[cause >> 5]! |= 1 << (cause & 31);
    }
    past[index] = mine;
  }

  const disagreements: string[] = [];
  let pairs = 0;
  for (const [b, later] of events.entries()) {
    for (const [a, earlier] of events.entries()) {
      if (a === b) continue;
      pairs++;
      const truly = (past[b]![a >> 5]! & (1 << (a & 31))) !== 0;
      const claimed = before(earlier.vector, later.vector);
      if (truly !== claimed && disagreements.length < SHOWN)
        disagreements.push(`${key(earlier)} → ${key(later)}: truly ${truly}, by clocks ${claimed}`);
    }
  }
  return { messages, pairs, disagreements };
}

/** In an order in which every cause stands before its effects. */
function consistentCut(traces: readonly (readonly TraceEvent[])[]): TraceEvent[] {
  const taken: TraceEvent[] = [];
  const sent = new Set<string>();
  const next = traces.map(() => 0);
  for (let moved = true; moved;) {
    moved = false;
    for (const [which, trace] of traces.entries()) {
      for (; next[which]! < trace.length; next[which]!++) {
        const event = trace[next[which]!]!;
        if (event.type === 'receive' && !sent.has(`${event.from}>${event.node}#${event.message}`))
          break;
        if (event.type === 'send') sent.add(`${event.node}>${event.to}#${event.message}`);
        taken.push(event);
        moved = true;
      }
    }
  }
  return taken;
}

function sendingsOf(events: readonly TraceEvent[]): Map<string, number> {
  const sendings = new Map<string, number>();
  for (const [index, event] of events.entries())
    if (event.type === 'send') sendings.set(`${event.node}>${event.to}#${event.message}`, index);
  return sendings;
}

function key(event: TraceEvent): string {
  return `${event.node}/${event.incarnation}/${event.sequence}`;
}

type Vector = TraceEvent['vector'];

/** Deliberately not the product's own comparison. */
function before(a: Vector, b: Vector): boolean {
  const ids = new Set([...Object.keys(a), ...Object.keys(b)]);
  let less = false;
  for (const id of ids) {
    const x = a[id] ?? 0;
    const y = b[id] ?? 0;
    if (x > y) return false;
    if (x < y) less = true;
  }
  return less;
}
