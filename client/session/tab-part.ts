import type { Program } from '../../src/program/program.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Timers } from '../platform/timers.ts';

/** A class whose server is away asks it no oftener; when it is back, nobody waits long. */
export const FETCH_AGAIN_MS: Milliseconds = 10_000;

export interface TabPartOptions<Parts> {
  readonly timers: Timers;
  /** The node of now, if one lives. */
  readonly lives: () => { readonly node: Node | null; readonly protocols: Program | null } | null;
  readonly load: () => Promise<Parts>;
  /** Adds it to a node, which may run already. */
  readonly add: (parts: Parts, node: Node, program: Program) => void;
  /** It is here, or could not be had. */
  readonly changed: () => void;
}

/**
 * A protocol that most lessons never need: fetched when it is first wanted, and from then on in every
 * life of the tab's node.
 */
export class TabPart<Parts> {
  parts: Parts | null = null;
  #options: TabPartOptions<Parts>;
  #fetching: Promise<Parts> | null = null;
  #isSought = false;

  constructor(options: TabPartOptions<Parts>) {
    this.#options = options;
  }

  /** Once, however many ask. Rejects if the server does not answer; whoever asks then tries again. */
  fetch(): Promise<Parts> {
    return (this.#fetching ??= this.#fetch());
  }

  /** Fetches it as soon as it can be had. */
  seek(): void {
    if (this.#isSought) return;
    this.#isSought = true;
    this.#trySeeking();
  }

  /** A new life begins with it. */
  addTo(node: Node, program: Program): void {
    if (this.parts) this.#options.add(this.parts, node, program);
  }

  async #fetch(): Promise<Parts> {
    const { load, lives, changed } = this.#options;
    try {
      this.parts = await load();
      const { node, protocols } = lives() ?? {};
      if (node && protocols) this.addTo(node, protocols);
      return this.parts;
    } catch (error) {
      this.#fetching = null;
      throw error;
    } finally {
      changed();
    }
  }

  #trySeeking(): void {
    const { timers } = this.#options;
    this.fetch().catch(() => timers.after(FETCH_AGAIN_MS, () => this.#trySeeking()));
  }
}
