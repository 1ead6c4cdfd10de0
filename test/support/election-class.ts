import type { AnyAlgorithm } from '../../src/election/algorithm.ts';
import { elections } from '../../src/election/algorithms.ts';
import { electionsOf, type ElectionChoices, type Elections } from '../../src/election/elections.ts';
import type { Standing } from '../../src/election/election.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import type { Store } from '../../src/runtime/host.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;

/** A frame takes so long one way. */
export const DELAY_MS: Milliseconds = 10;

interface Options {
  readonly nodes?: number;
  readonly seed?: string | number;
  readonly algorithms?: readonly AnyAlgorithm[];
  readonly linked?: boolean;
  /** What the room has chosen before any node starts. */
  readonly room?: ElectionChoices;
}

/** Nodes that elect, linked each to each. They are named by rank: 0 has the lowest id. */
export class ElectionClass {
  readonly cluster: Cluster<Elections>;
  readonly events: TraceEvent[] = [];
  private readonly stores = new Map<NodeId, Store>();
  /** By rank, the place in the cluster. */
  private readonly places: readonly number[];
  private readonly rules = new Map<string, readonly [number, number]>();

  constructor({ nodes = 5, seed = 1, algorithms, linked = true, room }: Options = {}) {
    const definition = algorithms === undefined ? elections : electionsOf(algorithms);
    this.cluster = new Cluster<Elections>({
      ...{ nodes, seed, maxWriteMs: 1 },
      protocols: (node) => {
        const protocol = node.add({
          ...definition,
          create: (host) => {
            this.stores.set(host.self, host.store);
            return definition.create(host);
          },
        });
        if (room !== undefined) protocol.use(room);
        return protocol;
      },
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

  elections(rank: number): Elections {
    return this.machine(rank).protocols;
  }

  state(rank: number) {
    return this.elections(rank).state();
  }

  rankOf(id: NodeId | null): number | null {
    return id === null ? null : this.ranks.find((rank) => this.machine(rank).id === id)!;
  }

  runFor(ms: Milliseconds): void {
    this.cluster.time.runFor(ms);
  }

  switchTo(algorithm: AlgorithmName, rank = 0): void {
    this.machine(rank).node.step(() => this.elections(rank).switchTo(algorithm));
  }

  /** As the room has chosen, at this node. */
  choose(rank: number, choices: ElectionChoices): void {
    this.machine(rank).node.told(() => this.elections(rank).use(choices));
  }

  /** Who holds itself for leader, of those who run. */
  leaders(among = this.ranks): number[] {
    return among.filter((rank) => this.machine(rank).alive && this.state(rank).role === 'leader');
  }

  /** Whom each holds for leader. */
  believed(among = this.ranks): (number | null)[] {
    return among.map((rank) => this.rankOf(this.state(rank).leader));
  }

  /** The one leader that all of these agree on, or null. */
  agreed(among = this.ranks): number | null {
    const [first, ...others] = new Set(this.believed(among));
    if (first === undefined || first === null || others.length > 0) return null;
    return this.leaders(among).join() === String(first) ? first : null;
  }

  /** Runs until these agree on a leader; null if they do not within `withinMs`. */
  untilAgreed(among = this.ranks, withinMs: Milliseconds = 20_000): number | null {
    const end = this.cluster.time.now() + withinMs;
    while (this.agreed(among) === null && this.cluster.time.now() < end) this.runFor(10);
    return this.agreed(among);
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

  /** The keys on its disk. */
  stored(rank: number): readonly string[] {
    return this.stores.get(this.machine(rank).id)!.keys();
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

  standings(): Standing[] {
    return this.ranks.map((rank) => this.state(rank));
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
