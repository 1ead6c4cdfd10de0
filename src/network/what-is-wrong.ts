import type * as v from 'valibot';

/** Where a list of these fails, a person counts from one. */
const LISTED: { readonly [list: string]: string } = {
  rules: 'rule',
  groups: 'group',
  conditions: 'condition',
};

/** What a schema found wrong with a change or an act, as a sentence that names the field. */
export function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const place = LISTED[String(keys[0])];
  const at = place !== undefined && typeof keys[1] === 'number' ? `${place} ${keys[1] + 1}: ` : '';
  return at + about(issue, keys.findLast((key) => typeof key === 'string') as string | undefined);
}

/** Our own schemas speak of their fields; what the library says begins with one word. */
const LIBRARY = /^Invalid /;

function about(issue: v.BaseIssue<unknown>, field: string | undefined): string {
  if (field === undefined) return issue.message;
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `there is no field '${field}'`;
  if (issue.received === 'undefined') return `${field} is missing`;
  return LIBRARY.test(issue.message) ? `${field} is not as it should be` : ofField(issue, field);
}

function ofField({ message }: v.BaseIssue<unknown>, field: string): string {
  return message.startsWith('not ') ? `${field} is ${message}` : message;
}
