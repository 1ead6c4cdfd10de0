import * as v from 'valibot';
import type { Milliseconds } from '../vocabulary.ts';
import { MAX_FRAME_BYTES } from '../wire/lane.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { figure, flag, probability } from './figure.ts';
import { MAX_QUEUE_MS } from './token-bucket.ts';

/**
 * A link rule as it is written down, sent and kept: what befalls frames from one node to another.
 * It says nothing about the way back. The table of its fields stands in README.md.
 */

/** Beyond a minute nobody in a class waits for a frame: that is a blackhole, and should be called one. */
export const MAX_LATENCY_MS: Milliseconds = 60_000;

/** A uniform frame that arrived before it was sent would have to be moved, and the mean with it. */
const MAX_UNIFORM_JITTER = 1;
/** Past a third of the mean, too many normal draws would fall below 0. */
const MAX_NORMAL_JITTER = 1 / 3;
/** A tail so long that the mean is rarely seen: three in four frames are faster. More shows nothing new. */
const MAX_LONG_TAILED_JITTER = 3;

/** Slower than this and one heartbeat a second no longer fits: that is a blackhole. */
export const MIN_BYTES_PER_SECOND = 100;
/** Faster than any network that a class has: the rule would change nothing. */
export const MAX_BYTES_PER_SECOND = 1_000_000_000;
/** Four of the largest frames: what the channels beneath hold at most. */
export const MAX_QUEUE_BYTES = 4 * MAX_FRAME_BYTES;

/** So long a burst at a few frames a second is a cut, not weather. */
export const MAX_LOSS_BURST = 1_000;

/** Fields that it does not know are refused: a misspelt fault would otherwise silently not happen. */
const fieldsSchema = v.strictObject({
  from: nodeIdSchema,
  to: nodeIdSchema,
  cut: flag('cut'),
  blackhole: flag('blackhole'),
  latencyMs: figure('latencyMs', 0, MAX_LATENCY_MS),
  jitterMs: figure('jitterMs', 0, MAX_LATENCY_MS * MAX_LONG_TAILED_JITTER),
  latencyShape: v.optional(v.picklist(['uniform', 'normal', 'long-tailed'])),
  loss: probability('loss'),
  lossBurst: figure('lossBurst', 1, MAX_LOSS_BURST),
  duplicate: probability('duplicate'),
  reorder: probability('reorder'),
  reorderMs: figure('reorderMs', 1, MAX_LATENCY_MS),
  corrupt: probability('corrupt'),
  bytesPerSecond: figure('bytesPerSecond', MIN_BYTES_PER_SECOND, MAX_BYTES_PER_SECOND),
  queueBytes: figure('queueBytes', 0, MAX_QUEUE_BYTES),
  burstBytes: figure('burstBytes', 0, MAX_QUEUE_BYTES),
});
type Fields = v.InferOutput<typeof fieldsSchema>;

const MAX_JITTER = {
  uniform: MAX_UNIFORM_JITTER,
  normal: MAX_NORMAL_JITTER,
  'long-tailed': MAX_LONG_TAILED_JITTER,
} as const;

function jitterFits({ latencyMs = 0, jitterMs = 0, latencyShape = 'uniform' }: Fields): boolean {
  return jitterMs <= latencyMs * MAX_JITTER[latencyShape];
}

/** Good spells between bursts last one frame at least, so long bursts cannot make a rare loss rarer. */
function burstFits({ loss = 0, lossBurst }: Fields): boolean {
  return lossBurst === undefined || (loss < 1 && loss / (1 - loss) <= lossBurst);
}

function queueEmptiesInTime({ bytesPerSecond, queueBytes = 0, burstBytes = 0 }: Fields): boolean {
  if (bytesPerSecond === undefined) return true;
  return Math.max(queueBytes, burstBytes) * 1000 <= bytesPerSecond * MAX_QUEUE_MS;
}

export const linkRuleSchema = v.pipe(
  fieldsSchema,
  v.check(({ from, to }) => from !== to, 'a link leads from one node to another'),
  v.check(
    jitterFits,
    'jitterMs may be latencyMs at most, a third of it for normal, three times it for long-tailed',
  ),
  v.check(burstFits, 'lossBurst needs loss / (1 - loss) or more, and a loss below 1'),
  v.check(
    ({ bytesPerSecond, queueBytes, burstBytes }) =>
      bytesPerSecond !== undefined || (queueBytes === undefined && burstBytes === undefined),
    'queueBytes and burstBytes need bytesPerSecond',
  ),
  v.check(
    queueEmptiesInTime,
    `queueBytes and burstBytes may be what bytesPerSecond carries in ${MAX_QUEUE_MS / 1000} s at most`,
  ),
);
export type LinkRule = v.InferOutput<typeof linkRuleSchema>;
