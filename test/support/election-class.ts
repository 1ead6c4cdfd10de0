import type { AnyAlgorithm } from '../../src/election/algorithm.ts';
import { algorithmsWith } from '../../src/election/algorithms.ts';
import { electionsOf, type ElectionChoices, type Elections } from '../../src/election/elections.ts';
import type { Standing } from '../../src/election/election.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import type { Store } from '../../src/runtime/host.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { Chronicler } from './raft-class.ts';
import { RankedClass } from './ranked-class.ts';

interface Options {
  readonly nodes?: number;
  readonly seed?: string | number;
  readonly algorithms?: readonly AnyAlgorithm[];
  readonly linked?: boolean;
  /** What the room has chosen before any node starts. */
  readonly room?: ElectionChoices;
}

/** Nodes that elect. */
export class ElectionClass extends RankedClass<Elections> {
  private readonly stores: Map<NodeId, Store>;

  constructor({ nodes, seed, algorithms, linked, room }: Options = {}) {
    const stores = new Map<NodeId, Store>();
    super({
      ...{ nodes, seed, linked },
      protocols(node) {
        const definition = electionsOf(algorithms ?? algorithmsWith(new Chronicler()));
        const protocol = node.add({
          ...definition,
          create: (host) => {
            stores.set(host.self, host.store);
            return definition.create(host);
          },
        });
        if (room !== undefined) protocol.use(room);
        return protocol;
      },
    });
    this.stores = stores;
  }

  elections(rank: number): Elections {
    return this.machine(rank).protocols;
  }

  state(rank: number) {
    return this.elections(rank).state();
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

  /** The keys on its disk. */
  stored(rank: number): readonly string[] {
    return this.stores.get(this.machine(rank).id)!.keys();
  }

  standings(): Standing[] {
    return this.ranks.map((rank) => this.state(rank));
  }
}
