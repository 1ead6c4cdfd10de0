import { answer } from '../processes/answer.ts';
import {
  delays,
  graph,
  measure,
  TEXT,
  type FloodLoad,
  type FloodRun,
} from '../processes/flood-graph.ts';

/**
 * The least that can flood: a binary heap of messages by time, and a handler that passes each one on.
 * No clocks, no bytes, no checks; everyone gets the same object.
 */

interface Message {
  readonly id: string;
  readonly origin: string;
  readonly payload: string;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly from: number;
  readonly to: number;
  readonly message: Message;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

class Heap {
  private readonly heap: Entry[] = [];

  push(entry: Entry): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): Entry | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function run(load: FloodLoad): FloodRun {
  const neighbours = Array.from({ length: load.nodes }, (): number[] => []);
  for (const [a, b] of graph(load)) {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  }
  const seen = neighbours.map(() => new Set<string>());
  const heap = new Heap();
  const delay = delays();
  let now = 0;
  let order = 0;
  let told = 0;
  let deliveries = 0;

  const spread = (node: number, message: Message, cameFrom: number) => {
    seen[node]!.add(message.id);
    for (const to of neighbours[node]!) {
      if (to !== cameFrom) {
        heap.push({ time: now + delay(), order: order++, from: node, to, message });
      }
    }
  };
  return measure(
    load,
    (node) => {
      told += 1;
      spread(node, { id: `node${node}.1.${told}`, origin: `node${node}`, payload: TEXT }, -1);
    },
    () => {
      for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
        now = entry.time;
        deliveries += 1;
        const { to, from, message } = entry;
        if (!seen[to]!.has(message.id)) spread(to, message, from);
      }
    },
    () => deliveries,
  );
}

answer({ run });
