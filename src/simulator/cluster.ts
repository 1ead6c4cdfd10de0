import { MemoryNetwork, type Delay, type MemoryTransport } from '../network/memory.ts';
import type { Cancel } from '../runtime/host.ts';
import { Node } from '../runtime/node.ts';
import type { TraceEvent } from '../trace/event.ts';
import { makeNodeId, parseRoomCode, type Incarnation, type NodeId } from '../vocabulary.ts';
import { Random } from './random.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ClusterOptions<Protocols> {
  readonly nodes: number;
  readonly seed: string | number;
  /** Adds to a node what it runs; what it returns is kept as the member's `protocols`. */
  readonly protocols: (node: Node) => Protocols;
  readonly delay?: Delay;
  readonly trace?: (event: TraceEvent) => void;
}

export interface Member<Protocols> {
  readonly id: NodeId;
  readonly node: Node;
  readonly transport: MemoryTransport;
  readonly protocols: Protocols;
}

const ROOM = parseRoomCode('ACDEFG')!;

/** Nodes over an in-memory network in virtual time: the whole of it follows from the seed. */
export class Cluster<Protocols> {
  readonly time = new VirtualTime();
  readonly random: Random;
  readonly members: readonly Member<Protocols>[];
  private readonly network: MemoryNetwork;
  private readonly options: ClusterOptions<Protocols>;

  constructor(options: ClusterOptions<Protocols>) {
    this.options = options;
    this.random = new Random(options.seed);
    this.network = new MemoryNetwork(this.time, options.delay);
    this.members = Array.from({ length: options.nodes }, (_, index) => this.make(index));
  }

  /** Opens a link; both ends hear of it once time passes. */
  link(a: number, b: number): void {
    this.network.connect(this.members[a]!.transport, this.members[b]!.transport);
  }

  unlink(a: number, b: number, reason = 'cut'): void {
    this.network.disconnect(this.members[a]!.transport, this.members[b]!.transport, reason);
  }

  /** Links every two nodes, and lets them hear of it. */
  linkAll(): void {
    for (let b = 0; b < this.members.length; b++) for (let a = 0; a < b; a++) this.link(a, b);
    this.time.runFor(0);
  }

  private make(index: number): Member<Protocols> {
    const random = this.random.fork(`node ${index}`);
    const id = makeNodeId(Uint8Array.from({ length: 10 }, () => random.below(256)));
    const transport = this.network.transport(id);
    const node = this.host(transport, 1, random);
    const protocols = this.options.protocols(node);
    transport.start({
      frame: (from, bytes) => node.receive(from, bytes),
      up: (neighbour) => node.up(neighbour),
      down: (neighbour, reason) => node.down(neighbour, reason),
    });
    node.start();
    return { id, node, transport, protocols };
  }

  private host(transport: MemoryTransport, incarnation: Incarnation, random: Random): Node {
    const { time } = this;
    let cancelWake: Cancel = () => {};
    const node: Node = new Node({
      self: transport.self,
      incarnation,
      room: ROOM,
      monotonic: time.now,
      wallClock: time.now,
      random: random.next,
      neighbours: () => transport.neighbours(),
      send: (to, bytes, lane) => transport.send(to, bytes, lane),
      wakeAt: (moment) => {
        cancelWake();
        cancelWake = moment === null ? () => {} : time.at(moment, () => node.wake());
      },
      trace: this.options.trace ?? null,
    });
    return node;
  }
}
