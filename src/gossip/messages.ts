import * as v from 'valibot';
import { MAX_INCARNATION, TICKS_PER_LIFE } from '../clocks/tick.ts';
import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { MAX_SOURCES } from './broadcast-store.ts';
import { payloadSchema } from './payload.ts';

/** What travels between neighbours for gossip: one schema, one kind of message each. */

/**
 * Broadcasts that go together are cut into messages of about so much: a chunked stream of the browser
 * passes them on while the next is made, and no link is blocked for long.
 */
export const MAX_TOGETHER_BYTES = 64 * 1024;

/** So many of the shortest broadcasts take about the same. */
export const MAX_TOGETHER = 512;

/** Runs that one message names: more gaps than a healed room has. The rest is told in the next one. */
export const MAX_RUNS = 256;

/** Of one source's runs beyond its watermark, a digest tells the first few; the rest once these are closed. */
export const MAX_RUNS_TOLD = 8;

/** A push says whom else it goes to; in a mesh beyond the largest room it does not. */
export const MAX_NAMED = MAX_CAPACITY;

/** Longer chains of nodes than any room has. */
const MAX_HOPS = 65_535;

const life = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION));
/** No life has more broadcasts than events. */
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(TICKS_PER_LIFE));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const source = { origin: nodeIdSchema, life };

function atMost<Item>(item: v.GenericSchema<unknown, Item>, limit: number) {
  return v.pipe(v.array(item), v.maxLength(limit));
}

const run = v.object({ first: sequence, last: sequence });
const runs = atMost(v.object({ ...source, first: sequence, last: sequence }), MAX_RUNS);
const pasts = atMost(v.object({ ...source, upTo: sequence }), MAX_SOURCES);
const heard = v.object({ ...source, upTo: count, beyond: atMost(run, MAX_RUNS_TOLD) });
const origins = atMost(nodeIdSchema, MAX_SOURCES);

const toldSchema = v.object({
  ...source,
  sequence,
  payload: payloadSchema,
  /** What its origin had delivered before; empty where causes do not count. */
  after: pasts,
  /** How many links the sender's copy came over. */
  hops: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_HOPS)),
  /** Who is told this by the sender in the same go, so that nobody tells them again; empty if as before. */
  told: atMost(nodeIdSchema, MAX_NAMED),
});
const broadcasts = atMost(toldSchema, MAX_TOGETHER);

export const gossipSchema = v.variant('type', [
  v.object({ type: v.literal('tell'), how: v.picklist(['eager', 'graft', 'rumour']), broadcasts }),
  /** Tree: I have these, and I did not send them to you. */
  v.object({ type: v.literal('have'), runs }),
  /** Tree: send me these, and from now on all that is new of these origins. */
  v.object({ type: v.literal('graft'), origins, runs }),
  /** Tree: I have another who sends me what is new of these origins. */
  v.object({ type: v.literal('prune'), origins }),
  /** Rumours: this is what I know; tell me what is new. */
  v.object({ type: v.literal('ask'), heard: atMost(heard, MAX_SOURCES) }),
  /** Anti-entropy: all that I have heard, in one number. Who has heard the same says nothing. */
  v.object({ type: v.literal('summary'), hash: count, heard: count }),
  /** Anti-entropy: what I have heard, as `answer` to another's or in the hope of one. */
  v.object({ type: v.literal('digest'), heard: atMost(heard, MAX_SOURCES), answer: v.boolean() }),
  /** Anti-entropy: send me these. */
  v.object({ type: v.literal('want'), runs }),
  /** Anti-entropy: some of what was wanted, whether there is more of it, and what is no longer kept. */
  v.object({ type: v.literal('repair'), broadcasts, more: v.boolean(), lost: pasts }),
]);
export type GossipMessage = v.InferOutput<typeof gossipSchema>;
export type Kind<Type extends GossipMessage['type']> = Extract<GossipMessage, { type: Type }>;

/** A broadcast on its way. */
export type Told = v.InferOutput<typeof toldSchema>;
/** What a node has heard of one source. */
export type HeardOf = v.InferOutput<typeof heard>;
