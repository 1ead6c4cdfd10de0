import type { Links } from '../membership/overlay/links.ts';
import { MemoryNetwork, type Delay } from '../network/memory.ts';
import type { LinkRule } from '../network/link-rule.ts';
import type { Node } from '../runtime/node.ts';
import type { TraceEvent } from '../trace/event.ts';
import { makeNodeId, type Incarnation } from '../vocabulary.ts';
import { Machine } from './machine.ts';
import { Random } from './random.ts';
import { VirtualTime } from './virtual-time.ts';
import { WantedLinks } from './wanted-links.ts';

export interface ClusterOptions<Protocols> {
  readonly nodes: number;
  readonly seed: string | number;
  /**
   * Adds to a node what it runs; what it returns is kept as the member's `protocols`. Over `links` it
   * may choose its own neighbours.
   */
  readonly protocols: (node: Node, life: Incarnation, index: number, links: Links) => Protocols;
  readonly delay?: Delay;
  /** A write to a disk takes up to so long. Left out: no disks, and a crash forgets everything. */
  readonly maxWriteMs?: number;
  readonly trace?: (event: TraceEvent) => void;
}

/** Nodes over an in-memory network in virtual time: the whole of it follows from the seed. */
export class Cluster<Protocols> {
  readonly time = new VirtualTime();
  readonly random: Random;
  readonly members: readonly Machine<Protocols>[];
  private readonly network: MemoryNetwork;
  private readonly options: ClusterOptions<Protocols>;
  /** Links that were asked for, by the indexes of their ends: a restarted node gets its own back. */
  private readonly links = new Map<string, readonly [number, number]>();
  /** Those that nodes make themselves. */
  private readonly wanted: WantedLinks;
  private rulesVersion = 0;

  constructor(options: ClusterOptions<Protocols>) {
    this.options = options;
    this.random = new Random(options.seed);
    this.network = new MemoryNetwork(this.time, options.delay, this.random.fork('network'));
    this.wanted = new WantedLinks(this.network, this.time, this.random.fork('wanted links'));
    this.members = Array.from({ length: options.nodes }, (_, index) => this.make(index));
    for (const machine of this.members) machine.start();
  }

  /** Opens a link; both ends hear of it once time passes. */
  link(a: number, b: number): void {
    this.links.set(linkKey(a, b), [a, b]);
    this.network.connect(this.members[a]!.transport, this.members[b]!.transport);
  }

  unlink(a: number, b: number, reason = 'cut'): void {
    this.links.delete(linkKey(a, b));
    this.network.disconnect(this.members[a]!.transport, this.members[b]!.transport, reason);
  }

  /** Links every two nodes, and lets them hear of it. */
  linkAll(): void {
    for (let b = 0; b < this.members.length; b++) for (let a = 0; a < b; a++) this.link(a, b);
    this.time.runFor(0);
  }

  /** In place of all rules before. */
  setRules(rules: readonly LinkRule[]): void {
    this.rulesVersion += 1;
    this.network.setRules({ version: this.rulesVersion, rules });
  }

  /** A new life of a node that has crashed, with the links that it had. */
  restart(index: number, keepDisk: boolean): void {
    if (!this.members[index]!.restart(keepDisk)) return;
    for (const [a, b] of this.links.values()) if (a === index || b === index) this.link(a, b);
  }

  private make(index: number): Machine<Protocols> {
    const { protocols, maxWriteMs = null, trace = null } = this.options;
    const random = this.random.fork(`node ${index}`);
    const id = makeNodeId(Uint8Array.from({ length: 10 }, () => random.below(256)));
    const machine = new Machine<Protocols>(this.network.transport(id), this.time, random, {
      protocols: (node, life) => protocols(node, life, index, this.wanted.of(id)),
      maxWriteMs,
      trace,
      broke: (neighbour) => this.wanted.broke(id, neighbour),
      died: () => this.wanted.died(id),
    });
    this.wanted.join(machine);
    return machine;
  }
}

function linkKey(a: number, b: number): string {
  return `${Math.min(a, b)}-${Math.max(a, b)}`;
}
