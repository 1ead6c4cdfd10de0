import * as v from 'valibot';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { claimSchema, lifeSchema, refutationSchema } from './claims.ts';

/** Claims that ride on a message: some 2 KiB at most, beside a vector clock within one datagram. */
export const MAX_CLAIMS = 16;

/** Rows of a roster in one message: with all fields at their longest still within one datagram. */
export const MAX_ROWS = 64;

/** The slowest pace that a node may claim to beat at: nobody waits for it longer because of it. */
export const MAX_BEAT_MS = 5_000;

/** Clocks of tabs and machines count from zero; 300,000 years are enough for each. */
const MAX_TIME_MS = 1e16;

const time = v.pipe(v.number(), v.minValue(-MAX_TIME_MS), v.maxValue(MAX_TIME_MS));
const span = v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIME_MS));

/** Of whoever asked. */
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const claims = v.pipe(v.array(claimSchema), v.maxLength(MAX_CLAIMS));

export const membershipSchema = v.variant('type', [
  /** I live. */
  v.object({
    type: v.literal('beat'),
    life: lifeSchema,
    refutation: refutationSchema,
    /** By the sender's monotonic clock. */
    sent: time,
    /** How often the sender beats. */
    everyMs: v.pipe(v.number(), v.minValue(1), v.maxValue(MAX_BEAT_MS)),
    /** When the last beat of the receiver was sent, by its clock, and for how long it lay here. */
    echo: v.nullable(v.object({ sent: time, heldMs: span })),
    claims,
  }),
  /** Do you live? */
  v.object({ type: v.literal('ping'), number, claims }),
  /** Yes; or, where another node was asked about: yes, it does. */
  v.object({ type: v.literal('ack'), number, claims }),
  /** I get no answer from `target`: do you? */
  v.object({ type: v.literal('ask'), number, target: nodeIdSchema, claims }),
  /** Not yet, but I do live. */
  v.object({ type: v.literal('nack'), number, claims }),
  /** A part of all that the sender holds of nodes, itself included; `answer` wants the other's. */
  v.object({
    type: v.literal('roster'),
    answer: v.boolean(),
    claims: v.pipe(v.array(claimSchema), v.maxLength(MAX_ROWS)),
  }),
  /** I leave: nobody needs to find out. */
  v.object({ type: v.literal('leave'), life: lifeSchema, refutation: refutationSchema, claims }),
]);
export type MembershipMessage = v.InferOutput<typeof membershipSchema>;
export type Beat = Extract<MembershipMessage, { readonly type: 'beat' }>;

/** A message before claims are laid upon it. */
export type Bare = Unladen<MembershipMessage>;
type Unladen<Message> = Message extends unknown ? Omit<Message, 'claims'> : never;
