import type { TraceEvent } from '../trace/event.ts';

/**
 * One number for all that happened, in its order: two runs with equal hashes did the same. FNV-1a
 * over the events' JSON, twice with different beginnings, so that 64 bits decide.
 */
export class TraceHash {
  private high = 0x811c9dc5;
  private low = 0x9e3779b9;

  readonly event = (event: TraceEvent): void => this.text(JSON.stringify(event));

  text(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.high = Math.imul(this.high ^ code, 0x01000193);
      this.low = Math.imul(this.low ^ code, 0x01000193) ^ (this.low >>> 15);
    }
  }

  /** 16 hexadecimal digits. */
  get hex(): string {
    return [this.high, this.low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
