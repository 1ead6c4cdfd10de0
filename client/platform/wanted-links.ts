import type { NodeId } from '../../src/vocabulary.ts';

/**
 * Which links between nodes are wanted, and by which end: one is there while either wants it. Nobody
 * chooses until the first `want` or `unwant`; until then everybody is wanted.
 */
export class WantedLinks {
  #chosen = false;
  readonly #here = new Set<NodeId>();
  /** As far as the others have said: by calling, or on the link itself. */
  readonly #there = new Set<NodeId>();
  /** What the other end of an open link holds of this one's will; until it is told otherwise, that it wants it. */
  readonly #unwantedSaid = new Set<NodeId>();

  /** Of whom something was said in this task. */
  readonly #news = new Set<NodeId>();
  readonly #said: (id: NodeId) => void;

  /** @param said is called for each link of which this end has said something, in a task of its own */
  constructor(said: (id: NodeId) => void) {
    this.#said = said;
  }

  /** This end looks for that link, whatever the other wants. */
  here(id: NodeId): boolean {
    return !this.#chosen || this.#here.has(id);
  }

  either(id: NodeId): boolean {
    return this.here(id) || this.#there.has(id);
  }

  want(id: NodeId): void {
    this.#chosen = true;
    this.#here.add(id);
    this.#tellSoon(id);
  }

  unwant(id: NodeId): void {
    this.#chosen = true;
    this.#here.delete(id);
    this.#tellSoon(id);
  }

  /** Wanted out of these, which are not all wanted: so that one cannot know it by itself. */
  isChosen(id: NodeId, contacts: readonly NodeId[]): boolean {
    return this.here(id) && contacts.some((other) => !this.here(other));
  }

  /** The other end calls, or says on the link what it wants. */
  heard(id: NodeId, wanted: boolean): void {
    if (wanted) this.#there.add(id);
    else this.#there.delete(id);
  }

  opened(id: NodeId): void {
    this.#there.add(id);
    this.#unwantedSaid.delete(id);
  }

  closed(id: NodeId): void {
    this.#there.delete(id);
  }

  /** What the other end of an open link is to be told now, or null. */
  news(id: NodeId): { readonly wanted: boolean } | null {
    const wanted = this.here(id);
    if (wanted === !this.#unwantedSaid.has(id)) return null;
    if (wanted) this.#unwantedSaid.delete(id);
    else this.#unwantedSaid.add(id);
    return { wanted };
  }

  /** The node has crashed: whatever its next life wants, it wants nobody until it says so. */
  forget(): void {
    this.#here.clear();
    this.#there.clear();
  }

  /** Not within the node's own step: it must not hear of a link before the step has ended. */
  #tellSoon(id: NodeId): void {
    if (this.#news.size === 0) queueMicrotask(() => this.#tell());
    this.#news.add(id);
  }

  #tell(): void {
    const ids = [...this.#news];
    this.#news.clear();
    for (const id of ids) this.#said(id);
  }
}
