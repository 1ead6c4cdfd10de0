import type { Json, NodeId } from '../vocabulary.ts';
import { Announcements } from './announcements.ts';
import type { Arrival, Broadcast, SourceRun } from './broadcast.ts';
import { choose } from './choose.ts';
import type { Kind, Told } from './messages.ts';
import { OriginTrees, type OriginTree } from './origin-tree.ts';
import type { Spread, SpreadContext } from './spread.ts';
import { surplusLinks } from './surplus-links.ts';
import { Wanted } from './wanted.ts';

/**
 * Broadcast over trees, in Plumtree's manner, one tree an origin. News goes eagerly over all links
 * that are in the tree. Where a copy comes over a second link, one of the two leaves the tree (PRUNE);
 * the links outside of it carry hints; who misses what was hinted at takes a link into the tree (GRAFT).
 *
 * A push also says whom it goes to, whenever that has changed: so they need not tell each other, and
 * a full mesh has its trees with the first broadcast. The rules TREE-1 to TREE-8 stand in README.md.
 */

/** Links that are asked to take the place of one that broke: one of the two may hang on this node. */
const GRAFTS_FOR_A_LOSS = 2;

export class TreeSpread implements Spread {
  private readonly context: SpreadContext;
  private readonly trees = new OriginTrees();
  private readonly announcements: Announcements;
  private readonly wanted: Wanted;
  /** Links to prune once the message at hand is handled, each with the origins it is pruned for. */
  private readonly pruning = new Map<NodeId, NodeId[]>();
  private grafts = 0;
  private prunes = 0;

  constructor(context: SpreadContext) {
    this.context = context;
    this.announcements = new Announcements(
      context,
      ({ origin, via }, id) => via !== id && this.trees.of(origin).lazy.has(id),
    );
    this.wanted = new Wanted(context, (id, runs) => this.graft(id, runs));
  }

  start(): void {}

  stop(): readonly Broadcast[] {
    this.wanted.stop();
    return this.announcements.stop();
  }

  learnt(broadcast: Broadcast, how: Arrival, from: NodeId | null, told: readonly NodeId[]): void {
    this.wanted.arrived(broadcast);
    // Those behind this node compare with it as it did with others: a push would mostly come twice.
    if (how === 'repair') return;
    const { host, queue } = this.context;
    const tree = this.trees.of(broadcast.origin);
    if (how === 'eager' || how === 'graft') tree.supplier = from;
    for (const id of told) if (host.neighbours().includes(id)) tree.makeLazy(id);
    const eager = this.passesOn(broadcast.origin).filter((id) => id !== from);
    queue.tell(broadcast, eager, tree.say(eager));
    if (tree.lazy.size > 0) this.announcements.add(broadcast);
  }

  /** Of the links that brought the same one stays in the tree. */
  again(kept: Broadcast | undefined, copy: Told, how: Arrival, from: NodeId): void {
    if (how !== 'eager') return;
    const tree = this.trees.of(copy.origin);
    if (copy.origin === this.context.host.self) return this.prune(tree, copy.origin, from);
    if (kept === undefined) return;
    const first = this.ifOpen(kept.via);
    const hops = copy.hops + 1;
    const surplus = surplusLinks(
      first && { id: first, hops: kept.hops, isLeaving: tree.isPruned(first) },
      { id: from, hops, isLeaving: tree.isPruned(from) },
    );
    for (const id of surplus) this.prune(tree, copy.origin, id);
    if (surplus.includes(from) || first === from) return;
    // It was not told by this node this time, for it told this node: it need not be from now on.
    if (first !== null) tree.makeLazy(first);
    kept.via = from;
    kept.hops = hops;
    tree.supplier = from;
  }

  settle(): void {
    const { host } = this.context;
    for (const [id, origins] of this.pruning) {
      this.prunes += 1;
      host.send(id, { type: 'prune', origins });
      host.record('prune', { peer: id, origins: origins.length });
    }
    this.pruning.clear();
  }

  receive(from: NodeId, message: Kind<'have' | 'graft' | 'prune' | 'ask'>): void {
    const { self } = this.context.host;
    switch (message.type) {
      case 'have':
        return this.wanted.announced(from, message.runs);
      case 'graft':
        for (const origin of message.origins) this.trees.of(origin).makeEager(from);
        return;
      case 'prune':
        for (const origin of message.origins)
          if (origin !== self) this.trees.of(origin).makeLazy(from);
        break;
      case 'ask':
    }
  }

  neighbourUp(): void {
    for (const [, tree] of this.trees) tree.opened();
  }

  /** Where the link brought an origin's news, others that have it are asked for it from now on. */
  neighbourDown(id: NodeId): void {
    const { host } = this.context;
    const neighbours = host.neighbours();
    const orphaned = new Map<NodeId, NodeId[]>();
    for (const [origin, tree] of this.trees) {
      const isOrphaned = tree.supplier === id;
      tree.closed(id);
      // An origin tells all of its neighbours by itself.
      if (!isOrphaned || neighbours.includes(origin)) continue;
      for (const other of choose(GRAFTS_FOR_A_LOSS, tree.outside(), () => host.random())) {
        orphaned.set(other, [...(orphaned.get(other) ?? []), origin]);
      }
    }
    for (const [other, origins] of orphaned) this.sendGraft(other, origins, []);
  }

  /** The origin keeps all of its links eager: nobody is nearer to its news. */
  passesOn(origin: NodeId): readonly NodeId[] {
    const { host } = this.context;
    const { lazy } = this.trees.of(origin);
    return origin === host.self
      ? host.neighbours()
      : host.neighbours().filter((id) => !lazy.has(id));
  }

  inspect(): { readonly [key: string]: Json } {
    const { grafts, prunes, wanted } = this;
    const trees = Array.from(this.trees, ([origin, { supplier, lazy }]) => {
      return [origin, { supplier, lazy: [...lazy] }] as const;
    });
    return { grafts, prunes, wanted: wanted.size, trees: Object.fromEntries(trees) };
  }

  /** Its way here alone: whether it needs the way from here is for the other end to say. */
  private prune(tree: OriginTree, origin: NodeId, id: NodeId): void {
    if (!tree.mayPrune(id, this.context.host.monotonic())) return;
    this.pruning.set(id, [...(this.pruning.get(id) ?? []), origin]);
  }

  private graft(id: NodeId, runs: readonly SourceRun[]): void {
    this.sendGraft(id, [...new Set(runs.map(({ origin }) => origin))], runs);
  }

  private sendGraft(id: NodeId, origins: NodeId[], runs: readonly SourceRun[]): void {
    const { host } = this.context;
    this.grafts += 1;
    for (const origin of origins) this.trees.of(origin).grafted(id);
    host.send(id, { type: 'graft', origins, runs: [...runs] });
    host.record('graft', { peer: id, origins: origins.length, runs: runs.length });
  }

  private ifOpen(id: NodeId | null): NodeId | null {
    return id !== null && this.context.host.neighbours().includes(id) ? id : null;
  }
}
