import { MemoryNetwork, type Delay, type MemoryTransport } from '../../src/network/memory.ts';
import { UNTOUCHED, type NetworkDocument } from '../../src/network/network-document.ts';
import { RuledTransport } from '../../src/network/ruled-transport.ts';
import type { TransportListener } from '../../src/network/transport.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Lane } from '../../src/wire/lane.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

export interface HeardFrame {
  readonly at: Milliseconds;
  readonly from: NodeId;
  readonly bytes: Uint8Array;
  readonly lane: Lane;
}

/** One node of a rig: its transport under rules, the bare one beneath, and all that it heard. */
export class RuledNode implements TransportListener {
  readonly heard: HeardFrame[] = [];
  readonly ruled: RuledTransport;
  readonly bare: MemoryTransport;
  private readonly time: VirtualTime;

  constructor(id: NodeId, network: MemoryNetwork, time: VirtualTime, random: Random) {
    this.time = time;
    this.bare = network.transport(id);
    this.ruled = new RuledTransport(this.bare, time, random.fork(id));
    this.ruled.start(this);
  }

  frame(from: NodeId, bytes: Uint8Array, lane: Lane): void {
    this.heard.push({ at: this.time.now(), from, bytes, lane });
  }

  up(): void {}
  down(): void {}

  get id(): NodeId {
    return this.ruled.self;
  }
}

/** Nodes under rules, linked each to each over the in-memory network, in virtual time. */
export class RuledRig {
  readonly time = new VirtualTime();
  readonly network: MemoryNetwork;
  readonly nodes: readonly RuledNode[];

  constructor({ count = 2, delay = (() => 0) as Delay, seed = 'a seed' } = {}) {
    this.network = new MemoryNetwork(this.time, delay);
    const random = new Random(seed);
    this.nodes = Array.from(
      { length: count },
      (_, index) => new RuledNode(testNodeId(index + 1), this.network, this.time, random),
    );
    for (const a of this.nodes) {
      for (const b of this.nodes) if (a !== b) this.network.connect(a.bare, b.bare);
    }
    this.time.runFor(0);
  }

  /** The first two: most tests need no more. */
  get pair(): readonly [RuledNode, RuledNode] {
    return [this.nodes[0]!, this.nodes[1]!];
  }

  /** Hands a document to these nodes, or to all. */
  order(change: Partial<NetworkDocument>, nodes: readonly RuledNode[] = this.nodes): void {
    for (const { ruled } of nodes) ruled.take({ ...UNTOUCHED, version: 1, ...change });
  }

  /** Sends frames at even times, and then lets all of them arrive. */
  sendEvenly(
    from: RuledNode,
    to: RuledNode,
    { frames = 10, everyMs = 10, bytes = 100, lane = 'datagram' as Lane } = {},
  ): { readonly sent: number; readonly overflowed: number } {
    let overflowed = 0;
    for (let i = 0; i < frames; i++) {
      const outcome = from.ruled.send(to.id, numbered(i, bytes), lane);
      if (outcome === 'overflow') overflowed++;
      this.time.runFor(everyMs);
    }
    this.time.runFor(QUIET_MS);
    return { sent: frames - overflowed, overflowed };
  }
}

/** Longer than anything in these tests waits and travels. */
const QUIET_MS = 60_000;

export function numbered(number: number, bytes = 100): Uint8Array {
  const frame = new Uint8Array(bytes);
  new DataView(frame.buffer).setUint32(0, number);
  return frame;
}

export function numberOf({ bytes }: HeardFrame): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
