import { majorityOf } from '../../../src/election/raft/config.ts';
import { turnOf } from '../../../src/network/runs.ts';
import type { ElectionNotes } from '../../../src/trace/election-notes.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { LogRow } from './log-table.ts';

/** The votes of the newest term that anybody voted in, by name, in the order in which they were given. */
export interface Ballot {
  readonly term: number;
  /** How many votes elect. */
  readonly needed: number;
  /** The one with most votes first. */
  readonly candidates: readonly BallotLine[];
  /** Voters that have given no vote in this term, as far as is known. */
  readonly others: readonly string[];
}

export interface BallotLine {
  readonly name: string;
  readonly voters: readonly string[];
  readonly isElected: boolean;
}

/** @param rows the nodes, as the table of their logs has them. Null before the first vote */
export function ballotOf(
  rows: readonly LogRow[],
  elections: ElectionNotes,
  time: Milliseconds,
): Ballot | null {
  const votes = rows.flatMap((row) => {
    const [given] = elections.votes.datedAt(row.id, time);
    const { term, for: candidate, group } = given?.value ?? {};
    if (given === undefined || typeof term !== 'number' || typeof candidate !== 'string') return [];
    return [{ row, term, candidate, turn: turnOf(String(group)), at: given.at }];
  });
  const newest = votes.toSorted((a, b) => b.turn - a.turn || b.term - a.term)[0];
  if (newest === undefined) return null;
  const { term, turn } = newest;
  const cast = votes
    .filter((vote) => vote.term === term && vote.turn === turn)
    .sort((a, b) => a.at - b.at);
  const voters = rows.filter(({ isVoter }) => isVoter);
  const candidates = [...new Set(cast.map(({ candidate }) => candidate))].map((id): BallotLine => {
    const role = elections.last(elections.roles, id as LogRow['id'], time);
    return {
      name: rows.find((row) => row.id === id)?.name ?? 'someone who left',
      voters: cast.filter(({ candidate }) => candidate === id).map(({ row }) => row.name),
      isElected: role?.['role'] === 'leader' && role['term'] === term,
    };
  });
  return {
    term,
    needed: majorityOf(voters.length),
    candidates: candidates.sort((a, b) => b.voters.length - a.voters.length),
    others: voters.filter((row) => !cast.some((vote) => vote.row === row)).map(({ name }) => name),
  };
}
