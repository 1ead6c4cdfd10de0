import type { RegisterKind } from '../../../src/network/register-kinds.ts';
import type { Judgement, KindPicture, RegistersPicture, SideFigures } from './picture.ts';

/** What pages say of registers. */

export const KIND_WORDS: Readonly<Record<RegisterKind, { name: string; about: string }>> = {
  cp: { name: 'Consistent', about: 'on Raft’s log: whoever is in the majority answers' },
  ap: { name: 'Available', about: 'on gossip: every node answers from its own copy' },
  quorum: { name: 'Quorum', about: 'on copies: enough of them have to answer' },
};

export const JUDGED: Readonly<Record<Judgement['state'], string>> = {
  none: 'nothing to judge yet',
  judging: 'judging …',
  linearizable: 'linearizable',
  broken: 'not linearizable',
  undecided: 'too much to judge',
};

export function askedOf({ answered, refused, unknown }: SideFigures): number {
  return answered + refused + unknown;
}

/** '97 %'; null where nobody asked. What is not all of them is not rounded to it. */
export function shareOf(part: number, all: number): string | null {
  if (all === 0) return null;
  const percent = (100 * part) / all;
  if (percent > 99 && percent < 100) return '99 %';
  if (percent > 0 && percent < 1) return '1 %';
  return `${Math.round(percent)} %`;
}

/** '3 ms', '1.2 s' */
export function timeOf(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

/** Of 40: 38 answered, 2 refused */
export function endsOf(side: SideFigures): string {
  const parts = [
    [side.answered, 'answered'],
    [side.refused, 'refused'],
    [side.unknown, 'unknown'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length === 0 ? 'nobody asked' : said.join(', ');
}

/** What a class should have seen, in a sentence. */
export function summaryOf({ kinds }: RegistersPicture): string {
  const asked = kinds.some(({ whole, sides }) =>
    [whole, ...sides].some((each) => askedOf(each) > 0),
  );
  if (!asked)
    return 'Nobody has asked a register yet. Begin the load, or let students put and get.';
  const split = kinds.filter(({ sides }) => sides.some((side) => askedOf(side) > 0));
  if (split.length === 0)
    return 'Nothing has parted the class yet. Split it, and see who refuses and who answers wrongly.';
  const { refusing, answering } = parted(split);
  const said = [
    refusing.length === 0 ? null : `${listed(refusing)} left requests without an answer`,
    answering.length === 0 ? null : `${listed(answering)} answered on every side`,
  ].filter((each) => each !== null);
  return `While the class was split, ${said.join('; ')}.`;
}

function parted(kinds: readonly KindPicture[]): { refusing: string[]; answering: string[] } {
  const refusing: string[] = [];
  const answering: string[] = [];
  for (const { kind, sides } of kinds) {
    const all = sides.every((side) => askedOf(side) === side.answered);
    (all ? answering : refusing).push(KIND_WORDS[kind].name);
  }
  return { refusing, answering };
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
