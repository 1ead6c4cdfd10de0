import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_ACCUSERS, outranks, type Claim } from './claims.ts';
import { inSeconds } from './detectors/by-silence.ts';
import type { Member } from './member.ts';
import { MAX_CLAIMS } from './messages.ts';
import { News } from './news.ts';
import type { OwnStanding } from './own-standing.ts';
import { FORGET_AFTER_MS, Roster } from './roster.ts';
import { suspicionMs } from './suspicion.ts';
import type { MemberState } from './verdict.ts';

/**
 * A node without a link to this one is known by hearsay alone: whoever hears it says so, neighbour to
 * neighbour, once a second. When its death went unseen, because those who would have seen it died too,
 * or because a split cut it off, the word stops. Even a line of nodes passes it on in half of this time.
 */
export function staleAfterMs(nodes: number): Milliseconds {
  return Math.min(Math.max(nodes * 1_000, MIN_STALE_MS), MAX_STALE_MS);
}

const MIN_STALE_MS: Milliseconds = 8_000;
export const MAX_STALE_MS: Milliseconds = 30_000;

/**
 * Who contradicted a suspicion by way of others, and is silent here all the same, has a bad link to
 * this node and no more. For so long this node does not accuse it again.
 */
export const DOUBT_AGAIN_MS: Milliseconds = 10_000;

/** Why a node is in a state, where others said so. */
const REASONS: { readonly [State in MemberState]: string } = {
  alive: 'it contradicted its suspicion',
  suspect: 'others suspect it',
  dead: 'others found it dead',
  left: 'it said that it leaves',
};

/** How what a node holds of others changes: by what it sees, by what it is told, and by time. */
export class Beliefs {
  readonly roster = new Roster();
  readonly news = new News();
  private readonly self: NodeId;
  private readonly own: OwnStanding;
  private readonly now: () => Milliseconds;
  /** Somebody's state has changed; `by` is who said so. */
  private readonly changed: (member: Member, by: NodeId) => void;

  constructor(
    self: NodeId,
    own: OwnStanding,
    now: () => Milliseconds,
    changed: (member: Member, by: NodeId) => void,
  ) {
    this.self = self;
    this.own = own;
    this.now = now;
    this.changed = changed;
  }

  /** A link to it has opened. Whoever was held for dead has to contradict that itself. */
  opened(id: NodeId): Member {
    const known = this.roster.get(id);
    const member = known ?? this.roster.welcome(id, 'its link opened', this.now());
    member.linked = true;
    member.goneAt = null;
    member.freshAt = this.now();
    if (known === undefined) this.tell(member, this.self);
    return member;
  }

  /** @param why a sentence, if the closing is a sign of its death */
  closed(id: NodeId, why: string | null): void {
    const member = this.roster.get(id);
    if (member === undefined) return;
    member.linked = false;
    member.rttMs = null;
    if (why !== null) this.silent(member, why);
  }

  heard(member: Member): void {
    member.heardAt = this.now();
    member.freshAt = this.now();
  }

  /** A claim on another node has arrived. */
  learn(claim: Claim, from: NodeId): void {
    const now = this.now();
    const heardAt = now - claim.heardMs;
    const known = this.roster.get(claim.id);
    const member = known ?? this.meet(claim, heardAt);
    if (member === undefined) return;
    if (claim.life >= member.life) member.freshAt = Math.max(member.freshAt, heardAt);
    if (outranks(claim, member)) this.adopt(member, claim, from);
    else if (known === undefined) this.tell(member, from);
    else if (!outranks(member, claim)) this.confirm(member, claim.by);
  }

  /** This node's own detector holds it for silent. With a second witness that is the end of it. */
  silent(member: Member, reason: string): void {
    if (member.gone) return;
    if (member.goneAt !== null) {
      return this.conclude(member, 'dead', `${reason}; and the server saw it go`);
    }
    const { heardAt, refutedAt } = member;
    const vouchedFor = refutedAt !== null && (heardAt ?? -Infinity) < refutedAt;
    if (vouchedFor && this.now() - refutedAt < DOUBT_AGAIN_MS) return;
    if (member.state === 'suspect') this.confirm(member, [this.self]);
    else this.conclude(member, 'suspect', reason);
  }

  /** What time brings: suspects who did not contradict, nodes of whom no word came, dead to forget. */
  age(): void {
    const now = this.now();
    const staleAfter = staleAfterMs(this.roster.size);
    for (const member of this.roster) {
      if (member.state === 'suspect' && member.suspectedFor(now) >= this.patience(member)) {
        const waited = inSeconds(member.suspectedFor(now));
        this.conclude(member, 'dead', `it did not contradict its suspicion within ${waited}`);
      } else if (
        member.state === 'alive' &&
        !member.linked &&
        this.own.state !== 'left' &&
        now - member.freshAt >= staleAfter
      ) {
        this.silent(member, `nobody has heard it for ${inSeconds(now - member.freshAt)}`);
      }
    }
    this.roster.forgetOld(now);
  }

  /** This node itself did not run: nobody else's time went by. */
  excuse(gapMs: Milliseconds): void {
    for (const member of this.roster) {
      if (member.state === 'suspect') member.excusedMs += gapMs;
      if (!member.gone) member.freshAt += gapMs;
    }
  }

  /** What a message to a node carries: what it is accused of, and what is new of others. */
  claimsFor(to: NodeId): Claim[] {
    const now = this.now();
    const receiver = this.roster.get(to);
    const accused = receiver !== undefined && receiver.state !== 'alive';
    const told = this.news.take(accused ? MAX_CLAIMS - 1 : MAX_CLAIMS, this.roster.size + 1);
    const claims = told.flatMap((id) => {
      if (id === this.self) return this.ownClaim();
      return (id === to ? undefined : this.roster.get(id)?.claim(now)) ?? [];
    });
    return accused ? [receiver.claim(now), ...claims] : claims;
  }

  /** All that this node holds, itself included. */
  rows(): readonly Claim[] {
    const now = this.now();
    return [this.ownClaim(), ...[...this.roster].map((member) => member.claim(now))];
  }

  private ownClaim(): Claim {
    const { state, life, refutation } = this.own;
    return { id: this.self, state, life, refutation, by: [], heardMs: 0 };
  }

  /** Of whom nobody has heard for too long, a word of old brings nobody back. */
  private meet(claim: Claim, heardAt: Milliseconds): Member | undefined {
    const isGone = claim.state === 'dead' || claim.state === 'left';
    if (claim.heardMs >= (isGone ? FORGET_AFTER_MS : MAX_STALE_MS)) return undefined;
    return this.roster.meet(claim.id, 'others told of it', this.now(), heardAt);
  }

  private adopt(member: Member, claim: Claim, from: NodeId): void {
    const { state, life, refutation, by } = claim;
    const reborn = life > member.life && member.life > 0;
    const rose = life > member.life || refutation > member.refutation;
    if (rose) member.goneAt = null;
    if (state === 'alive' && member.state !== 'alive') member.refutedAt = this.now();
    // A suspicion of a higher refutation is another one: time for the next word of the accused.
    if (state !== member.state || reborn || (rose && state === 'suspect')) {
      this.begin(member, state, reborn ? 'it came back in a new life' : REASONS[state]);
    }
    member.life = life;
    member.refutation = refutation;
    member.by = by;
    const isItsOwnWord = state === 'alive' || state === 'left';
    this.tell(member, isItsOwnWord ? member.id : (by[0] ?? from));
  }

  /** Further accusers make the wait shorter. */
  private confirm(member: Member, by: readonly NodeId[]): void {
    if (member.state !== 'suspect') return;
    const all = [...new Set([...member.by, ...by])].slice(0, MAX_ACCUSERS);
    if (all.length === member.by.length) return;
    member.by = all;
    this.news.add(member.id);
  }

  private conclude(member: Member, state: 'suspect' | 'dead', reason: string): void {
    this.begin(member, state, reason);
    member.by = [this.self];
    this.tell(member, this.self);
  }

  private begin(member: Member, state: MemberState, reason: string): void {
    member.state = state;
    member.reason = reason;
    member.since = this.now();
    member.excusedMs = 0;
  }

  private tell(member: Member, by: NodeId): void {
    this.news.add(member.id);
    this.changed(member, by);
  }

  private patience(member: Member): Milliseconds {
    const others = [...this.roster].filter((other) => other !== member && !other.gone).length;
    return suspicionMs(member.by.length - 1, others);
  }
}
