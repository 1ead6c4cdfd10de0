import * as v from 'valibot';
import { REGISTER_FIXES } from './register-kinds.ts';
import { whole } from './whole.ts';

/** Three kinds of a whole class are then some thousand requests a second. */
export const MAX_REQUESTS_PER_SECOND = 20;

/** More keys, and clients seldom meet at one. */
export const MAX_LOAD_KEYS = 5;

const READS_TEXT = 'reads must be a share from 0 to 1';

/** What every node of a class asks of its registers by itself, all three kinds the same. */
export const registerLoadSchema = v.strictObject({
  /** Of each node; 0 for a class that asks by hand. */
  perSecond: whole('perSecond', 0, MAX_REQUESTS_PER_SECOND),
  keys: whole('keys', 1, MAX_LOAD_KEYS),
  /** How many of the requests read; the others put. */
  reads: v.custom<number>(
    (share) => typeof share === 'number' && share >= 0 && share <= 1,
    READS_TEXT,
  ),
  /** Each request goes to another node, and not to the client's own. */
  hop: v.boolean('hop must be true or false'),
  fix: v.picklist(REGISTER_FIXES, `fix must be one of ${REGISTER_FIXES.join(', ')}`),
});
export type RegisterLoad = v.InferOutput<typeof registerLoadSchema>;
