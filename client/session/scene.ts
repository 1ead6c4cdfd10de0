import * as v from 'valibot';
import { ROLES, type Role } from '../../src/election/election.ts';
import { ALGORITHMS, type AlgorithmName } from '../../src/network/election-choice.ts';
import { composedRule, type Rule } from '../../src/network/composed-rule.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import type { NetworkDocument } from '../../src/network/network-document.ts';
import type { NodeCondition } from '../../src/network/node-condition.ts';
import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { Burden, Burdens } from '../../src/trace/event.ts';
import type { Flight } from '../../src/trace/flights.ts';
import type { LifeState } from '../../src/trace/milestones.ts';
import type { Incarnation, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { LinkState, NodeState, Path } from '../../src/wire/link-messages.ts';
import { byName } from './by-name.ts';
import type { ObservedNode, ReportedLink } from './snapshots.ts';

/** All that a view of the mesh draws of one moment, live or replayed: plain and never changed. */
export interface Scene {
  /** True milliseconds since 1970. */
  readonly at: Milliseconds;
  readonly live: boolean;
  /** By name. */
  readonly nodes: readonly SceneNode[];
  /** One for every pair of nodes. */
  readonly links: readonly SceneLink[];
  /** Each node keeps a few neighbours: two without a link are none. */
  readonly partial: boolean;
  readonly flights: readonly Flight[];
  /** The newest change of the network; null before the first. */
  readonly order: { readonly title: string; readonly version: number } | null;
}

export interface SceneNode {
  readonly id: NodeId;
  readonly name: string;
  readonly incarnation: Incarnation;
  /** Null while nothing is known of it. In a replay a node with its plug pulled is `isolated` or `joined`. */
  readonly state: NodeState | null;
  readonly plugged: boolean;
  /** Its socket is at the server. True in a replay, where nobody can say. */
  readonly present: boolean;
  /** This page sees it: live, by its own link to it; in a replay, because its events are there. */
  readonly watched: boolean;
  /** What it holds of itself and of who leads; null where it elects nobody, or has crashed. */
  readonly standing: SceneStanding | null;
  /** What the teacher laid upon it, as in a NodeCondition; empty if nothing. */
  readonly condition: Burden;
  /** How far its wall clock was off true time at its newest event; null if there is none. */
  readonly wallErrorMs: Milliseconds | null;
}

/** By its last note. Nothing that a node says here need be true of any other. */
export interface SceneStanding {
  readonly algorithm: AlgorithmName;
  /** Which run of it. */
  readonly group: string;
  readonly role: Role;
  readonly leader: string | null;
  readonly term: number;
}

/** `a` is the lower id. */
export interface SceneLink {
  readonly a: NodeId;
  readonly b: NodeId;
  /** As each end says; null where an end has said nothing. */
  readonly fromA: LinkState | null;
  readonly fromB: LinkState | null;
  readonly path: Path | null;
  readonly rttMs: Milliseconds | null;
  readonly aToB: SceneWay;
  readonly bToA: SceneWay;
}

export interface SceneWay {
  /** All rules of this direction composed; empty if there is none. */
  readonly rule: Rule;
  /** What waits for the line; null where nobody says. */
  readonly queuedBytes: number | null;
}

/** What an observer knows of the room at this moment, beside the events. */
export interface Observed {
  readonly nodes: readonly ObservedNode[];
  readonly links: readonly ReportedLink[];
}

export function liveScene(
  { nodes, links }: Observed,
  { rules, conditions, choices, title, version }: NetworkDocument,
  chronicle: Chronicle,
  now: Milliseconds,
): Scene {
  const ways = new Ways(rules);
  return {
    at: now,
    live: true,
    nodes: nodes.map((node) => ({
      ...node,
      standing: node.state === 'crashed' ? null : standingAt(chronicle, node.id, now),
      condition: burdenOf(conditions.find(({ id }) => id === node.id)),
      wallErrorMs: wallErrorAt(chronicle, node.id, now),
    })),
    links: links.map(({ a, b, fromA, fromB, path, rttMs, queuedAtA, queuedAtB }) => ({
      a,
      b,
      fromA,
      fromB,
      path,
      rttMs,
      aToB: { rule: ways.rule(a, b), queuedBytes: queuedAtA },
      bToA: { rule: ways.rule(b, a), queuedBytes: queuedAtB },
    })),
    partial: nodes.length > choices.fullMeshUpTo,
    flights: chronicle.flightsAt(now),
    order: version === 0 ? null : { title, version },
  };
}

/** @param names by id; a node without one is called by its id */
export function replayScene(
  chronicle: Chronicle,
  names: ReadonlyMap<NodeId, string>,
  at: Milliseconds,
): Scene {
  const burdens = new Map(chronicle.nodes().map((id) => [id, chronicle.burdensAt(id, at)]));
  const ids = [...burdens.keys()].sort();
  const linked = new Set<NodeId>();
  const links = ids.flatMap((a, index) =>
    ids.slice(index + 1).map((b): SceneLink => {
      const link = replayedLink(chronicle, burdens, a, b, at);
      if (link.fromA === 'open') linked.add(a);
      if (link.fromB === 'open') linked.add(b);
      return link;
    }),
  );
  const nodes = ids.map((id): SceneNode => {
    const life = chronicle.stateAt(id, at);
    const condition = burdens.get(id)!.node;
    return {
      id,
      name: names.get(id) ?? id,
      incarnation: chronicle.incarnationAt(id, at),
      state: stateOf(life, condition, linked.has(id)),
      plugged: condition['unplugged'] !== true,
      present: true,
      watched: life !== 'never-seen',
      standing: life === 'up' || life === 'paused' ? standingAt(chronicle, id, at) : null,
      condition,
      wallErrorMs: wallErrorAt(chronicle, id, at),
    };
  });
  return {
    at,
    live: false,
    nodes: nodes.sort(byName),
    links,
    partial: links.some((link) => isOfNoNeighbours(link, linked, chronicle, at)),
    flights: chronicle.flightsAt(at),
    order: newestOrder(chronicle, at),
  };
}

/**
 * Two in the mesh that nothing keeps apart, and that never had a link or gave it up on purpose. No event
 * tells what was chosen.
 */
function isOfNoNeighbours(
  { a, b, fromA, fromB }: SceneLink,
  linked: ReadonlySet<NodeId>,
  chronicle: Chronicle,
  at: Milliseconds,
): boolean {
  if (fromA !== 'closed' || fromB !== 'closed' || !linked.has(a) || !linked.has(b)) return false;
  const why = [chronicle.linkClosedFor(a, b, at), chronicle.linkClosedFor(b, a, at)];
  return why.includes('unwanted') || why.every((reason) => reason === null);
}

function replayedLink(
  chronicle: Chronicle,
  burdens: ReadonlyMap<NodeId, Burdens>,
  a: NodeId,
  b: NodeId,
  at: Milliseconds,
): SceneLink {
  const aToB = ruleOf(burdens.get(a)!, b);
  const bToA = ruleOf(burdens.get(b)!, a);
  const end = (node: NodeId, peer: NodeId): LinkState | null => {
    if (chronicle.stateAt(node, at) === 'never-seen') return null;
    if ((node === a ? aToB : bToA).cut === true) return 'cut';
    return chronicle.linkOpenAt(node, peer, at) ? 'open' : 'closed';
  };
  return {
    a,
    b,
    fromA: end(a, b),
    fromB: end(b, a),
    path: null,
    rttMs: null,
    aToB: { rule: aToB, queuedBytes: null },
    bToA: { rule: bToA, queuedBytes: null },
  };
}

function stateOf(life: LifeState, condition: Burden, linked: boolean): NodeState | null {
  switch (life) {
    case 'never-seen':
      return null;
    case 'paused':
    case 'crashed':
      return life;
    // Its tab went away in order: nothing of it is there.
    case 'stopped':
      return null;
    case 'up':
      if (condition['unplugged'] === true) return 'unplugged';
      return linked ? 'joined' : 'isolated';
  }
}

/** The rules of a trace are the rules of a document, in plain figures and words. */
function ruleOf({ links }: Burdens, to: NodeId): Rule {
  return (links.find((link) => link.to === to)?.rule ?? {}) as Rule;
}

function newestOrder(chronicle: Chronicle, at: Milliseconds): Scene['order'] {
  for (const order of chronicle.orders().reverse()) {
    if (order.at <= at && order.version !== null) {
      return order.version === 0 ? null : { title: order.title, version: order.version };
    }
  }
  return null;
}

function standingAt(chronicle: Chronicle, id: NodeId, at: Milliseconds): SceneStanding | null {
  const [note] = chronicle.elections.roles.at(id, at);
  const said = v.safeParse(standingSchema, note);
  return said.success ? said.output : null;
}

/** Notes come from anybody's tab. */
const standingSchema = v.object({
  algorithm: v.picklist(ALGORITHMS),
  group: v.string(),
  role: v.picklist(ROLES),
  leader: v.nullable(v.string()),
  term: v.number(),
});

function wallErrorAt(chronicle: Chronicle, id: NodeId, at: Milliseconds): Milliseconds | null {
  const event = chronicle.newestAt(id, at);
  return event === undefined ? null : event.wall - event.at;
}

function burdenOf(condition: NodeCondition | undefined): Burden {
  const { id: _id, ...fields } = condition ?? { id: '' };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      value === undefined || value === 0 || value === false ? [] : [[field, value]],
    ),
  );
}

const NO_RULE: Rule = {};

/** The rules of a document by their direction. */
class Ways {
  #byDirection = new Map<string, LinkRule[]>();

  constructor(rules: readonly LinkRule[]) {
    for (const rule of rules) {
      const key = `${rule.from}>${rule.to}`;
      const there = this.#byDirection.get(key);
      if (there) there.push(rule);
      else this.#byDirection.set(key, [rule]);
    }
  }

  rule(from: NodeId, to: NodeId): Rule {
    const rules = this.#byDirection.get(`${from}>${to}`);
    return rules ? composedRule(rules) : NO_RULE;
  }
}
