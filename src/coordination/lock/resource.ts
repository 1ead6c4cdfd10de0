import * as v from 'valibot';
import type { Host } from '../../runtime/host.ts';
import type { Incarnation, Json, NodeId } from '../../vocabulary.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';
import { jsonSchema } from '../../wire/json.ts';
import { tokenSchema } from './lease-record.ts';
import type { WriteAnswer, WriteMessage } from './messages.ts';
import { inShort } from './words.ts';

/** Far more locks than a lesson has. */
export const MAX_RESOURCES = 64;

/** So many writers of one resource are known again; the one that wrote longest ago is forgotten. */
export const MAX_WRITERS = 64;

const heldSchema = v.object({ token: tokenSchema, value: jsonSchema, by: nodeIdSchema });

const writerSchema = v.object({
  id: nodeIdSchema,
  life: v.number(),
  number: v.number(),
  taken: v.boolean(),
  newest: tokenSchema,
});
type Writer = v.InferOutput<typeof writerSchema>;

const shelfSchema = v.object({
  /** The highest token of any write so far. */
  newest: tokenSchema,
  /** What the resource holds that looks at tokens, and the one beside it that does not. */
  checked: heldSchema,
  unchecked: heldSchema,
  /** The last write of each, and what it was answered. */
  writers: v.array(writerSchema),
});
export type Shelf = v.InferOutput<typeof shelfSchema>;

/**
 * What locks guard, kept by this node: two resources side by side under each name. One of them looks
 * at the token of a write, the other takes whatever comes. Both are on its disk.
 */
export class Resource {
  private readonly host: Pick<Host<never>, 'store' | 'record'>;
  private readonly shelves = new Map<string, Shelf>();

  constructor(host: Pick<Host<never>, 'store' | 'record'>) {
    this.host = host;
  }

  start(): void {
    for (const key of this.host.store.keys()) {
      const read = v.safeParse(shelfSchema, this.host.store.get(key));
      if (read.success) this.shelves.set(key, read.output);
    }
  }

  at(name: string): Shelf | null {
    return this.shelves.get(name) ?? null;
  }

  /** The answer may leave once the disk has what it says. Null: a writer that has gone on since. */
  write(from: NodeId, message: WriteMessage): WriteAnswer | null {
    const { name, life, number } = message;
    const shelf = this.at(name);
    const before = shelf?.writers.find(({ id }) => id === from);
    if (before !== undefined && isBefore(message, before)) return null;
    const again = before?.life === life && before.number === number;
    if (!again && shelf === null && this.shelves.size === MAX_RESOURCES)
      return { type: 'refused', name, life, number, why: 'full' };
    const { taken, newest } = again ? before : this.take(from, message, shelf);
    return { type: 'written', name, life, number, taken, newest };
  }

  /** LOCK-9: whether a write with this token is late, where the highest that was seen is `newest`. */
  protected isStale(token: number, newest: number): boolean {
    return token < newest;
  }

  private take(from: NodeId, message: WriteMessage, shelf: Shelf | null): Writer {
    const { name, life, number, token, value } = message;
    const seen = shelf?.newest ?? token;
    const taken = !this.isStale(token, seen);
    const newest = Math.max(token, seen);
    const writer = { id: from, life, number, taken, newest };
    const written = { token, value, by: from };
    const others = (shelf?.writers ?? []).filter(({ id }) => id !== from);
    const next: Shelf = {
      newest,
      checked: taken || shelf === null ? written : shelf.checked,
      unchecked: written,
      writers: [...others.slice(-(MAX_WRITERS - 1)), writer],
    };
    this.shelves.set(name, next);
    this.host.store.put(name, next as unknown as Json);
    this.note(name, next, writer, written);
    return writer;
  }

  /** Once it is durable: what a crash undoes has never been. */
  private note(
    name: string,
    { checked, newest }: Shelf,
    { taken }: Writer,
    { token, value, by }: Shelf['checked'],
  ): void {
    const { store, record } = this.host;
    const said = { name, token, newest, value: inShort(value), by };
    const kept = inShort(checked.value);
    store.whenDurable(() => {
      record('written', { ...said, checked: true, taken, kept });
      record('written', { ...said, checked: false, taken: true, kept: said.value });
    });
  }
}

function isBefore(
  { life, number }: { readonly life: Incarnation; readonly number: number },
  last: Writer,
): boolean {
  return life < last.life || (life === last.life && number < last.number);
}
