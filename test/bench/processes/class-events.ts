import * as v from 'valibot';
import { ping } from '../../../src/membership/ping.ts';
import type { Host } from '../../../src/runtime/host.ts';
import type { Protocol } from '../../../src/runtime/protocol.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { timeSync } from '../../../src/timesync/time-sync.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

/** A class of 24, all linked, that sends 500 messages a second beside its pings and its time sync. */

const NODES = 24;
const MESSAGES_PER_SECOND = 500;
const PORTION_MS = 200;
/** Until everybody is known to everybody. */
const WARM_UP_MS = 3_000;
export const SECONDS = 8;

/** What one node did in a fifth of a second. */
export interface Portion {
  readonly node: NodeId;
  readonly at: number;
  readonly events: readonly TraceEvent[];
}

class Talk implements Protocol<string> {
  readonly host: Host<string>;
  constructor(host: Host<string>) {
    this.host = host;
  }
  start(): void {}
  stop(): void {}
  receive(): void {}
  inspect() {
    return null;
  }
}

export function classEvents(): Portion[] {
  let heard = new Map<NodeId, TraceEvent[]>();
  const cluster = new Cluster<Talk>({
    nodes: NODES,
    seed: 'telemetry',
    delay: () => 3,
    protocols: (node) => {
      node.add(ping);
      node.add(timeSync);
      return node.add({
        name: 'talk',
        version: 1,
        schema: v.string(),
        lane: 'datagram',
        create: (host: Host<string>) => new Talk(host),
      });
    },
    trace: (event) => {
      const events = heard.get(event.node);
      if (events === undefined) heard.set(event.node, [event]);
      else events.push(event);
    },
  });
  cluster.linkAll();
  cluster.time.runFor(WARM_UP_MS);
  heard = new Map();
  const portions: Portion[] = [];
  for (let ms = 0; ms < SECONDS * 1_000; ms += PORTION_MS) {
    const messages = (MESSAGES_PER_SECOND * PORTION_MS) / 1_000;
    for (let i = 0; i < messages; i++) {
      const from = cluster.members[(ms + i) % NODES]!;
      const to = cluster.members[(ms + i * 7 + 5) % NODES]!;
      if (from !== to) from.protocols.host.send(to.id, 'hello');
      cluster.time.runFor(PORTION_MS / messages);
    }
    for (const [node, events] of heard) portions.push({ node, at: cluster.time.now(), events });
    heard = new Map();
  }
  return portions;
}
