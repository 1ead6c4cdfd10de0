import { LEASE_SHARE, MAX_WAITING_READS } from './options.ts';
import type { Peer } from './peer.ts';

interface WaitingRead {
  /** What must have been applied before it is answered. */
  readonly index: number;
  /** The round that a majority must have heard. */
  readonly round: number;
  readonly onEnd: (ok: boolean) => void;
}

/** Rounds for which it is still known when they began; older ones give no longer lease. */
const MAX_REMEMBERED_ROUNDS = 64;

/**
 * Reads that a leader answers without a place in the log. It notes how far it has committed, makes sure
 * that it still leads, by a round that a majority answers, and waits until that much is applied (RAFT-19).
 */
export class Reads {
  private readonly peer: Peer;
  private waiting: WaitingRead[] = [];
  private readonly sentAt = new Map<number, number>();
  private leaseUntil = -Infinity;
  /** It has asked somebody else to take over. */
  private isGivenUp = false;

  constructor(peer: Peer) {
    this.peer = peer;
  }

  /** A round begins: all will be told of it. */
  began(round: number): void {
    this.sentAt.set(round, this.peer.world.monotonic());
    if (this.sentAt.size > MAX_REMEMBERED_ROUNDS)
      this.sentAt.delete(this.sentAt.keys().next().value!);
  }

  /** A majority has heard of this round: whoever led when it began, led nobody else's voters. */
  confirmed(round: number): void {
    const { minTimeoutMs } = this.peer.options;
    const sentAt = this.sentAt.get(round) ?? -Infinity;
    this.leaseUntil = Math.max(this.leaseUntil, sentAt + minTimeoutMs * LEASE_SHARE);
    this.end((read) => read.round <= round && read.index <= this.peer.applied);
  }

  /** After a pause the own clock says nothing of what others did since a round began: only a new one counts. */
  endLease(): void {
    this.leaseUntil = -Infinity;
    this.sentAt.clear();
  }

  /** Whoever was asked to take over may do so late, and is voted for by those who hear this leader. */
  giveUpLease(): void {
    this.isGivenUp = true;
  }

  get hasLease(): boolean {
    const { options, world } = this.peer;
    return options.leaseReads && !this.isGivenUp && world.monotonic() < this.leaseUntil;
  }

  /** False if too many wait. */
  wait(round: number, onEnd: (ok: boolean) => void): boolean {
    if (this.waiting.length >= MAX_WAITING_READS) return false;
    this.waiting.push({ index: this.peer.commit, round, onEnd });
    return true;
  }

  giveUp(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { onEnd } of waiting) onEnd(false);
  }

  private end(isDue: (read: WaitingRead) => boolean): void {
    const due = this.waiting.filter(isDue);
    this.waiting = this.waiting.filter((read) => !isDue(read));
    for (const { onEnd } of due) onEnd(true);
  }
}
