import { Cluster } from '../../src/simulator/cluster.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;

/** A frame takes so long one way. */
export const DELAY_MS: Milliseconds = 10;

interface Options<Protocols> {
  readonly nodes?: number | undefined;
  readonly seed?: string | number | undefined;
  readonly linked?: boolean | undefined;
  readonly protocols: (node: Node) => Protocols;
}

/** Nodes in virtual time, linked each to each unless they are not to be. They are named by rank: 0 has the lowest id. */
export class RankedClass<Protocols> {
  readonly cluster: Cluster<Protocols>;
  readonly events: TraceEvent[] = [];
  /** By rank, the place in the cluster. */
  private readonly places: readonly number[];
  private readonly rules = new Map<string, readonly [number, number]>();

  constructor({ nodes = 5, seed = 1, linked = true, protocols }: Options<Protocols>) {
    this.cluster = new Cluster<Protocols>({
      ...{ nodes, seed, maxWriteMs: 1, protocols },
      delay: () => DELAY_MS,
      trace: (event) => this.events.push(event),
    });
    const { members } = this.cluster;
    this.places = [...members.keys()].sort((a, b) => (members[a]!.id < members[b]!.id ? -1 : 1));
    if (linked) this.cluster.linkAll();
  }

  get highest(): number {
    return this.places.length - 1;
  }

  get ranks(): readonly number[] {
    return [...this.places.keys()];
  }

  machine(rank: number) {
    return this.cluster.members[this.places[rank]!]!;
  }

  rankOf(id: NodeId | null): number | null {
    return id === null ? null : this.ranks.find((rank) => this.machine(rank).id === id)!;
  }

  runFor(ms: Milliseconds): void {
    this.cluster.time.runFor(ms);
  }

  /** Nothing passes from one to the other any more; back it does. */
  deafen(from: number, to: number): void {
    this.rules.set(`${from} ${to}`, [from, to]);
    this.impose();
  }

  /** Nothing passes between these and the others. */
  split(part: readonly number[]): void {
    for (const a of part)
      for (const b of this.ranks.filter((rank) => !part.includes(rank)))
        for (const way of [
          [a, b],
          [b, a],
        ] as const)
          this.rules.set(way.join(' '), way);
    this.impose();
  }

  heal(): void {
    this.rules.clear();
    this.impose();
  }

  /** It does not run for so long, and what is said to it meanwhile is lost. */
  sleep(rank: number, ms: Milliseconds): void {
    this.split([rank]);
    this.machine(rank).pause();
    this.runFor(ms);
    this.heal();
    this.machine(rank).resume();
  }

  crash(rank: number): void {
    this.machine(rank).crash();
  }

  restart(rank: number, keepDisk = true): void {
    this.cluster.restart(this.places[rank]!, keepDisk);
    this.runFor(0);
  }

  link(a: number, b: number): void {
    this.cluster.link(this.places[a]!, this.places[b]!);
    this.runFor(0);
  }

  /** The link is closed, and both know it. */
  unlink(a: number, b: number): void {
    this.cluster.unlink(this.places[a]!, this.places[b]!);
    this.runFor(0);
  }

  notes(kind: string, rank?: number): Note[] {
    const id = rank === undefined ? undefined : this.machine(rank).id;
    return this.events.filter(
      (event): event is Note =>
        event.type === 'note' && event.kind === kind && (id === undefined || event.node === id),
    );
  }

  /** How many messages have left this node, or all of them, so far. */
  sent(rank?: number): number {
    const id = rank === undefined ? undefined : this.machine(rank).id;
    return this.events.filter(
      ({ type, node }) => type === 'send' && (id === undefined || node === id),
    ).length;
  }

  private impose(): void {
    this.cluster.setRules(
      [...this.rules.values()].map(([from, to]) => ({
        from: this.machine(from).id,
        to: this.machine(to).id,
        blackhole: true,
      })),
    );
  }
}
