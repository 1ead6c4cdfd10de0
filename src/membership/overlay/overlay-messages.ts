import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import { MAX_VECTOR_ENTRIES } from '../../clocks/vector.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';

/** What neighbours say to each other about their links. */

/** A node's clocks know no more of others, so no way is longer and nobody has more links. */
const MAX_OTHERS = MAX_VECTOR_ENTRIES;

/** What is older than this was given up long ago. */
const MAX_AGE_MS = 60_000;

/** How far a shuffle walks: far enough to leave the neighbourhood of a small view. */
export const SHUFFLE_HOPS = 4;

/** How many nodes a shuffle names: itself, a few of its neighbours and a few that it merely knows of. */
export const SHUFFLE_SIZE = 8;

/** Every second to each neighbour: the way to the smallest node that its sender knows, and its links. */
export const beatSchema = v.object({
  type: v.literal('beat'),
  root: nodeIdSchema,
  life: whole(1, MAX_INCARNATION),
  /** Counted by the root, in that life. */
  number: whole(1, Number.MAX_SAFE_INTEGER),
  /** How long ago its sender first heard of this number. */
  ageMs: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_AGE_MS)),
  hops: whole(0, MAX_OTHERS),
  /** The sender's way to the root leads over whom it tells this. */
  leans: v.boolean(),
  links: whole(0, MAX_OTHERS),
  /** It has more links than it looks for. */
  spare: v.boolean(),
});
export type Beat = v.InferOutput<typeof beatSchema>;

/** 'I have too many links: do without this one.' The other end does, or answers `keep`. */
const disconnectSchema = v.object({ type: v.literal('disconnect') });
const keepSchema = v.object({ type: v.literal('keep') });

const idsSchema = v.pipe(v.array(nodeIdSchema), v.maxLength(SHUFFLE_SIZE));

/** The way it has come, its origin first. */
const pathSchema = v.pipe(v.array(nodeIdSchema), v.minLength(1), v.maxLength(SHUFFLE_HOPS));

/** A random walk, and at its end the answer, which goes back by the way that the walk has come. */
const shuffleSchema = v.object({ type: v.literal('shuffle'), path: pathSchema, ids: idsSchema });
const shuffledSchema = v.object({ type: v.literal('shuffled'), path: pathSchema, ids: idsSchema });

export const overlaySchema = v.variant('type', [
  beatSchema,
  disconnectSchema,
  keepSchema,
  shuffleSchema,
  shuffledSchema,
]);
export type OverlayMessage = v.InferOutput<typeof overlaySchema>;

function whole(min: number, max: number) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}
