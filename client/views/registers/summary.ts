import type { Tally } from '../../../src/trace/register-figures.ts';
import type { KindPicture, RegistersPicture } from './picture.ts';
import { KIND_WORDS } from './words.ts';

/** What a class should have seen, in a sentence. */
export function summaryOf({ kinds }: RegistersPicture): string {
  const ended = (tally: Tally | null) => (tally?.availability ?? null) !== null;
  const asked = kinds.some(({ whole, sides }) => ended(whole) || sides.some(({ tally }) => ended(tally))); // prettier-ignore
  if (!asked)
    return 'Nobody has asked a register yet. Begin the load, or let students put and get.';
  const split = kinds.filter(({ sides }) => sides.some(({ tally }) => ended(tally)));
  if (split.length === 0)
    return 'Nothing has parted the class yet. Split it, and see who refuses and who answers wrongly.';
  const answering = split.filter(answersEverywhere);
  const others = split.filter((kind) => !answersEverywhere(kind));
  const said = [
    others.length === 0 ? null : `${listed(others)} left requests without an answer`,
    answering.length === 0 ? null : `${listed(answering)} answered on every side`,
  ].filter((each) => each !== null);
  return `While the class was split, ${said.join('; ')}.`;
}

function answersEverywhere({ sides }: KindPicture): boolean {
  return sides.every(({ tally }) => (tally?.availability ?? 1) === 1);
}

function listed(kinds: readonly KindPicture[]): string {
  const names = kinds.map(({ kind }) => KIND_WORDS[kind].name);
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
