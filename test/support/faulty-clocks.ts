import { MonotonicClock } from '../../src/clocks/monotonic-clock.ts';
import { WallClock } from '../../src/clocks/wall-clock.ts';
import { MemoryNetwork, type Delay } from '../../src/network/memory.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import { Node } from '../../src/runtime/node.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { TEST_ROOM, testNodeId } from './node-ids.ts';
import { HOUR } from './true-time.ts';

/** What the date is when virtual time begins. */
const EPOCH = 1.7e12;

export interface FaultyClocksOptions<P> {
  readonly nodes: number;
  readonly seed: string;
  readonly delay: Delay;
  readonly protocols: (node: Node) => P;
}

/** A full mesh in virtual time whose nodes have clocks of their own, which tests may set wrong. */
export class FaultyClocks<P> {
  readonly time = new VirtualTime();
  readonly events: TraceEvent[] = [];
  readonly members;
  private readonly random: Random;
  private readonly network: MemoryNetwork;

  constructor({ nodes, seed, delay, protocols }: FaultyClocksOptions<P>) {
    this.random = new Random(seed);
    this.network = new MemoryNetwork(this.time, delay);
    this.members = Array.from({ length: nodes }, (_, index) => {
      // Each monotonic clock began at a moment of its own.
      const age = this.random.next() * HOUR;
      const monotonic = new MonotonicClock(() => age + this.time.now());
      const wall = new WallClock(() => EPOCH + this.time.now());
      const id = testNodeId(index);
      return { id, monotonic, wall, ...this.run(id, { age, monotonic, wall }, protocols) };
    });
    for (const [b, { transport }] of this.members.entries()) {
      for (let a = 0; a < b; a++) this.network.connect(this.members[a]!.transport, transport);
    }
    this.time.runFor(0);
  }

  unlink(a: number, b: number): void {
    this.network.disconnect(this.members[a]!.transport, this.members[b]!.transport, 'cut');
  }

  private run(
    id: NodeId,
    { age, monotonic, wall }: { age: number; monotonic: MonotonicClock; wall: WallClock },
    protocols: (node: Node) => P,
  ) {
    const transport = this.network.transport(id);
    let cancelWake: Cancel = () => {};
    const node: Node = new Node({
      self: id,
      incarnation: 1,
      room: TEST_ROOM,
      monotonic: monotonic.now,
      wallClock: wall.now,
      trueTime: this.time.now,
      random: this.random.fork(id).next,
      neighbours: () => transport.neighbours(),
      send: (to, bytes, lane) => transport.send(to, bytes, lane),
      // A rate that changes while it sleeps wakes it too early, after which it sleeps again, or too late.
      wakeAt: (moment) => {
        cancelWake();
        cancelWake = () => {};
        if (moment === null) return;
        cancelWake = this.time.alarm(monotonic.trueTimeOf(moment) - age, () => node.wake());
      },
      trace: (event) => this.events.push(event),
    });
    const protocol = protocols(node);
    transport.start({
      frame: (from, bytes) => node.receive(from, bytes),
      up: (neighbour) => node.up(neighbour),
      down: (neighbour, reason) => node.down(neighbour, reason),
    });
    node.start();
    return { transport, node, protocol };
  }
}
