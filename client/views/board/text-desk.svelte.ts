import type { TextEdited } from '../../session/board/lab-view.ts';
import { applyChange, carried, changeBetween, rebased } from '../../session/board/text-change.ts';

/** After so long without a key what was typed becomes an edit: about a word at a time. */
const PAUSE_MS = 400;

/** Whoever types on and on is still seen by the others. */
const MOST_WAIT_MS = 1_500;

/** What of a textarea is needed here. */
export type Area = Pick<HTMLTextAreaElement, 'value' | 'selectionStart' | 'selectionEnd'> & {
  setSelectionRange(start: number, end: number): void;
};

interface TextSource {
  /** The text as it is now. */
  readonly read: () => string;
  readonly edit: (before: string, after: string) => TextEdited;
}

/** A text in somebody's hands: what they type goes to the board in words, and what others type comes in. */
export class TextDesk {
  isOpen = $state(false);
  /** Why the last edit was refused. What was typed stays. */
  refused = $state<string | null>(null);

  readonly #source: TextSource;
  /** The board's text on which what stands in the field is based. */
  #base = '';
  #draft = '';
  #isComposing = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;

  constructor(source: TextSource) {
    this.#source = source;
  }

  /** What the field begins with. */
  open(): string {
    this.#base = this.#source.read();
    this.#draft = this.#base;
    return this.#base;
  }

  typed(area: Area, isComposing: boolean): void {
    this.#draft = area.value;
    this.#isComposing = isComposing;
    if (isComposing) return;
    clearTimeout(this.#pause);
    const flush = () => {
      this.#flush();
      this.#show(area);
    };
    this.#pause = setTimeout(flush, PAUSE_MS);
    this.#limit ??= setTimeout(flush, MOST_WAIT_MS);
  }

  /** The caret stays between the letters between which it was. */
  changedElsewhere(area: Area): void {
    if (this.#isComposing) return;
    const now = this.#source.read();
    const news = changeBetween(this.#base, now);
    if (news === null) return;
    const own = changeBetween(this.#base, this.#draft);
    this.#base = now;
    this.#draft = own === null ? now : applyChange(now, rebased(own, news));
    this.#show(area);
  }

  leave(): void {
    if (!this.isOpen) return;
    this.#flush();
    this.isOpen = this.refused !== null && this.#draft !== this.#base;
  }

  #flush(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#limit);
    this.#pause = this.#limit = undefined;
    if (this.#draft === this.#base) return;
    const { text, wanted, refused } = this.#source.edit(this.#base, this.#draft);
    this.refused = refused;
    // What was refused is still in the field.
    [this.#base, this.#draft] = [text, refused === null ? text : wanted];
  }

  #show(area: Area): void {
    const change = changeBetween(area.value, this.#draft);
    if (change === null) return;
    const [start, end] = [area.selectionStart, area.selectionEnd];
    area.value = this.#draft;
    area.setSelectionRange(carried(start, change), carried(end, change));
  }
}
