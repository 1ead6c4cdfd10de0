import * as v from 'valibot';
import { ENGINES } from './engine.ts';
import { deedSchema, MAX_INTENTS, MAX_TYPED_LENGTH, replicaSchema } from './intent.ts';

/** What travels between neighbours for the board, and what of it is kept on the disk. */

/** Lives that have edited: a class of 30 in which each tab was reloaded thirty times. */
export const MAX_REPLICAS = 1_024;

/** In base 64 it is still a value of stable storage, and with a record beside it still a frame. */
export const MAX_OPERATION_BYTES = 640 * 1024;

/** Of all engines together they fit into a frame. */
export const MAX_DIGEST_BYTES = 128 * 1024;

/** What one intent can take knowingly: an erasure of so many letters, each typed by itself. */
export const MAX_TAKEN = 4_000;

/** Where siblings meet, more is taken than was erased. */
const MAX_ATOMS = 2 * MAX_TAKEN;

/** What goes together is cut into messages of about so much; the browser's stream carries them in turn. */
export const MAX_TOGETHER_BYTES = 64 * 1024;

/** So many of the shortest records or operations take about the same. */
export const MAX_TOGETHER = 2_048;

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

function atMost<Item>(item: v.GenericSchema<unknown, Item>, limit: number) {
  return v.pipe(v.array(item), v.maxLength(limit));
}

function bytesUpTo(limit: number) {
  return v.custom<Uint8Array>(
    (x) => x instanceof Uint8Array && x.length <= limit,
    `not up to ${limit} bytes`,
  );
}

const engine = v.picklist(ENGINES);
const replica = replicaSchema.entries;

/** How many intents of a replica are known. */
const count = v.object({ ...replica, count: whole(0, MAX_INTENTS) });

/** Of one author: number of the intent, first and last index of its atoms, and so on, three by three. */
const taken = v.object({ ...replica, runs: atMost(whole(0, MAX_INTENTS), 3 * MAX_ATOMS) });

/** How many atoms these are; NaN for what are no runs. */
function atomsIn(runs: readonly number[]): number {
  let atoms = runs.length % 3 === 0 ? 0 : NaN;
  for (let i = 0; i + 2 < runs.length; i += 3) {
    const [first, last] = [runs[i + 1]!, runs[i + 2]!];
    atoms += first <= last && last < MAX_TYPED_LENGTH ? last - first + 1 : NaN;
  }
  return atoms;
}

const effect = v.object({
  /** In all of these it did the same. */
  engines: v.pipe(v.array(engine), v.minLength(1), v.maxLength(ENGINES.length)),
  made: whole(0, MAX_TYPED_LENGTH),
  shown: v.boolean(),
  took: v.pipe(
    atMost(taken, MAX_REPLICAS),
    v.check(
      (took) => took.reduce((sum, { runs }) => sum + atomsIn(runs), 0) <= MAX_ATOMS,
      'no runs, or too many atoms',
    ),
  ),
});

export const toldRecordSchema = v.object({
  ...replica,
  number: whole(1, MAX_INTENTS),
  /** What its author had received since its intent before, of others. */
  news: atMost(count, MAX_REPLICAS),
  wall: v.pipe(
    v.number(),
    v.check((number: number) => Number.isFinite(number)),
  ),
  deed: deedSchema,
  effects: atMost(effect, ENGINES.length),
});
/** A record of the ledger on its way, or on the disk. */
export type ToldRecord = v.InferOutput<typeof toldRecordSchema>;
export type ToldEffect = ToldRecord['effects'][number];

const toldOperation = v.object({ engine, operation: bytesUpTo(MAX_OPERATION_BYTES) });
export type ToldOperation = v.InferOutput<typeof toldOperation>;

const toldDigest = v.object({ engine, digest: bytesUpTo(MAX_DIGEST_BYTES) });
export type ToldDigest = v.InferOutput<typeof toldDigest>;

const records = atMost(toldRecordSchema, MAX_TOGETHER);
const operations = atMost(toldOperation, MAX_TOGETHER);

export const boardSchema = v.variant('type', [
  /** Somebody did this: passed on by whoever had not heard of it. */
  v.object({
    type: v.literal('tell'),
    record: toldRecordSchema,
    operations: atMost(toldOperation, ENGINES.length),
  }),
  /** This is what I have, as `answer` to another's or in the hope of what I lack. */
  v.object({
    type: v.literal('digest'),
    log: atMost(count, MAX_REPLICAS),
    engines: atMost(toldDigest, ENGINES.length),
    answer: v.boolean(),
  }),
  /** Some of what the other's digest lacked, and whether there is more of it. */
  v.object({ type: v.literal('repair'), records, operations, more: v.boolean() }),
]);
export type BoardMessage = v.InferOutput<typeof boardSchema>;
export type Kind<Type extends BoardMessage['type']> = Extract<BoardMessage, { type: Type }>;
