import { addBoard, type Program } from '../../src/program/program.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Fetched } from '../platform/fetch-bytes.ts';
import type { Timers } from '../platform/timers.ts';
import type { BoardParts } from './board-engines.ts';

/** A class whose server is away asks it no oftener; when it is back, nobody waits long. */
export const FETCH_AGAIN_MS: Milliseconds = 10_000;

export interface TabBoardOptions {
  readonly timers: Timers;
  /** The node of now, if one lives. */
  readonly lives: () => { readonly node: Node | null; readonly protocols: Program | null } | null;
  /** Something that a page shows. */
  readonly changed: () => void;
}

/**
 * A tab's part in the board of the merge lab: fetched when it is first wanted, and from then on in
 * every life of its node.
 */
export class TabBoard {
  parts: BoardParts | null = null;
  /** How far its largest engine is, while it is fetched. */
  progress: Fetched | null = null;
  #options: TabBoardOptions;
  #fetching: Promise<BoardParts> | null = null;
  #isSought = false;

  constructor(options: TabBoardOptions) {
    this.#options = options;
  }

  /** Once, however many ask. Rejects if the server does not answer; whoever asks then tries again. */
  fetch(): Promise<BoardParts> {
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
    if (this.parts) addBoard(node, program, this.parts.definition);
  }

  async #fetch(): Promise<BoardParts> {
    const { timers, lives, changed } = this.#options;
    try {
      const { fetchEngines } = await import('./board-engines.ts');
      const parts = await fetchEngines(timers, (progress) => {
        this.progress = progress;
        changed();
      });
      this.parts = parts;
      const { node, protocols } = lives() ?? {};
      if (node && protocols) this.addTo(node, protocols);
      return parts;
    } catch (error) {
      this.#fetching = null;
      throw error;
    } finally {
      this.progress = null;
      changed();
    }
  }

  #trySeeking(): void {
    const { timers } = this.#options;
    this.fetch().catch(() => timers.after(FETCH_AGAIN_MS, () => this.#trySeeking()));
  }
}
