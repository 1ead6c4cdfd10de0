/** As many bits as a character of a text has, so that a set of them can be written as a text. */
const WORD_BITS = 16;
const FULL_WORD = 0xffff;

/**
 * Which operations of a history have been put in order: one bit each.
 *
 * `key` is short for long histories: whoever searches front to back has done all up to some place
 * and none far behind it, so only the words between need writing.
 */
export class LinearizedSet {
  private readonly words: Uint16Array;
  /** All words before it are full. */
  private firstOpen = 0;

  constructor(size: number) {
    this.words = new Uint16Array(Math.ceil(size / WORD_BITS));
  }

  add(index: number): void {
    this.words[index >> 4]! |= 1 << (index & 15);
    while (this.words[this.firstOpen] === FULL_WORD) this.firstOpen += 1;
  }

  delete(index: number): void {
    const word = index >> 4;
    this.words[word]! &= ~(1 << (index & 15));
    if (word < this.firstOpen) this.firstOpen = word;
  }

  has(index: number): boolean {
    return (this.words[index >> 4]! & (1 << (index & 15))) !== 0;
  }

  /** The same text for two sets exactly when they are equal, among sets of one size. */
  key(): string {
    let end = this.words.length;
    while (end > this.firstOpen && this.words[end - 1] === 0) end -= 1;
    return `${this.firstOpen}:${String.fromCharCode(...this.words.subarray(this.firstOpen, end))}`;
  }
}
