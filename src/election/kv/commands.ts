import * as v from 'valibot';
import type { Json } from '../../vocabulary.ts';
import { isJson } from '../../wire/json.ts';
import { encodedBytes } from '../../wire/plain-copy.ts';
import { isWhole } from '../../wire/whole-text.ts';

/** A line of text: what is longer is a value. */
export const MAX_KEY_LENGTH = 128;

/** A page of text; a hundred of them fit into one message between members of the log. */
export const MAX_VALUE_BYTES = 4 * 1024;

/** What one client may have asked without an answer; so many answers of it are kept. */
export const MAX_WINDOW = 64;

/** Ten letters of 32 are 50 random bits; a class has some hundreds of clients in all its lives. */
export const CLIENT_PATTERN = /^[0-9a-v]{10}$/;

/** The index of the entry that opened it, and whose it is. */
const SESSION_PATTERN = /^[1-9][0-9]{0,15}\.[0-9a-v]{10}$/;

export function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH && isWhole(key);
}

/** Every node would hold the very same. */
export function isValue(value: unknown): value is Json {
  return isJson(value) && isWhole(value) && encodedBytes(value) <= MAX_VALUE_BYTES;
}

export const keySchema = v.custom<string>(isKey, 'not a key');
export const valueSchema = v.custom<Json>(isValue, 'not a value');
const whole = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least));

/** What changes the store. Null stands for nothing: to put it is to delete. */
const deedSchema = v.variant('kind', [
  v.object({ kind: v.literal('put'), key: keySchema, value: valueSchema }),
  v.object({ kind: v.literal('cas'), key: keySchema, from: valueSchema, to: valueSchema }),
  v.object({ kind: v.literal('delete'), key: keySchema }),
]);
export type Deed = v.InferOutput<typeof deedSchema>;

export const openSchema = v.object({
  type: v.literal('open'),
  client: v.pipe(v.string(), v.regex(CLIENT_PATTERN)),
});

/** A read that takes its place in the log, like all that changes it. */
export const getSchema = v.object({ type: v.literal('get'), key: keySchema });

export const actSchema = v.object({
  type: v.literal('act'),
  session: v.pipe(v.string(), v.regex(SESSION_PATTERN)),
  /** Counts the session's deeds. */
  number: whole(1),
  /** Its client waits for none of these and below any more. */
  acked: whole(0),
  deed: deedSchema,
});

/** An entry of the log. */
export const commandSchema = v.variant('type', [openSchema, getSchema, actSchema]);
export type Command = v.InferOutput<typeof commandSchema>;
export type Act = v.InferOutput<typeof actSchema>;

/** Why the store did not do what it was asked for. */
export const REFUSALS = [
  /** A compare-and-set found another value. */
  'no-match',
  /** There is no room for it. */
  'full',
  /** That session has ended, or never was. */
  'no-session',
  /** Its client waits for it no longer, so nobody knows any more whether it was done. */
  'stale',
  /** Its client has more under way than it may. */
  'ahead',
  /** No such command. */
  'bad-command',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What the store says of a command: a value of one that reads, a session of one that opens it, or null. */
export type Reply =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: Refusal };
