import * as v from 'valibot';
import { checkOf, REFUSED } from '../wire/schema-check.ts';
import { MAX_INTENTS, replicaSchema, type Intent, type IntentId } from './intent.ts';

/**
 * An intent by its name: whose, and the how manieth of theirs. Engines of our own name what they made
 * of it by the same.
 */
export type Dot = Pick<Intent, 'author' | 'number'>;

/** Above all, and the same everywhere: below 0 if `a` comes first. Has nothing to do with time. */
export function compareDots(a: Dot, b: Dot): number {
  if (a.author.node !== b.author.node) return a.author.node < b.author.node ? -1 : 1;
  return a.author.life - b.author.life || a.number - b.number;
}

export const numberSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(1),
  v.maxValue(MAX_INTENTS),
);

const [isReplica, isNumber] = [checkOf(replicaSchema), checkOf(numberSchema)];
const PARTS = /^([^/]+)\/([1-9]\d*)\/([1-9]\d*)$/;

/** What `idOf` writes. */
export const intentIdSchema = v.custom<IntentId>((text) => {
  const parts = typeof text === 'string' ? PARTS.exec(text) : null;
  if (parts === null) return false;
  const author = { node: parts[1], life: Number(parts[2]) };
  return isReplica(author) !== REFUSED && isNumber(Number(parts[3])) !== REFUSED;
}, 'not an intent id');
