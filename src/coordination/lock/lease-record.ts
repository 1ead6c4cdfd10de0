import * as v from 'valibot';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';

/** What the log knows of a lock. Nothing in it is a time of day. */
export interface LeaseRecord {
  /** Null once it is released. */
  readonly holder: NodeId | null;
  /** Raised by whoever takes the lock, and by nobody lowered: the fencing token. */
  readonly token: number;
  /** Raised by every renewal: whoever watches sees that the holder lives. */
  readonly beat: number;
  readonly leaseMs: Milliseconds;
  /** Who keeps what the lock guards; never another. */
  readonly keeper: NodeId;
}

/** As long as a name of a class's own; with what stands before it, it fits into a key of the log. */
export const MAX_NAME_LENGTH = 64;

/** A renewal is a commit: three of them must fit into it, over a slow network too. */
export const MIN_LEASE_MS: Milliseconds = 500;

/** Nobody in a lesson waits longer for the lock of a tab that is gone. */
export const MAX_LEASE_MS: Milliseconds = 60_000;

/** Long enough to be watched, short enough to be waited for. */
export const DEFAULT_LEASE_MS: Milliseconds = 5_000;

const whole = (least: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least));
export const tokenSchema = whole(1);
export const nameSchema = v.custom<string>(isName, 'not a name of a lock');
const leaseMsSchema = v.pipe(v.number(), v.minValue(MIN_LEASE_MS), v.maxValue(MAX_LEASE_MS));

const recordSchema = v.object({
  holder: v.nullable(nodeIdSchema),
  token: tokenSchema,
  beat: whole(1),
  leaseMs: leaseMsSchema,
  keeper: nodeIdSchema,
});

export function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[^\p{C}]{1,64}$/u.test(name) && name.length <= MAX_NAME_LENGTH; // prettier-ignore
}

export function keyOf(name: string): string {
  return `lock/${name}`;
}

/** Null where nobody has ever taken it; undefined if something else stands there. */
export function readRecord(value: Json | undefined): LeaseRecord | null | undefined {
  if (value === undefined || value === null) return null;
  const read = v.safeParse(recordSchema, value);
  return read.success ? read.output : undefined;
}

export function toJson(record: LeaseRecord | null): Json {
  return record && { ...record };
}
