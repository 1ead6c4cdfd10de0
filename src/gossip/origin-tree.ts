import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_SOURCES } from './broadcast-store.ts';
import { MAX_NAMED } from './messages.ts';

/**
 * After a PRUNE, what was under way still comes; so long it is not asked for again. A round trip over
 * a bad link.
 */
const PRUNE_AGAIN_AFTER_MS: Milliseconds = 1_000;

/**
 * The tree of one origin as one node sees it: over which of its links the origin's news goes on. Every
 * link is eager until it turns out that the other end has the news without this node.
 */
export class OriginTree {
  /** Over whose link the origin's latest news came; null if no link is known to bring it. */
  supplier: NodeId | null = null;
  private readonly lazyLinks = new Set<NodeId>();
  private readonly prunedAt = new Map<NodeId, Milliseconds>();
  private isSaid = false;

  get lazy(): ReadonlySet<NodeId> {
    return this.lazyLinks;
  }

  makeLazy(id: NodeId): void {
    if (this.lazyLinks.has(id)) return;
    this.lazyLinks.add(id);
    this.isSaid = false;
  }

  makeEager(id: NodeId): void {
    if (this.lazyLinks.delete(id)) this.isSaid = false;
  }

  /** A new link is eager. */
  opened(): void {
    this.isSaid = false;
  }

  closed(id: NodeId): void {
    this.lazyLinks.delete(id);
    this.prunedAt.delete(id);
    if (this.supplier === id) this.supplier = null;
    this.isSaid = false;
  }

  /** Who has to be told that all of `to` are told: everyone, once after each change of whom that is. */
  say(to: readonly NodeId[]): readonly NodeId[] {
    if (this.isSaid) return [];
    this.isSaid = true;
    return to.length > 1 && to.length <= MAX_NAMED ? to : [];
  }

  /** This node has asked that end not to tell it; what comes all the same was under way. */
  isPruned(id: NodeId): boolean {
    return this.prunedAt.has(id);
  }

  /** This node has asked that end to tell it. */
  grafted(id: NodeId): void {
    this.prunedAt.delete(id);
  }

  /** Neighbours that have the origin's news from elsewhere. */
  outside(): NodeId[] {
    return [...new Set([...this.lazyLinks, ...this.prunedAt.keys()])];
  }

  /** Says whether a PRUNE is worth a message: not while one is on its way. */
  mayPrune(id: NodeId, now: Milliseconds): boolean {
    if (now - (this.prunedAt.get(id) ?? -Infinity) < PRUNE_AGAIN_AFTER_MS) return false;
    this.prunedAt.set(id, now);
    return true;
  }
}

/** One tree an origin, as many as there are sources. Who is forgotten begins anew with eager links. */
export class OriginTrees {
  private readonly trees = new Map<NodeId, OriginTree>();

  of(origin: NodeId): OriginTree {
    let tree = this.trees.get(origin);
    if (tree !== undefined) return tree;
    if (this.trees.size === MAX_SOURCES) this.trees.delete(this.trees.keys().next().value!);
    tree = new OriginTree();
    this.trees.set(origin, tree);
    return tree;
  }

  [Symbol.iterator](): Iterator<[NodeId, OriginTree]> {
    return this.trees[Symbol.iterator]();
  }
}
