import * as v from 'valibot';
import { MAX_INCARNATION } from '../clocks/tick.ts';
import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';

/**
 * What somebody wanted, in words that favour no merge rule: 'set title to Lab', and not 'this cell has
 * this stamp'. Each engine makes its own operation of it. From the intents alone, and from what each
 * engine shows in the end, the ledger tells which were lost.
 */

/** One life of one node. Its intents are numbered from 1 without a gap, so a count says which are known. */
export interface Replica {
  readonly node: NodeId;
  readonly life: Incarnation;
}

declare const brand: unique symbol;

/** `node/life`: a replica as the key of a map. */
export type ReplicaKey = string & { readonly [brand]: 'ReplicaKey' };

/** `node/life/number`. */
export type IntentId = string & { readonly [brand]: 'IntentId' };

/** How many intents of each replica are known, counted from the first without a gap: a vector clock of edits. */
export type Seen = ReadonlyMap<ReplicaKey, number>;

/** The kinds of a field. A kind and a key together name a field: 'title' may be a text and a counter too. */
export const KINDS = ['value', 'counter', 'set', 'text', 'list'] as const;
export type Kind = (typeof KINDS)[number];

export const MAX_KEY_LENGTH = 64;
/** A name, a colour, a short sentence: what stands in one cell. */
export const MAX_VALUE_LENGTH = 1_000;
/** What a hand types or pastes at once. */
export const MAX_TYPED_LENGTH = 1_000;
/** A text, a set or a list of a lesson; positions beyond it are wrong. */
export const MAX_POSITION = 100_000;
/** So that a full board's increments are a number that JavaScript counts exactly. */
export const MAX_INCREMENT = 1_000_000_000;
/** Of a whole board. A class of 30 that edits once a second fills it in an hour. */
export const MAX_INTENTS = 100_000;

const key = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KEY_LENGTH));
const item = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_VALUE_LENGTH));
const position = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_POSITION));
const increment = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(-MAX_INCREMENT),
  v.maxValue(MAX_INCREMENT),
);
export type Scalar = null | boolean | number | string;
const scalar = v.custom<Scalar>((value) => {
  if (typeof value === 'string') return value.length <= MAX_VALUE_LENGTH;
  return value === null || typeof value === 'boolean' || Number.isFinite(value);
}, 'not a value of a field');

/**
 * Positions count UTF-16 units of a text, and items of a list, as the author saw them in that engine.
 * Where engines show different texts, each takes the position within its own, cut to its length.
 */
export const deedSchema = v.variant('do', [
  v.object({ do: v.literal('set'), key, value: scalar }),
  v.object({ do: v.literal('increment'), key, by: increment }),
  v.object({ do: v.literal('add'), key, item }),
  v.object({ do: v.literal('remove'), key, item }),
  v.object({
    do: v.literal('type'),
    key,
    position,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED_LENGTH)),
  }),
  v.object({ do: v.literal('erase'), key, position, count: v.pipe(position, v.minValue(1)) }),
  v.object({ do: v.literal('insert'), key, position, item }),
  v.object({ do: v.literal('drop'), key, position }),
  v.object({ do: v.literal('move'), key, from: position, to: position }),
]);
export type Deed = v.InferOutput<typeof deedSchema>;

const KIND_OF: { readonly [Do in Deed['do']]: Kind } = {
  set: 'value',
  increment: 'counter',
  add: 'set',
  remove: 'set',
  type: 'text',
  erase: 'text',
  insert: 'list',
  drop: 'list',
  move: 'list',
};

export function kindOf(deed: Deed): Kind {
  return KIND_OF[deed.do];
}

export interface Intent {
  readonly author: Replica;
  /** 1 for the author's first. */
  readonly number: number;
  /** What its author had received when it made this, its own earlier ones included. */
  readonly seen: Seen;
  /** The author's wall clock, as wrong as it was. */
  readonly wall: Milliseconds;
  readonly deed: Deed;
}

export function keyOf({ node, life }: Replica): ReplicaKey {
  return `${node}/${life}` as ReplicaKey;
}

export function idOf({ author, number }: Pick<Intent, 'author' | 'number'>): IntentId {
  return `${keyOf(author)}/${number}` as IntentId;
}

/** Did whoever knew `seen` know this intent? */
export function knows(seen: Seen, { author, number }: Pick<Intent, 'author' | 'number'>): boolean {
  return (seen.get(keyOf(author)) ?? 0) >= number;
}

/** Neither author had seen the other's. */
export function areConcurrent(a: Intent, b: Intent): boolean {
  return !knows(a.seen, b) && !knows(b.seen, a);
}

export const replicaSchema = v.object({
  node: nodeIdSchema,
  life: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION)),
});
