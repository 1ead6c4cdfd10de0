import * as v from 'valibot';
import type { Milliseconds } from '../vocabulary.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { figure, flag, probability } from './figure.ts';

/** A day: a clock that is set to the wrong date shows all that a larger error would. */
export const MAX_WALL_OFFSET_MS: Milliseconds = 86_400_000;

/** A tenth: a hundred times the worst quartz, so that a class sees it within a minute. */
export const MAX_DRIFT_PPM = 100_000;

/** With ten frames a second a node this slow never catches up. */
export const MAX_SLOW_MS: Milliseconds = 5_000;

/** Longer than any lesson wants to look at a frozen node. */
export const MAX_PAUSE_MS: Milliseconds = 600_000;

/**
 * What befalls one node for as long as it is said. The table of its fields stands in README.md.
 * Fields that it does not know are refused, as in link rules.
 */
export const nodeConditionSchema = v.strictObject({
  id: nodeIdSchema,
  /** Its plug is pulled, whatever its student does. */
  unplugged: flag('unplugged'),
  wallOffsetMs: figure('wallOffsetMs', -MAX_WALL_OFFSET_MS, MAX_WALL_OFFSET_MS),
  driftPpm: figure('driftPpm', -MAX_DRIFT_PPM, MAX_DRIFT_PPM),
  /** The share of the frames that it sends, or that reach it, which is lost without a word. */
  sendOmission: probability('sendOmission'),
  receiveOmission: probability('receiveOmission'),
  /** How long it takes over each frame that reaches it. */
  slowMs: figure('slowMs', 0, MAX_SLOW_MS),
});
export type NodeCondition = v.InferOutput<typeof nodeConditionSchema>;

const to = { id: nodeIdSchema };

const JUMP = `wallJumpMs must be a number from ${-MAX_WALL_OFFSET_MS} to ${MAX_WALL_OFFSET_MS}`;
/** A few sentences of a class's story; whoever has more to tell tells it in several acts. */
export const MAX_TOLD_DEEDS = 64;

const DEEDS = `deeds must be a list of ${MAX_TOLD_DEEDS} edits at most`;

const PAUSE = `pauseMs must be a number from 1 to ${MAX_PAUSE_MS}`;

/** What a node is told to do once. It is done or refused; nothing of it is kept. */
export const nodeActSchema = v.variant('do', [
  /** Its wall clock leaps, back where `byMs` is negative. */
  v.object({
    ...to,
    do: v.literal('jump'),
    byMs: v.pipe(
      v.number(JUMP),
      v.minValue(-MAX_WALL_OFFSET_MS, JUMP),
      v.maxValue(MAX_WALL_OFFSET_MS, JUMP),
    ),
  }),
  v.object({
    ...to,
    do: v.literal('pause'),
    ms: v.pipe(v.number(PAUSE), v.minValue(1, PAUSE), v.maxValue(MAX_PAUSE_MS, PAUSE)),
  }),
  v.object({ ...to, do: v.literal('crash') }),
  /** It edits the board of the merge lab, as its student could. What the deeds are its board checks. */
  v.object({
    ...to,
    do: v.literal('edit'),
    deeds: v.pipe(v.array(v.unknown(), DEEDS), v.maxLength(MAX_TOLD_DEEDS, DEEDS)),
  }),
  /** A node that still lives is killed first. */
  v.object({
    ...to,
    do: v.literal('restart'),
    keepDisk: v.boolean('keepDisk must be true or false'),
  }),
]);
export type NodeAct = v.InferOutput<typeof nodeActSchema>;
