import type { Json } from '../../vocabulary.ts';
import { encodeBody } from '../../wire/body.ts';
import { crc32 } from '../../wire/crc32.ts';

/** A number for a set of named parts. One that changes costs what it is large, not what all are. */
export class PartsDigest {
  private readonly parts = new Map<string, number>();
  private sum = 0;

  get value(): number {
    return this.sum;
  }

  set(name: string, content: Json): void {
    this.delete(name);
    const part = scattered(checksumOf([name, content]));
    this.parts.set(name, part);
    this.sum = (this.sum + part) >>> 0;
  }

  delete(name: string): void {
    this.sum = (this.sum - (this.parts.get(name) ?? 0)) >>> 0;
    this.parts.delete(name);
  }

  clear(): void {
    this.parts.clear();
    this.sum = 0;
  }
}

export function checksumOf(content: Json): number {
  const bytes = encodeBody(content);
  return crc32(bytes, 0, bytes.length);
}

/**
 * Checksums are linear: two that change places would leave their sum as it was, were each not
 * scattered before (Appleby's finaliser of MurmurHash 3).
 */
function scattered(checksum: number): number {
  let hash = checksum;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
