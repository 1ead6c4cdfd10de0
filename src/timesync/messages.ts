import * as v from 'valibot';

/** The range of JavaScript's dates, 275,000 years either way: sums of such times stay finite. */
export const MAX_TIME_MS = 8.64e15;

const time = v.pipe(v.number(), v.minValue(-MAX_TIME_MS), v.maxValue(MAX_TIME_MS));

/** By one clock of the answerer: when the question came, and when the answer left. */
const readings = v.object({ received: time, answered: time });

/** An answer carries the number of its question. */
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const timeSyncSchema = v.variant('type', [
  v.object({ type: v.literal('ask'), number }),
  v.object({ type: v.literal('answer'), number, monotonic: readings, wall: readings }),
]);
export type TimeSyncMessage = v.InferOutput<typeof timeSyncSchema>;
export type TimeSyncAnswer = Extract<TimeSyncMessage, { readonly type: 'answer' }>;
