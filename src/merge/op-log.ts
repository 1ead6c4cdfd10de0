import * as v from 'valibot';
import type { Incarnation, NodeId } from '../vocabulary.ts';
import { decodeBody, encodeBody } from '../wire/body.ts';
import { checkOf, REFUSED, type Check } from '../wire/schema-check.ts';
import { compareDots, numberSchema, type Dot } from './dot.ts';
import type { Digest, Operation } from './engine.ts';
import { idOf, keyOf, MAX_INTENTS, replicaSchema, type IntentId, type ReplicaKey } from './intent.ts'; // prettier-ignore
import { ReplicaLog } from './replica-log.ts';
import { tupleOf } from './tuple-of.ts';

/**
 * What the engines of our own share: the operations of all replicas, as bytes and under the numbers
 * of their intents; what a replica holds, in a few bytes; and what another lacks. The order of the
 * operations, and what they do, is the engine's business. The rules LOG-1 to LOG-6 stand in README.md.
 */

/** An operation that was read. `Content` is what the engine wrote. */
export interface Entry<Content> extends Dot {
  readonly id: IntentId;
  readonly content: Content;
}

/** Half of a frame, so that it and its neighbours' fit into one. Most take less than a hundred bytes. */
export const MAX_OPERATION_BYTES = 512 * 1024;

/** Lives of nodes that have edited: thirty students who reload once a minute for two hours. */
export const MAX_REPLICAS = 4_096;

const { node, life } = replicaSchema.entries;
/** How far above its author's operation before it: 1 mostly. */
const step = numberSchema;
const digestSchema = v.pipe(v.array(tupleOf(node, life, numberSchema)), v.maxLength(MAX_REPLICAS));

export class OpLog<Content> {
  private readonly check: Check;
  private readonly held = new Map<IntentId, Operation>();
  private readonly replicas = new Map<ReplicaKey, ReplicaLog>();
  private heldBytes = 0;

  /** @param content of what the engine writes; what passes it is trusted */
  constructor(content: v.GenericSchema<unknown, Content>) {
    this.check = checkOf(tupleOf(node, life, numberSchema, step, content));
  }

  /** Of all operations. */
  get bytes(): number {
    return this.heldBytes;
  }

  /**
   * Takes what this replica itself does next, and gives it as all others will read it. Null if the log
   * is full. The numbers of one author have to rise.
   */
  write(dot: Dot, content: Content): { operation: Operation; entry: Entry<Content> } | null {
    const { author, number } = dot;
    const after = this.replicas.get(keyOf(author))?.newest ?? 0;
    if (number <= after) throw new Error(`${idOf(dot)} does not come after number ${after}`);
    const operation = encodeBody([author.node, author.life, number, number - after, content]);
    const entry = this.take(operation);
    return entry === 'known' || entry === 'refused' ? null : { operation, entry };
  }

  /**
   * Takes an operation from anywhere. What is refused has changed nothing.
   *
   * @param fits asked last: for engines that only know once they have done what it says
   */
  take(
    operation: Operation,
    fits: (entry: Entry<Content>) => boolean = () => true,
  ): Entry<Content> | 'known' | 'refused' {
    const read = this.decode(operation);
    if (read === undefined) return 'refused';
    const { entry, after } = read;
    if (this.held.has(entry.id)) return 'known';

    const key = keyOf(entry.author);
    const replica = this.replicas.get(key) ?? new ReplicaLog(entry.author);
    if (this.held.size >= MAX_INTENTS) return 'refused';
    if (this.replicas.size >= MAX_REPLICAS && !this.replicas.has(key)) return 'refused';
    if (replica.contradicts({ after }) || !fits(entry)) return 'refused';

    // A copy, for the bytes may be a part of a frame, which would be kept as a whole.
    const own = operation.slice();
    replica.add({ number: entry.number, after, operation: own });
    this.replicas.set(key, replica);
    this.held.set(entry.id, own);
    this.heldBytes += own.length;
    return entry;
  }

  has(id: IntentId): boolean {
    return this.held.has(id);
  }

  /** Read anew: only the bytes are kept. */
  read(id: IntentId): Entry<Content> | undefined {
    const operation = this.held.get(id);
    return operation === undefined ? undefined : this.decode(operation)?.entry;
  }

  /** Up to which number each replica's are here without a gap. Equal for logs that hold the same. */
  digest(): Digest {
    const rows = Array.from(this.replicas.values(), ({ author, upTo }) => ({
      author,
      number: upTo,
    }))
      .filter(({ number }) => number > 0)
      .sort(compareDots)
      .map(({ author, number }) => [author.node, author.life, number]);
    return encodeBody(rows);
  }

  /** All that are here, read anew: author by author, in their order. */
  *entries(): Iterable<Entry<Content>> {
    for (const replica of this.replicas.values())
      for (const { operation } of replica.since(0)) yield this.decode(operation)!.entry;
  }

  /** What is here and above what the digest says, author by author in their order; null if it is none. */
  missing(digest: Digest): readonly Operation[] | null {
    const body = decodeBody(digest);
    const rows = body.ok ? checkOf(digestSchema)(body.value) : REFUSED;
    if (rows === REFUSED) return null;
    const theirs = new Map<ReplicaKey, number>();
    for (const [node, life, upTo] of rows as v.InferOutput<typeof digestSchema>) {
      theirs.set(keyOf({ node, life }), upTo);
    }
    return [...this.replicas].flatMap(([key, replica]) =>
      replica.since(theirs.get(key) ?? 0).map(({ operation }) => operation),
    );
  }

  private decode(operation: Operation): { entry: Entry<Content>; after: number } | undefined {
    if (operation.length > MAX_OPERATION_BYTES) return undefined;
    const body = decodeBody(operation);
    const read = body.ok ? this.check(body.value) : REFUSED;
    if (read === REFUSED) return undefined;
    const [node, life, number, step, content] = read as [
      NodeId,
      Incarnation,
      number,
      number,
      Content,
    ];
    if (step > number) return undefined;
    const author = { node, life };
    const entry = { author, number, id: idOf({ author, number }), content };
    return { entry, after: number - step };
  }
}
