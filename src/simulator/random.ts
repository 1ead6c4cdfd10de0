/**
 * A seeded generator: Chris Doty-Humphrey's sfc32, small, fast and well tested. The same seed gives
 * the same numbers on every machine.
 *
 * `fork` makes a generator that depends on the seed and the label alone, not on how much has been
 * drawn: so a kind of fault that is taken out of a run does not shift what the others draw.
 */
export class Random {
  private readonly seed: string;
  private readonly state: Uint32Array;

  constructor(seed: string | number) {
    this.seed = String(seed);
    this.state = spread(this.seed);
    // The first numbers still show what the seed looked like.
    for (let i = 0; i < WARM_UP_ROUNDS; i++) this.uint32();
  }

  fork(label: string): Random {
    return new Random(`${this.seed}/${label}`);
  }

  /** Uniform in [0, 1). A function of its own, so it can be handed to a node. */
  readonly next = (): number => this.uint32() / 2 ** 32;

  /** A whole number from 0 up to, and not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  private uint32(): number {
    const { state } = this;
    const [a, b, c, counter] = state as unknown as [number, number, number, number];
    const sum = a + b + counter;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum >>> 0;
  }
}

const WARM_UP_ROUNDS = 15;

/** Four words from a text, by FNV-1a with four different beginnings, each mixed to the last bit. */
function spread(text: string): Uint32Array {
  const words = Uint32Array.of(0x811c9dc5, 0x1234567, 0x9e3779b9, 0x85ebca6b);
  for (let word = 0; word < words.length; word++) {
    for (let i = 0; i < text.length; i++) {
      words[word] = Math.imul(words[word]! ^ text.charCodeAt(i), 0x01000193);
    }
    words[word] = Math.imul(words[word]! ^ (words[word]! >>> 16), 0x21f0aaad);
    words[word] = Math.imul(words[word]! ^ (words[word]! >>> 15), 0x735a2d97);
  }
  return words;
}
