import type { Role } from '../../../src/election/election.ts';
import type { AlgorithmName } from '../../../src/network/election-choice.ts';

/** What a node is in an election, as it is drawn: shape says it, colour only repeats it. */
export interface RoleLook {
  readonly role: Role;
  readonly term: number;
}

export const ROLE_WORDS: { readonly [R in Role]: string } = {
  leader: 'leader',
  candidate: 'candidate',
  follower: 'follower',
  learner: 'learner',
};

export const ALGORITHM_WORDS: {
  readonly [A in AlgorithmName]: { readonly name: string; readonly how: string };
} = {
  naive: {
    name: 'Naive',
    how: 'Who hears no heartbeat crowns itself. Each part of a split has a leader.',
  },
  bully: {
    name: 'Bully',
    how: 'The highest id leads. It trusts every link and every timeout.',
  },
  raft: {
    name: 'Raft',
    how: 'Who has the votes of a majority leads, one a term, and keeps a log.',
  },
};

/** 'leader in term 4', 'follows Otter in term 4', 'candidate in term 5' */
export function standingWords(
  {
    role,
    leader,
    term,
  }: { readonly role: Role; readonly leader: string | null; readonly term: number },
  nameOf: (id: string) => string,
): string {
  const follows = (role === 'follower' || role === 'learner') && leader !== null;
  const what = follows
    ? `${role === 'learner' ? 'learns from' : 'follows'} ${nameOf(leader)}`
    : ROLE_WORDS[role];
  return term === 0 ? what : `${what} in term ${term}`;
}
