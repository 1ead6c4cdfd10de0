import type { History, Operation } from '../checkers/history.ts';
import type { Links } from '../membership/overlay/links.ts';
import type { Node } from '../runtime/node.ts';
import type { TraceEvent } from '../trace/event.ts';
import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Cluster } from './cluster.ts';
import type { FaultKind } from './fault.ts';
import type { Random } from './random.ts';

/** What a client did. */
export interface ClientAction {
  readonly kind: string;
  readonly value: number;
  /** The node that was asked. */
  readonly at: NodeId;
}

/** What is wrong. Two that break the same rule are the same bug, whichever nodes and moments it hit. */
export interface Violation {
  /** What should have held, in the scenario's own few words: no ids, numbers or times. */
  readonly rule: string;
  /** Who broke it and how. Further lines may follow the first. */
  readonly text: string;
}

/** Looks on, and says what each event shows to be wrong. */
export interface Watcher {
  add(event: TraceEvent): readonly Violation[];
}

/** A run as a scenario sees it. */
export interface Run<Protocols, Action = ClientAction> {
  readonly cluster: Cluster<Protocols>;
  /** What clients asked for, and what they were told. */
  readonly history: Operation<Action>[];
  /** The nodes that were killed for good, by index. */
  readonly dead: ReadonlySet<number>;
  /** Chance for the workload alone. */
  readonly random: Random;
}

/** What to run, what to do to it, and what must hold: all that a seed then fills in with chance. */
export interface Scenario<Protocols, Action = ClientAction> {
  readonly name: string;
  readonly faults: readonly FaultKind[];
  /** How long the faults last, and operations are asked for. */
  readonly safetyMs: Milliseconds;
  /** How long the healed core has to show progress. */
  readonly livenessMs: Milliseconds;

  /** The slowest disk that it can make progress with; left out, a seed may draw one of two seconds. */
  readonly slowestWriteMs?: Milliseconds;

  /** Its nodes make their links themselves; left out, the seed draws who is linked to whom. */
  readonly ownLinks?: true;
  /** Every two nodes are linked, whatever the seed draws. */
  readonly fullMesh?: true;

  /**
   * Called for every life of every node.
   *
   * @param setting chance that is the same for all of them: what the whole room has chosen
   * @param links over which the node may make its own
   */
  protocols(node: Node, life: Incarnation, index: number, setting: Random, links: Links): Protocols;

  /** One operation of a client of node `index`, which is up. `value` is another each time. */
  operate(run: Run<Protocols, Action>, index: number, value: number): void;

  /** Called when all is healed, before the liveness phase. */
  healed(run: Run<Protocols, Action>): void;

  /** Something that looks at every event of a run, as an observer does. */
  readonly watch?: () => Watcher;

  /** What is wrong now; asked again and again while the faults last, and after. */
  safety(run: Run<Protocols, Action>): readonly Violation[];

  /** What should have come about by the end of the liveness phase and has not. */
  liveness(run: Run<Protocols, Action>): readonly Violation[];

  /** The clients' history as lines that `npm run check` reads, if it knows such operations. */
  readonly write?: (history: History<Action>) => string;
}
