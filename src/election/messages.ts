import * as v from 'valibot';
import { choiceSchema, type AlgorithmName, type Choice } from '../network/election-choice.ts';
import { spreadingSchemas, type SpreadingMessage } from '../network/spreading-messages.ts';
import type { AnyAlgorithm } from './algorithm.ts';

/** What travels between neighbours for elections. */

const { turn, by } = choiceSchema.entries;
/** With the algorithm's name it is the entire choice: whoever has an older one adopts it. */
const runSchema = v.object({ turn, by });

export type ElectionMessage =
  /** By which choice I elect, or that I know of none. */
  | SpreadingMessage<Choice>
  /** A message of that algorithm, of that run of it. */
  | { readonly type: AlgorithmName; readonly run: Run; readonly message: unknown };
export type Run = v.InferOutput<typeof runSchema>;

/** Whatever algorithms a node has: a message of another one is refused. */
export function electionSchemaOf(
  algorithms: readonly AnyAlgorithm[],
): v.GenericSchema<unknown, ElectionMessage> {
  return v.variant('type', [
    ...spreadingSchemas(choiceSchema),
    ...algorithms.map(({ name, schema }) =>
      v.object({ type: v.literal(name), run: runSchema, message: schema }),
    ),
  ]);
}
