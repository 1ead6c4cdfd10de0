import type { NetworkChange, NetworkDocument } from '../../src/network/network-document.ts';

/** More steps than a teacher remembers. Each holds a document, a megabyte at most and mostly a page. */
export const MAX_UNDO_STEPS = 20;

/**
 * What this page may take back: its own changes, the last one first, for as long as nobody else has
 * changed the network since.
 */
export class UndoStack {
  #before: NetworkDocument[] = [];
  /** What the last step led to. */
  #version = 0;

  /** This page has changed the network. */
  made(before: NetworkDocument, after: NetworkDocument): void {
    if (after.version === before.version) return;
    if (before.version !== this.#version) this.#before = [];
    this.#version = after.version;
    this.#before.push(before);
    if (this.#before.length > MAX_UNDO_STEPS) this.#before.shift();
  }

  /** The change that takes back the last step; null if there is none, or it is no longer the last. */
  next(now: NetworkDocument): NetworkChange | null {
    const before = this.#before.at(-1);
    if (!before || now.version !== this.#version) return null;
    const { rules, conditions, choices } = before;
    return { do: 'restore', version: now.version, rules, conditions, choices };
  }

  /** The last step was taken back, so the one before it can be next. */
  taken(after: NetworkDocument): void {
    this.#before.pop();
    this.#version = after.version;
  }
}
