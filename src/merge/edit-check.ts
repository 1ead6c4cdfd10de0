import * as v from 'valibot';
import {
  deedSchema,
  MAX_KEY_LENGTH,
  MAX_POSITION,
  MAX_TYPED_LENGTH,
  MAX_VALUE_LENGTH,
  type Deed,
} from './intent.ts';
import { MAX_TAKEN } from './messages.ts';

/** An edit that the board does not take; the message says why, and what to do. Nothing has happened. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
}

const DEEDS = deedSchema.options.map((option) => option.entries.do.literal);

/** By the field of a deed that does not fit. */
const ADVICE = new Map([
  ['key', `A key is a text of 1 to ${MAX_KEY_LENGTH} characters.`],
  ['value', `A value is null, true, false, a finite number or a text of up to ${MAX_VALUE_LENGTH} characters.`], // prettier-ignore
  ['by', 'A counter goes up or down by a whole number.'],
  ['item', `An item is a text of 1 to ${MAX_VALUE_LENGTH} characters.`],
  ['text', `What is typed at once is a text of 1 to ${MAX_TYPED_LENGTH} characters: type a longer one in parts.`], // prettier-ignore
  ['count', `How many to erase is a whole number from 1 to ${MAX_TAKEN}: erase more in parts.`],
]);
const POSITION = `A position is a whole number from 0 to ${MAX_POSITION}.`;

/** Throws an `EditRefused`. */
export function checkedDeed(input: unknown): Deed {
  const result = v.safeParse(deedSchema, input);
  if (!result.success) throw new EditRefused(whyUnfit(input, result.issues[0]));
  const deed = result.output;
  if (deed.do === 'erase' && deed.count > MAX_TAKEN) throw new EditRefused(ADVICE.get('count'));
  return deed;
}

function whyUnfit(input: unknown, issue: v.BaseIssue<unknown>): string {
  const field = issue.path?.[0]?.key;
  if (field === undefined || field === 'do') {
    const asked =
      typeof input === 'object' && input !== null && 'do' in input ? input.do : undefined;
    const what = typeof asked === 'string' ? `"${asked.slice(0, 40)}"` : 'that';
    return `A board cannot do ${what}. It can: ${DEEDS.join(', ')}.`;
  }
  return ADVICE.get(String(field)) ?? POSITION;
}
