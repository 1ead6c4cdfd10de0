import * as v from 'valibot';
import type { Turned } from './runs.ts';

/** What neighbours say to each other of a choice that spreads. */

/** A question may have the number of one long ago: by then that one's answers have come or are lost. */
export const MAX_QUESTIONS = 1_000_000;

const about = {
  /** Which of its questions this is, or answers: an answer to an earlier one says nothing of now. */
  question: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_QUESTIONS - 1)),
  /** Whoever says this has somebody who waits for a first choice, and would make it. */
  founds: v.boolean(),
};
const whichSchema = v.strictObject({ type: v.literal('which'), ...about });
const noneSchema = v.strictObject({ type: v.literal('none'), ...about });

/** I know of no choice. Which is yours? */
export type Which = v.InferOutput<typeof whichSchema>;
/** I know of none either. */
export type None = v.InferOutput<typeof noneSchema>;

export type SpreadingMessage<Choice extends Turned> =
  { readonly type: 'choice'; readonly choice: Choice } | Which | None;

/** For a protocol's own schema, which tells its messages apart by their `type`. */
export function spreadingSchemas<Choice extends Turned>(
  choiceSchema: v.GenericSchema<unknown, Choice>,
) {
  const choice = v.strictObject({ type: v.literal('choice'), choice: choiceSchema });
  return [choice, whichSchema, noneSchema] as const;
}
