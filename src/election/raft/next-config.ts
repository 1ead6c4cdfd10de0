import type { NodeId } from '../../vocabulary.ts';
import {
  demoted,
  hasMajority,
  MAX_MEMBERS,
  membersOf,
  promoted,
  without,
  withLearners,
  type Config,
} from './config.ts';
import { nodeOf, type MemberId } from './member.ts';
import { USUAL_VOTERS } from './options.ts';

/** What a leader knows of the others when it thinks about who should decide. */
export interface Facts {
  readonly me: MemberId;
  /** Chosen by a teacher; null: the first five, and who is silent for long gives its place away. */
  readonly chosen: readonly NodeId[] | null;
  /** Those that have told of themselves and are not in the configuration, in the order of arrival. */
  readonly newcomers: readonly MemberId[];
  readonly isThere: (member: MemberId) => boolean;
  /** Silent for longer than one waits. */
  readonly isGone: (member: MemberId) => boolean;
  readonly isCaughtUp: (member: MemberId) => boolean;
}

/**
 * The next configuration on the way to the one that is wanted, a step from the present one: any majority
 * of the one has a member in any majority of the other, because at most one voter differs (RAFT-13).
 * Null if there is nothing to do, or not yet.
 */
export function nextConfig(config: Config, facts: Facts): Config | null {
  return admits(config, facts) ?? votersChange(config, facts) ?? forgets(config, facts);
}

/** All newcomers at once: learners decide nothing. */
function admits(config: Config, { newcomers }: Facts): Config | null {
  const known = new Set(membersOf(config));
  const room = MAX_MEMBERS - known.size;
  const added = newcomers.filter((member) => !known.has(member)).slice(0, room);
  return added.length > 0 ? withLearners(config, added) : null;
}

function votersChange(config: Config, facts: Facts): Config | null {
  const wanted = wantedVoters(config, facts);
  const missing = wanted.filter((member) => !config.voters.includes(member));
  const next = missing.find((member) => facts.isCaughtUp(member) && facts.isThere(member));
  if (next !== undefined) return safely(promoted(config, next), facts);
  const surplus = config.voters.filter((member) => !wanted.includes(member));
  // Whoever takes its place comes first, as long as there is somebody who could.
  const isNobodyYet = !wanted.some((member) => config.voters.includes(member));
  if (missing.some((member) => facts.isThere(member)) || isNobodyYet) return null;
  const first = surplus.find((member) => member !== facts.me);
  return first === undefined ? null : safely(demoted(config, first), facts);
}

/** Those who should decide, of all who are known. */
export function wantedVoters(config: Config, facts: Facts): readonly MemberId[] {
  const { chosen, me } = facts;
  const replaced = replacedMembers(config, facts);
  const usable = membersOf(config).filter((member) => !replaced.has(member));
  if (chosen !== null) {
    const named = usable.filter((member) => chosen.includes(nodeOf(member)));
    return named.length > 0 ? named : config.voters;
  }
  const lasts = (member: MemberId) =>
    member === me ||
    (config.voters.includes(member) ? !facts.isGone(member) : facts.isThere(member));
  // A place that nobody could take stays with who is gone: a group that shrank by itself would hide its loss.
  const absent = config.voters.filter((member) => usable.includes(member) && !lasts(member));
  return [...usable.filter(lasts), ...absent].slice(0, USUAL_VOTERS);
}

/** Learners that are gone, and members whose node has come back as another. */
function forgets(config: Config, facts: Facts): Config | null {
  const replaced = replacedMembers(config, facts);
  const gone = config.learners.filter(
    (member) => member !== facts.me && (replaced.has(member) || facts.isGone(member)),
  );
  return gone.length > 0 ? without(config, gone) : null;
}

/** Of two members on one node the older one is no more: its disk was wiped. */
function replacedMembers(config: Config, { me }: Facts): ReadonlySet<MemberId> {
  const newest = new Map<NodeId, MemberId>();
  for (const member of membersOf(config)) {
    const other = newest.get(nodeOf(member));
    if (other === undefined || isYounger(member, other)) newest.set(nodeOf(member), member);
  }
  return new Set(
    membersOf(config).filter((member) => member !== me && newest.get(nodeOf(member)) !== member),
  );
}

function isYounger(a: MemberId, b: MemberId): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/** A change that the voters who are there could not commit would leave the group without a decision. */
function safely(next: Config, { me, isThere }: Facts): Config | null {
  const there = (member: MemberId) => member === me || isThere(member);
  return hasMajority(next, there) ? next : null;
}
