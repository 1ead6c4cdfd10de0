import type { Milliseconds, NodeId } from '../src/vocabulary.ts';
import { applyChange, type Changed } from '../src/network/network-change.ts';
import type { NetworkChange, NetworkDocument } from '../src/network/network-document.ts';
import { LinkRules } from '../src/network/rules-document.ts';

/**
 * What the teacher has laid upon a room's network. A version is told only once it is durable: a tab
 * ignores what is not newer, so a version that a restart forgot could never be told again. Pure.
 */
export class RoomNetwork {
  #told: NetworkDocument;
  /** The same, or a newer one on its way to the disk. */
  #newest: NetworkDocument;
  #rules: LinkRules;

  constructor(document: NetworkDocument) {
    this.#told = document;
    this.#newest = document;
    this.#rules = new LinkRules(document);
  }

  /** What everyone in the room may know. */
  get told(): NetworkDocument {
    return this.#told;
  }

  /** What is to be written. */
  get newest(): NetworkDocument {
    return this.#newest;
  }

  change(
    change: NetworkChange,
    nodes: ReadonlyMap<NodeId, string>,
    now: Milliseconds,
  ): Changed & { readonly unsaved: boolean } {
    const changed = applyChange(this.#newest, change, nodes, now);
    const unsaved = changed.ok && changed.document !== this.#newest;
    if (unsaved) this.#newest = changed.document;
    return { ...changed, unsaved };
  }

  /** It is on the disk, or the disk refused it: then it never was, unless a newer one stands on it. */
  settle(document: NetworkDocument, durable: boolean): void {
    if (!durable && this.#newest === document) this.#newest = this.#told;
    if (!durable || document.version <= this.#told.version) return;
    this.#told = document;
    this.#rules = new LinkRules(document);
  }

  isCut(a: NodeId, b: NodeId): boolean {
    return this.#rules.isCut(a, b);
  }
}
