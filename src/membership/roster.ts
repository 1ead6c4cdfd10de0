import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { Member } from './member.ts';

/** As many as a vector clock counts. */
export const MAX_MEMBERS = 256;

/** Until then a lesson still shows who is dead; a word of it that is older brings nobody back. */
export const FORGET_AFTER_MS: Milliseconds = 300_000;

/** Every node that this one knows of, but itself: bounded, those that nobody has heard for long go first. */
export class Roster {
  private readonly members = new Map<NodeId, Member>();

  get(id: NodeId): Member | undefined {
    return this.members.get(id);
  }

  get size(): number {
    return this.members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.members.values();
  }

  /** A node of which others tell. Undefined if there is room only in the place of one that lives. */
  meet(id: NodeId, reason: string, now: Milliseconds, freshAt: Milliseconds): Member | undefined {
    const full = this.members.size >= MAX_MEMBERS;
    if (full && !this.forgetOne((member) => member.gone)) return undefined;
    return this.add(new Member(id, reason, now, freshAt));
  }

  /** A node to which a link has opened; somebody without a link makes room for it. */
  welcome(id: NodeId, reason: string, now: Milliseconds): Member {
    if (this.members.size >= MAX_MEMBERS && !this.forgetOne((member) => member.gone)) {
      this.forgetOne(() => true);
    }
    return this.add(new Member(id, reason, now, now));
  }

  /** The dead whom nobody has heard for so long; tells who they were. */
  forgetOld(now: Milliseconds): readonly NodeId[] {
    const old = [...this.members.values()].filter(
      (member) => member.gone && !member.linked && now - member.freshAt >= FORGET_AFTER_MS,
    );
    for (const { id } of old) this.members.delete(id);
    return old.map(({ id }) => id);
  }

  private add(member: Member): Member {
    this.members.set(member.id, member);
    return member;
  }

  /** Of those who may go, and have no link, the one that nobody has heard for longest. */
  private forgetOne(mayGo: (member: Member) => boolean): boolean {
    let oldest: Member | null = null;
    for (const member of this.members.values()) {
      if (member.linked || !mayGo(member)) continue;
      if (oldest === null || member.freshAt < oldest.freshAt) oldest = member;
    }
    return oldest !== null && this.members.delete(oldest.id);
  }
}
