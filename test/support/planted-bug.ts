import * as v from 'valibot';
import type { Host } from '../../src/runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../src/runtime/protocol.ts';
import { simulation as simulationOf } from '../../src/simulator/campaign.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import type { NodeId } from '../../src/vocabulary.ts';

const schema = v.object({ type: v.picklist(['keep', 'kept']), value: v.number() });
type Message = v.InferOutput<typeof schema>;

/**
 * Keeps values for its neighbours, with a bug: once it has been paused it takes the disk for slow and
 * keeps new values in memory. Only a pause and a later crash of the same node show it.
 */
class LazyKeeper implements Protocol<Message> {
  readonly heardKept: { readonly keeper: NodeId; readonly value: number }[] = [];
  readonly memory = new Set<number>();
  private readonly host: Host<Message>;
  private lazy = false;

  constructor(host: Host<Message>) {
    this.host = host;
  }

  start(): void {
    // A timer to be late for: without one a node cannot notice that it did not run.
    const tick = () => void this.host.after(100, tick);
    tick();
  }

  stop(): void {}

  resumed(): void {
    this.lazy = true;
  }

  ask(to: NodeId, value: number): void {
    this.host.send(to, { type: 'keep', value });
  }

  receive(from: NodeId, { type, value }: Message): void {
    if (type === 'kept') {
      this.heardKept.push({ keeper: from, value });
      return;
    }
    if (this.lazy) this.memory.add(value);
    else this.host.store.put(String(value), true);
    this.host.send(from, { type: 'kept', value });
  }

  keeps(value: number): boolean {
    return this.memory.has(value) || this.host.store.get(String(value)) === true;
  }

  inspect(): number {
    return this.memory.size;
  }
}

const lazyKeeper: ProtocolDefinition<Message, LazyKeeper> = {
  name: 'lazy-keeper',
  version: 1,
  schema,
  lane: 'stream',
  create: (host) => new LazyKeeper(host),
};

const scenario: Scenario<LazyKeeper> = {
  name: 'planted-bug',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'swizzle', 'clock-jump', 'drift'],
  safetyMs: 30_000,
  livenessMs: 1_000,
  protocols: (node) => node.add(lazyKeeper),
  operate({ cluster }, index, value) {
    const { transport, protocols } = cluster.members[index]!;
    for (const to of transport.neighbours()) protocols.ask(to, value);
  },
  healed() {},
  safety({ cluster }) {
    const keepers = new Map(cluster.members.map(({ id, protocols }) => [id, protocols]));
    return cluster.members.flatMap(({ protocols }) =>
      protocols.heardKept.flatMap(({ keeper, value }) =>
        keepers.get(keeper)!.keeps(value)
          ? []
          : [{ rule: 'what was acknowledged is kept', text: `${keeper} lost ${value}` }],
      ),
    );
  },
  liveness: () => [],
};

/** For `npm run sim -- --scenario-file`. */
export const simulation = simulationOf(scenario);
