import * as v from 'valibot';
import type { Atom } from '../engine.ts';
import { keyOf, MAX_TYPED_LENGTH, type Intent, type IntentId } from '../intent.ts';
import { OpLog, type Entry } from '../op-log.ts';
import type { Operation } from '../engine.ts';
import { clientOf } from './client-of.ts';
import { tupleOf } from '../tuple-of.ts';

/**
 * Which intent wrote which of Yjs's items. Yjs numbers all that a client inserts in a row; an intent's
 * are those from `from` on, as many as `count`. It is told beside each update, for Yjs itself says
 * nothing of intents. What an application without a ledger would not send is counted apart.
 */
const contentSchema = tupleOf(
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_TYPED_LENGTH)),
  // Its author found no value there, whatever Yjs knew of one.
  v.boolean(),
);
type Content = v.InferOutput<typeof contentSchema>;

export interface Written {
  readonly id: IntentId;
  readonly from: number;
  readonly count: number;
  /** Whatever was there before, its author's board showed nothing. */
  readonly afresh: boolean;
}

export class DeedLog {
  private readonly log = new OpLog<Content>(contentSchema);
  /** By the first item of each, rising. */
  private readonly byClient = new Map<number, Written[]>();
  private readonly clients = new Map<string, number>();

  get bytes(): number {
    return this.log.bytes;
  }

  write(
    { author, number }: Intent,
    { from, count, afresh }: Omit<Written, 'id'>,
  ): Operation | null {
    const written = this.log.write({ author, number }, [from, count, afresh]);
    if (written === null) return null;
    this.keep(written.entry);
    return written.operation;
  }

  take(operation: Operation): boolean {
    const taken = this.log.take(operation);
    if (taken === 'refused') return false;
    if (taken !== 'known') this.keep(taken);
    return true;
  }

  digest(): Uint8Array {
    return this.log.digest();
  }

  missing(digest: Uint8Array): readonly Operation[] | null {
    return this.log.missing(digest);
  }

  /** Undefined for what is of no intent that is known here. */
  atomOf(client: number, clock: number): Atom | undefined {
    const found = this.writtenAt(client, clock);
    return found && { intent: found.id, index: clock - found.from };
  }

  writtenAt(client: number, clock: number): Written | undefined {
    const written = this.byClient.get(client) ?? [];
    let low = 0;
    let high = written.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (written[middle]!.from <= clock) low = middle + 1;
      else high = middle;
    }
    const found = written[low - 1];
    return found === undefined || clock >= found.from + found.count ? undefined : found;
  }

  /** How many are not in the document yet. @param stateOf up to which of a client's items are */
  waiting(stateOf: (client: number) => number): number {
    let count = 0;
    for (const [client, written] of this.byClient) {
      const state = stateOf(client);
      for (let at = written.length; at > 0 && written[at - 1]!.from >= state; at--) count += 1;
    }
    return count;
  }

  private keep({ author, id, content: [from, count, afresh] }: Entry<Content>): void {
    if (count === 0) return;
    const key = keyOf(author);
    const client = this.clients.get(key) ?? clientOf(author);
    this.clients.set(key, client);
    const written = this.byClient.get(client) ?? [];
    this.byClient.set(client, written);
    let at = written.length;
    while (at > 0 && written[at - 1]!.from > from) at -= 1;
    written.splice(at, 0, { id, from, count, afresh });
  }
}
