import { listOf } from './list.ts';

/** A screen reader needs this long to read one sentence out; a faster one would cut it off. */
const LEAST_GAP_MS = 4000;
/** More than this in one sentence is a number, not a list. */
const MOST_NAMED = 3;

/**
 * Gathers rare events and says them politely, at most one sentence in LEAST_GAP_MS.
 * `sentence` belongs into an element with `aria-live="polite"`.
 */
export class Announcer {
  sentence = $state('');
  #waiting = new Map<string, string[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param what for example 'joined'; events of one kind become one sentence */
  note(who: string, what: string): void {
    const names = this.#waiting.get(what) ?? [];
    names.push(who);
    this.#waiting.set(what, names);
    this.#timer ??= setTimeout(() => this.#speak(), this.sentence === '' ? 0 : LEAST_GAP_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #speak(): void {
    this.#timer = undefined;
    this.sentence = [...this.#waiting]
      .map(([what, names]) => `${listed(names)} ${what}.`)
      .join(' ');
    this.#waiting.clear();
  }
}

function listed(names: readonly string[]): string {
  if (names.length > MOST_NAMED) return `${names.length} nodes`;
  return listOf(names);
}
