import type { RetryName } from '../../src/network/room-choices.ts';
import type { CallOptions, Outcome } from '../../src/requests/outcome.ts';
import { requests, type Requests } from '../../src/requests/requests.ts';
import type { Request, Service } from '../../src/requests/server.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Json, Milliseconds } from '../../src/vocabulary.ts';

/** A frame takes so long one way. */
export const DELAY_MS: Milliseconds = 10;

type Note = Extract<TraceEvent, { type: 'note' }>;

/** Nodes that call each other, linked each to each; the last one serves. */
export class Rig {
  readonly cluster: Cluster<Requests>;
  readonly events: TraceEvent[] = [];
  /** What the server has executed, in order. */
  readonly executed: Request[] = [];

  constructor({ nodes = 2, retries = 'careful' as RetryName, disks = false } = {}) {
    this.cluster = new Cluster<Requests>({
      nodes,
      seed: 1,
      protocols: (node) => {
        const protocol = node.add(requests);
        protocol.use({ service: null, callsPerSecond: 1, retries });
        return protocol;
      },
      delay: () => DELAY_MS,
      trace: (event) => this.events.push(event),
      ...(disks && { maxWriteMs: 1 }),
    });
    this.cluster.linkAll();
    this.serve();
  }

  get server() {
    return this.cluster.members.at(-1)!;
  }

  get time() {
    return this.cluster.time;
  }

  /** Answers with the payload, twice over. */
  serve(service: Partial<Service> = {}): void {
    this.server.protocols.serve({
      serviceMs: 0,
      handle: (request) => {
        this.executed.push(request);
        return [request.payload, request.payload];
      },
      ...service,
    });
  }

  call(payload: Json, options?: CallOptions, from = 0) {
    const outcomes: Outcome[] = [];
    const { protocols } = this.cluster.members[from]!;
    const { id } = protocols.call(this.server.id, payload, (one) => outcomes.push(one), options);
    // What ends at once is told soon after.
    this.time.runFor(0);
    return { id, outcomes };
  }

  /** Everything that goes that way vanishes; null lets it through again. */
  swallow(way: 'there' | 'back' | null): void {
    const [caller, server] = [this.cluster.members[0]!.id, this.server.id];
    const [from, to] = way === 'there' ? [caller, server] : [server, caller];
    this.cluster.setRules(way === null ? [] : [{ from, to, blackhole: true }]);
  }

  notes(kind: string): Note[] {
    return this.events.filter(
      (event): event is Note => event.type === 'note' && event.kind === kind,
    );
  }
}
