import type * as v from 'valibot';
import { nodeIdSchema, type Refusal } from '../wire/signaling-messages.ts';

/** Where a list of these fails, a person counts from one. */
const LISTED: { readonly [list: string]: string } = {
  rules: 'rule',
  groups: 'group',
  conditions: 'condition',
};

/** What a schema found wrong with a change or an act. Text that is no id is the id of no node. */
export function refusalOf(issue: v.BaseIssue<unknown>): Refusal {
  const isId = issue.message === nodeIdSchema.message && typeof issue.input === 'string';
  const code = isId ? 'unknown-node' : 'bad-rule';
  return { code, message: `${whatIsWrong(issue)}. Nothing was changed.` };
}

/** The same as a sentence that names the field. */
export function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => key);
  const [list, place, ...within] = path;
  const listed = LISTED[String(list)];
  return listed === undefined || typeof place !== 'number'
    ? about(issue, lastName(path))
    : `${listed} ${place + 1}: ${about(issue, lastName(within))}`;
}

function lastName(keys: readonly unknown[]): string | undefined {
  return keys.findLast((key) => typeof key === 'string');
}

/** Our own schemas speak of their fields; what the library says begins with one word. */
const LIBRARY = /^Invalid /;

function about(issue: v.BaseIssue<unknown>, field: string | undefined): string {
  const { message } = issue;
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `there is no field '${field}'`;
  if (field !== undefined && issue.received === 'undefined') return `${field} is missing`;
  const what = LIBRARY.test(message) ? 'not as it should be' : message;
  return field !== undefined && what.startsWith('not ') ? `${field} is ${what}` : what;
}
