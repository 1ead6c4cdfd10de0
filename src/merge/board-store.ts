import * as v from 'valibot';
import type { Store } from '../runtime/host.ts';
import type { Json } from '../vocabulary.ts';
import { fromBase64, toBase64 } from '../wire/base64.ts';
import { encodedBytes } from '../wire/plain-copy.ts';
import { ENGINES } from './engine.ts';
import { toldRecordSchema, type ToldOperation, type ToldRecord } from './messages.ts';

/**
 * What survives of a board, as it came, in blocks of many entries under one key: stable storage has
 * room for 10,000 keys, and a block that grows is written anew with each edit.
 */

/** Thirty edits or so. A full board is some 3,500 of them. */
const BLOCK_BYTES = 8 * 1024;

/** Of 32 MiB that a node may store for all its protocols. */
export const MAX_BOARD_BYTES = 28 * 1024 * 1024;

/** From here on nobody edits. What others did before they knew that it is full still fits. */
export const FULL_BOARD_BYTES = 24 * 1024 * 1024;

const entrySchema = v.variant('is', [
  v.object({ is: v.literal('record'), record: toldRecordSchema }),
  v.object({ is: v.literal('operation'), engine: v.picklist(ENGINES), base64: v.string() }),
]);
const blockSchema = v.array(entrySchema);
type Entry = v.InferOutput<typeof entrySchema>;

/** One thing that a board keeps. */
export type Kept = { readonly record: ToldRecord } | { readonly operation: ToldOperation };

export class BoardStore {
  private readonly store: Store;
  private block: Entry[] = [];
  private blockBytes = 0;
  private blocks = 0;
  private total = 0;

  constructor(store: Store) {
    this.store = store;
  }

  get bytes(): number {
    return this.total;
  }

  /** All that was kept. To be called once, before anything is kept. */
  load(): Kept[] {
    const found = this.read();
    this.blocks = this.store.keys().length;
    for (const entry of found) this.total += sizeOf(entry);
    return found.flatMap(keptOf);
  }

  /** All that is kept by now, in its order. */
  kept(): Kept[] {
    return this.read().flatMap(keptOf);
  }

  hasRoomFor(kept: readonly Kept[]): boolean {
    const bytes = kept.reduce((sum, each) => sum + sizeOf(entryOf(each)), 0);
    return this.total + bytes <= MAX_BOARD_BYTES;
  }

  keep(kept: readonly Kept[]): void {
    for (const each of kept) {
      const entry = entryOf(each);
      const bytes = sizeOf(entry);
      if (this.blockBytes + bytes > BLOCK_BYTES) this.close();
      this.block.push(entry);
      this.blockBytes += bytes;
      this.total += bytes;
    }
    this.write();
  }

  private read(): Entry[] {
    return this.store.keys().flatMap((key) => {
      // What an earlier version of this program wrote may be nothing that this one can read.
      const block = v.safeParse(blockSchema, this.store.get(key));
      return block.success ? block.output : [];
    });
  }

  private close(): void {
    this.write();
    if (this.block.length > 0) this.blocks += 1;
    this.block = [];
    this.blockBytes = 0;
  }

  private write(): void {
    if (this.block.length > 0) this.store.put(`block ${this.blocks}`, this.block as Json);
  }
}

function sizeOf(entry: Entry): number {
  return encodedBytes(entry);
}

function entryOf(kept: Kept): Entry {
  if ('record' in kept) return { is: 'record', record: kept.record };
  const { engine, operation } = kept.operation;
  return { is: 'operation', engine, base64: toBase64(operation) };
}

function keptOf(entry: Entry): Kept[] {
  if (entry.is === 'record') return [{ record: entry.record }];
  const operation = fromBase64(entry.base64);
  return operation === undefined ? [] : [{ operation: { engine: entry.engine, operation } }];
}
