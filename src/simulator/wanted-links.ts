import type { Links } from '../membership/overlay/links.ts';
import type { MemoryNetwork } from '../network/memory.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a WebRTC connection takes: an idle laptop, and one on which a class of tabs starts. */
const FASTEST_CONNECT_MS: Milliseconds = 200;
const SLOWEST_CONNECT_MS: Milliseconds = 2_000;

/** After so long WebRTC gives up a connection of whose other end nothing is heard. */
const GIVEN_UP_MS: Milliseconds = 15_000;

/** The links of machines that choose their own: one is there while either end wants it. */
export class WantedLinks {
  private readonly network: MemoryNetwork;
  private readonly time: VirtualTime;
  private readonly random: Random;
  private readonly machines = new Map<NodeId, Machine<unknown>>();
  private readonly wanted = new Map<NodeId, Set<NodeId>>();
  /** The other ends of the links that were made for each. */
  private readonly made = new Map<NodeId, Set<NodeId>>();

  constructor(network: MemoryNetwork, time: VirtualTime, random: Random) {
    this.network = network;
    this.time = time;
    this.random = random;
  }

  join(machine: Machine<unknown>): void {
    this.machines.set(machine.id, machine);
    this.made.set(machine.id, new Set());
  }

  /** For a life of a machine; what an earlier one wanted is forgotten. */
  of(self: NodeId): Links {
    const wanted = new Set<NodeId>();
    this.wanted.set(self, wanted);
    return {
      contacts: () => [...this.machines.keys()].filter((id) => id !== self),
      want: (id) => {
        if (wanted.has(id)) return;
        wanted.add(id);
        this.connectSoon(self, id);
      },
      unwant: (id) => {
        wanted.delete(id);
        if (!this.wants(id, self)) this.disconnect(self, id);
      },
    };
  }

  /** A link of that machine has closed. */
  broke(self: NodeId, other: NodeId): void {
    if (this.wants(self, other)) this.connectSoon(self, other);
  }

  /** Without a word: the other ends find out by themselves, each in its time. */
  died(self: NodeId): void {
    const machine = this.machines.get(self)!;
    const { life } = machine;
    for (const other of this.made.get(self)!) {
      this.time.after(GIVEN_UP_MS, () => {
        if (!machine.alive && machine.life === life) this.disconnect(self, other);
      });
    }
  }

  private wants(self: NodeId, other: NodeId): boolean {
    return this.machines.get(self)!.alive && (this.wanted.get(self)?.has(other) ?? false);
  }

  private connectSoon(self: NodeId, other: NodeId): void {
    const tookMs = SLOWEST_CONNECT_MS - FASTEST_CONNECT_MS;
    this.time.after(FASTEST_CONNECT_MS + tookMs * this.random.next(), () => {
      if (!this.wants(self, other)) return;
      const [a, b] = [this.machines.get(self)!, this.machines.get(other)!];
      // Who does not run answers no call.
      if (!b.responsive) return this.connectSoon(self, other);
      this.network.connect(a.transport, b.transport);
      this.made.get(self)!.add(other);
      this.made.get(other)!.add(self);
    });
  }

  private disconnect(self: NodeId, other: NodeId): void {
    const [a, b] = [this.machines.get(self)!, this.machines.get(other)!];
    this.network.disconnect(a.transport, b.transport, 'unwanted');
  }
}
