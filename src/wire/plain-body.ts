import { copyAgain, copyPlain, isCopyOf } from './plain-copy.ts';
import { REFUSED, type Check } from './schema-check.ts';

/**
 * The body of parcels: what a message is after its way through bytes, without the bytes. One body
 * serves all parcels that carry the same message, and everyone who receives one gets a copy.
 */
export class PlainBody {
  private readonly value: unknown;
  /** How many bytes it would take. */
  readonly bytes: number;
  private check: Check | null = null;
  /** What `check` hands out; undefined if that is nothing that can be copied. */
  private checked: { readonly output: unknown } | undefined;

  private constructor(value: unknown, bytes: number) {
    this.value = value;
    this.bytes = bytes;
  }

  /** Undefined if the message has to be written to know what comes out. */
  static of(message: unknown): PlainBody | undefined {
    const plain = copyPlain(message);
    return plain && new PlainBody(plain.value, plain.bytes);
  }

  /** A message may be changed once it was sent: is it still the one of which this was made? */
  isOf(message: unknown): boolean {
    return isCopyOf(this.value, message);
  }

  copy(): unknown {
    return copyAgain(this.value);
  }

  /**
   * What `check` hands out for a copy, which belongs to the caller. It is asked once for all
   * receivers: a schema says the same of equal values, and in a flood asking took most of the time.
   */
  arrive(check: Check): unknown {
    if (this.check !== check) {
      this.check = check;
      const output = check(this.copy());
      this.checked = output === REFUSED ? { output } : copyPlain(output) && { output };
    }
    if (this.checked === undefined) return check(this.copy());
    return copyAgain(this.checked.output);
  }
}
