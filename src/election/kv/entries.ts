import type { Json } from '../../vocabulary.ts';
import { encodedBytes } from '../../wire/plain-copy.ts';
import { canonicalText } from './canonical-text.ts';
import type { Deed, Reply } from './commands.ts';
import { PartsDigest } from './parts-digest.ts';

/** More than a lesson puts by hand. */
export const MAX_KEYS = 1_000;

/** With all sessions beside them they are one value of stable storage, and one message, still. */
export const MAX_STORE_BYTES = 256 * 1024;

const NOTHING = canonicalText(null);

const DONE: Reply = { ok: true, value: null };

/** Values by their keys. A key that nobody has put holds null. */
export class Entries {
  private readonly texts = new Map<string, string>();
  private readonly marks = new PartsDigest();
  private bytes = 0;

  get size(): number {
    return this.texts.size;
  }

  get digest(): number {
    return this.marks.value;
  }

  get(key: string): Json {
    return JSON.parse(this.text(key)) as Json;
  }

  do(deed: Deed): Reply {
    if (deed.kind === 'delete') return this.set(deed.key, NOTHING);
    if (deed.kind === 'put') return this.set(deed.key, canonicalText(deed.value));
    const { key, from, to } = deed;
    if (this.text(key) !== canonicalText(from)) return { ok: false, reason: 'no-match' };
    return this.set(key, canonicalText(to));
  }

  /** Of each key, in the order in which they came, the canonical text of its value. */
  all(): [key: string, text: string][] {
    return [...this.texts];
  }

  restore(all: readonly (readonly [key: string, text: string])[]): void {
    this.texts.clear();
    this.marks.clear();
    this.bytes = 0;
    for (const [key, text] of all) this.set(key, text);
  }

  private text(key: string): string {
    return this.texts.get(key) ?? NOTHING;
  }

  private set(key: string, text: string): Reply {
    const before = this.texts.get(key);
    const bytes = this.bytes - sizeOf(key, before) + sizeOf(key, text);
    if (bytes > MAX_STORE_BYTES) return { ok: false, reason: 'full' };
    if (text === NOTHING) {
      this.texts.delete(key);
      this.marks.delete(key);
    } else {
      if (before === undefined && this.size === MAX_KEYS) return { ok: false, reason: 'full' };
      this.texts.set(key, text);
      this.marks.set(key, text);
    }
    this.bytes = bytes;
    return DONE;
  }
}

function sizeOf(key: string, text: string | undefined): number {
  return text === undefined || text === NOTHING ? 0 : encodedBytes([key, text]);
}
