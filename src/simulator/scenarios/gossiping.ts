import { MAX_SOURCES } from '../../gossip/broadcast-store.ts';
import { MAX_HELD } from '../../gossip/causal.ts';
import type { Delivery } from '../../gossip/delivery.ts';
import { gossip, type Gossip, type GossipChoices } from '../../gossip/gossip.ts';
import { MAX_KEPT, MAX_KEPT_BYTES } from '../../gossip/retention.ts';
import { RUMOUR_STYLES, SPREADS, type SpreadName } from '../../network/room-choices.ts';
import type { Node } from '../../runtime/node.ts';
import type { Operation } from '../../checkers/history.ts';
import type { Random } from '../random.ts';
import type { ClientAction, Run, Violation } from '../scenario.ts';

/** What the scenarios of gossip share: nodes that broadcast under faults, and what must come of it. */

/** One life of a node, and what it was told. */
export interface Gossiping {
  readonly gossip: Gossip;
  readonly choices: GossipChoices;
  readonly delivered: Delivery[];
}

/** A broadcast, and up to where its node had delivered each life's by then, its own included. */
export interface BroadcastAction extends ClientAction {
  readonly id: string;
  readonly past: ReadonlyMap<string, number>;
}

export type GossipRun = Run<Gossiping, BroadcastAction>;

/** Trees have the most that can go wrong. */
const MORE_TREES = 0.5;

export function gossipingNode(node: Node, choices: GossipChoices): Gossiping {
  const protocol = node.add(gossip);
  const delivered: Delivery[] = [];
  protocol.onDeliver((delivery) => delivered.push(delivery));
  protocol.use(choices);
  return { gossip: protocol, choices, delivered };
}

export function drawSpread(
  random: Random,
): Pick<GossipChoices, 'spread' | 'rumourStyle' | 'rumourFanout' | 'rumourRounds'> {
  return {
    spread: random.next() < MORE_TREES ? 'tree' : oneOf<SpreadName>(random, SPREADS),
    rumourStyle: oneOf(random, RUMOUR_STYLES),
    rumourFanout: 1 + random.below(3),
    rumourRounds: 1 + random.below(8),
  };
}

/** Tells something at a node, and writes down what came before it. */
export function tell({ cluster, history }: GossipRun, index: number, value: number): string {
  const { id: process, protocols } = cluster.members[index]!;
  const past = new Map<string, number>();
  const learn = (id: string) => {
    const { source, sequence } = sourceOf(id);
    past.set(source, Math.max(sequence, past.get(source) ?? 0));
  };
  for (const { id } of protocols.delivered) learn(id);
  const { id } = protocols.gossip.broadcast(value);
  learn(id);
  const now = cluster.time.now();
  const action: BroadcastAction = { kind: 'tell', value, at: process, id, past };
  const done: Operation<BroadcastAction> = {
    ...{ process, action, outcome: 'ok', calledAt: now, returnedAt: now },
  };
  history.push(done);
  return id;
}

/** The life that a broadcast is of, and its number. */
export function sourceOf(id: string): { readonly source: string; readonly sequence: number } {
  const end = id.lastIndexOf('.');
  return { source: id.slice(0, end), sequence: Number(id.slice(end + 1)) };
}

/** What holds at all times: no life delivers twice, and memory is bounded. */
export function alwaysHolds({ cluster, history }: GossipRun): Violation[] {
  return cluster.members.flatMap(({ protocols }, index): Violation[] => {
    const { delivered, gossip } = protocols;
    const ids = new Set(delivered.map(({ id }) => id));
    if (ids.size < delivered.length)
      return [{ rule: 'nothing is delivered twice', text: `node ${index} delivered twice` }];
    const { kept, keptBytes, held, sources } = gossip.inspect();
    const limits = [
      ...[kept <= Math.min(MAX_KEPT, history.length), keptBytes <= MAX_KEPT_BYTES],
      ...[held <= Math.min(MAX_HELD, history.length), sources <= MAX_SOURCES],
    ];
    if (limits.every((holds) => holds)) return [];
    const text = `node ${index} keeps ${kept} (${keptBytes} bytes), holds ${held} of ${sources} lives`;
    return [{ rule: 'what a node remembers is bounded', text }];
  });
}

/** @param must the ids that each node of the part has to have been told */
export function allHave(run: GossipRun, part: readonly number[], must: Iterable<string>) {
  return part.flatMap((index): Violation[] => {
    const { delivered } = run.cluster.members[index]!.protocols;
    const has = new Set(delivered.map(({ id }) => id));
    const lacking = [...must].filter((id) => !has.has(id));
    if (lacking.length === 0) return [];
    const text = `node ${index} was never told ${lacking.join(', ')}`;
    return [{ rule: 'after the faults every node has every broadcast', text }];
  });
}

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.below(items.length)]!;
}
