import * as v from 'valibot';
import type { Store } from '../../runtime/host.ts';
import { memberSchema, termSchema } from './entry.ts';
import type { MemberId } from './member.ts';

const KEY = 'ballot';
const ballotSchema = v.object({ term: termSchema, vote: v.nullable(memberSchema) });

/**
 * The term that this member has reached, and for whom it voted in it. Both are on the disk before any
 * message that follows from them leaves, so a member that crashes does not vote twice (RAFT-3).
 */
export class Ballot {
  private readonly store: Store;
  private current: v.InferOutput<typeof ballotSchema> = { term: 0, vote: null };

  constructor(store: Store) {
    this.store = store;
    const kept = store.get(KEY);
    if (kept !== undefined) this.current = v.parse(ballotSchema, kept);
  }

  get term(): number {
    return this.current.term;
  }

  get vote(): MemberId | null {
    return this.current.vote;
  }

  /** Terms only rise. */
  advance(term: number): void {
    if (term > this.term) this.keep({ term, vote: null });
  }

  voteFor(member: MemberId): void {
    if (this.vote !== member) this.keep({ term: this.term, vote: member });
  }

  private keep(ballot: v.InferOutput<typeof ballotSchema>): void {
    this.current = ballot;
    this.store.put(KEY, ballot);
  }
}
