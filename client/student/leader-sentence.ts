import type { StudentSnapshot } from '../session/snapshots.ts';

/** What a node holds of who leads, as it would say it. */
export function leaderSentence({
  election,
  self,
  peers,
}: Pick<StudentSnapshot, 'election' | 'peers'> & {
  readonly self: Pick<StudentSnapshot['self'], 'id'>;
}): string {
  if (election === null) return '';
  const { role, leader, term } = election;
  const inTerm = term === 0 ? '' : ` in term ${term}`;
  if (leader === self.id) return `I lead${inTerm}.`;
  if (role === 'candidate') return `I want to lead${inTerm}.`;
  if (leader === null) return 'I know of no leader.';
  const name = peers.find(({ id }) => id === leader)?.name ?? 'Somebody whom I do not know';
  return role === 'learner'
    ? `${name} leads${inTerm}. I learn from it, and have no vote.`
    : `${name} leads${inTerm}.`;
}
