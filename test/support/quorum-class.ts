import type { Outcome } from '../../src/coordination/outcome.ts';
import { quorum, type Quorum } from '../../src/coordination/quorum/quorum.ts';
import { rendezvousOrder } from '../../src/coordination/quorum/rendezvous.ts';
import { usualSetting, type RegisterSetting } from '../../src/network/register-setting.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;

/** A frame takes so long one way. */
export const DELAY_MS: Milliseconds = 10;

/** An ended request, or null while it is open. */
export interface Asked {
  outcome: Outcome | null;
  endedAt: Milliseconds;
}

/**
 * Nodes with quorum registers, linked each to each. They are named by their place in the rendezvous
 * order of the key 'x': 0 to n - 1 keep its copies.
 */
export class QuorumClass {
  readonly cluster: Cluster<Quorum>;
  readonly events: TraceEvent[] = [];
  readonly setting: RegisterSetting;
  private readonly rules = new Map<string, readonly [number, number]>();

  constructor(change: Partial<RegisterSetting> = {}, { nodes = 5, seed = 1, linked = true } = {}) {
    this.cluster = new Cluster<Quorum>({
      ...{ nodes, seed, maxWriteMs: 1 },
      protocols: (node) => node.add(quorum),
      delay: () => DELAY_MS,
      trace: (event) => this.events.push(event),
    });
    const ids = this.cluster.members.map(({ id }) => id);
    this.setting = { ...usualSetting(1, { id: ids[0]!, life: 1 }, ids), ...change };
    if (linked) this.cluster.linkAll();
    this.use(this.setting);
    this.runFor(2 * DELAY_MS);
  }

  id(place: number): NodeId {
    return rendezvousOrder('x', this.setting.nodes)[place]!;
  }

  machine(place: number) {
    return this.cluster.members.find(({ id }) => id === this.id(place))!;
  }

  use(setting: RegisterSetting): void {
    const [first] = this.cluster.members;
    first!.node.step(() => first!.protocols.use(setting));
  }

  put(place: number, value: Json, key = 'x'): Asked {
    return this.ask(place, (node, onEnd) => node.put(key, value, onEnd));
  }

  get(place: number, key = 'x'): Asked {
    return this.ask(place, (node, onEnd) => node.get(key, onEnd));
  }

  /** How it ended; throws if it has not within five seconds. */
  ended(asked: Asked): Outcome {
    for (let waited = 0; asked.outcome === null && waited < 5_000; waited++) this.runFor(1);
    if (asked.outcome === null) throw new Error('the request has not ended');
    return asked.outcome;
  }

  runFor(ms: Milliseconds): void {
    this.cluster.time.runFor(ms);
  }

  /** What a node keeps of 'x', by the place of the node that it keeps it for. */
  kept(place: number): { readonly [home: number]: Json } {
    const places = [...this.setting.nodes.keys()];
    const { kept } = this.machine(place).protocols.inspect();
    return Object.fromEntries(
      kept
        .filter(({ key }) => key === 'x')
        .map(({ home, value }) => [places.find((other) => this.id(other) === home)!, value]),
    );
  }

  /** The copies of 'x' that their own nodes keep, in order of their places. */
  copies(): Json[] {
    const { n } = this.setting;
    return Array.from({ length: n }, (_, place) => this.kept(place)[place] ?? null);
  }

  /** Nothing passes any more, and nobody is told. */
  silence(from: number, to: number): void {
    this.rules.set(`${from} ${to}`, [from, to]);
    this.impose({ blackhole: true });
  }

  /** The links of these to all others are closed. */
  cut(part: readonly number[]): void {
    const places = [...this.setting.nodes.keys()];
    for (const a of part)
      for (const b of places.filter((place) => !part.includes(place))) {
        this.rules.set(`${a} ${b}`, [a, b]);
        this.rules.set(`${b} ${a}`, [b, a]);
      }
    this.impose({ cut: true });
    this.runFor(DELAY_MS);
  }

  heal(): void {
    this.rules.clear();
    this.impose({});
    this.runFor(2 * DELAY_MS);
  }

  restart(place: number, keepDisk = true): void {
    this.cluster.restart(this.cluster.members.indexOf(this.machine(place)), keepDisk);
    this.runFor(2 * DELAY_MS);
  }

  notes(kind: string): Note[] {
    return this.events.filter(
      (event): event is Note => event.type === 'note' && event.kind === kind,
    );
  }

  /** How many messages have left, of all nodes, since `begun` events. */
  sent(begun = 0): number {
    return this.events.slice(begun).filter(({ type }) => type === 'send').length;
  }

  private ask(
    place: number,
    request: (node: Quorum, onEnd: (outcome: Outcome) => void) => void,
  ): Asked {
    const { node, protocols } = this.machine(place);
    const asked: Asked = { outcome: null, endedAt: NaN };
    node.step(() =>
      request(protocols, (outcome) => {
        if (asked.outcome !== null) throw new Error('a request has ended twice');
        asked.outcome = outcome;
        asked.endedAt = this.cluster.time.now();
      }),
    );
    if (asked.outcome !== null) throw new Error('a request has ended within the call');
    return asked;
  }

  private impose(rule: { cut?: true; blackhole?: true }): void {
    this.cluster.setRules(
      [...this.rules.values()].map(([from, to]) => ({
        ...{ from: this.id(from), to: this.id(to) },
        ...rule,
      })),
    );
  }
}
