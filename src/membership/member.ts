import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_HEARD_MS, type Claim } from './claims.ts';
import { verdictOf, type MemberState, type MemberView, type Verdict } from './verdict.ts';

/** What this node holds of another one, and what it has seen of it itself. */
export class Member {
  readonly id: NodeId;
  state: MemberState = 'alive';
  life: Incarnation = 0;
  refutation = 0;
  /** While it is suspect: who suspects it. Then: who found it dead. */
  by: readonly NodeId[] = [];
  reason: string;
  since: Milliseconds;
  /** A link to it is open. */
  linked = false;
  /** When this node heard it. */
  heardAt: Milliseconds | null = null;
  /** When anybody last heard it, as far as is known here. */
  freshAt: Milliseconds;
  rttMs: Milliseconds | null = null;
  /** What of the suspicion's time this node itself did not run. */
  excusedMs: Milliseconds = 0;
  /** When it last contradicted a suspicion. */
  refutedAt: Milliseconds | null = null;
  /** When a second witness saw it go. */
  goneAt: Milliseconds | null = null;
  /** What listeners were told last. */
  told: Verdict | null = null;

  constructor(id: NodeId, reason: string, now: Milliseconds, freshAt: Milliseconds) {
    this.id = id;
    this.reason = reason;
    this.since = now;
    this.freshAt = freshAt;
  }

  get verdict(): Verdict {
    return verdictOf(this.state);
  }

  get gone(): boolean {
    return this.state === 'dead' || this.state === 'left';
  }

  suspectedFor(now: Milliseconds): Milliseconds {
    return now - this.since - this.excusedMs;
  }

  /** As others are told. */
  claim(now: Milliseconds): Claim {
    const { id, state, life, refutation, by, freshAt } = this;
    const heardMs = Math.min(Math.max(0, now - freshAt), MAX_HEARD_MS);
    return { id, state, life, refutation, by: [...by], heardMs };
  }

  view(now: Milliseconds): MemberView {
    const { id, state, verdict, life, refutation, reason, since, by, rttMs, heardAt } = this;
    const suspectedBy = state === 'suspect' ? by : [];
    const silentMs = heardAt === null ? null : now - heardAt;
    return { id, state, verdict, life, refutation, reason, since, suspectedBy, rttMs, silentMs };
  }
}
