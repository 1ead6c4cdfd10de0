import { shortestWays } from '../../src/membership/shortest-ways.ts';
import { MemoryNetwork, type Delay, type MemoryTransport } from '../../src/network/memory.ts';
import { UNTOUCHED, type NetworkDocument } from '../../src/network/network-document.ts';
import { RelayTransport } from '../../src/network/relay-transport.ts';
import { RuledTransport } from '../../src/network/ruled-transport.ts';
import type { TransportListener } from '../../src/network/transport.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Lane } from '../../src/wire/lane.ts';
import { testNodeId } from '../support/node-ids.ts';

export interface Relayed {
  readonly at: number;
  readonly from: NodeId;
  readonly bytes: Uint8Array;
  readonly lane: Lane;
}

/** One node: it relays over a transport under rules, and writes down what it hears. */
export class RelayNode implements TransportListener {
  readonly bare: MemoryTransport;
  readonly ruled: RuledTransport;
  readonly relay: RelayTransport;
  readonly heard: Relayed[] = [];
  readonly news: string[] = [];
  private readonly time: VirtualTime;

  constructor(id: NodeId, network: MemoryNetwork, time: VirtualTime) {
    this.time = time;
    this.bare = network.transport(id);
    this.ruled = new RuledTransport(this.bare, time, new Random(id));
    this.relay = new RelayTransport(this.ruled);
  }

  get id(): NodeId {
    return this.bare.self;
  }

  frame(from: NodeId, bytes: Uint8Array, lane: Lane): void {
    this.heard.push({ at: this.time.now(), from, bytes, lane });
  }

  up(neighbour: NodeId): void {
    this.news.push(`up ${neighbour}`);
  }

  down(neighbour: NodeId): void {
    this.news.push(`down ${neighbour}`);
  }
}

/** Nodes and their links; each of them knows the whole graph, unless a test tells it otherwise. */
export class RelayRig {
  readonly time = new VirtualTime();
  readonly nodes: readonly RelayNode[];
  private readonly network: MemoryNetwork;

  constructor(
    count: number,
    links: readonly (readonly [number, number])[],
    { delay = (() => 1) as Delay, on = true } = {},
  ) {
    this.network = new MemoryNetwork(this.time, delay);
    this.nodes = Array.from(
      { length: count },
      (_, index) => new RelayNode(testNodeId(index + 1), this.network, this.time),
    );
    for (const node of this.nodes) {
      node.relay.start(node);
      node.relay.use(on);
      node.relay.setRoutes(() =>
        shortestWays(node.id, node.bare.neighbours(), (of) => new Set(this.linksOf(of))),
      );
    }
    for (const [a, b] of links) this.link(a, b);
    this.time.runFor(0);
  }

  link(a: number, b: number): void {
    this.network.connect(this.nodes[a]!.bare, this.nodes[b]!.bare);
  }

  unlink(a: number, b: number): void {
    this.network.disconnect(this.nodes[a]!.bare, this.nodes[b]!.bare, 'cut');
    this.time.runFor(0);
  }

  order(change: Partial<NetworkDocument>): void {
    for (const { ruled } of this.nodes) ruled.take({ ...UNTOUCHED, version: 1, ...change });
  }

  /** Sends one frame, and lets it arrive or get lost. */
  send(from: number, to: number, bytes = Uint8Array.of(1, 2, 3), lane: Lane = 'stream') {
    const outcome = this.nodes[from]!.relay.send(this.nodes[to]!.id, bytes, lane);
    this.time.runFor(10_000);
    return outcome;
  }

  private linksOf(id: NodeId): readonly NodeId[] {
    return this.nodes.find((node) => node.id === id)!.bare.neighbours();
  }
}
