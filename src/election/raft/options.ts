import type { Milliseconds } from '../../vocabulary.ts';

/** How a group runs. All delays pass as slowly as the class has chosen. */
export interface RaftOptions {
  /** A leader says so often that it is there. */
  readonly heartbeatMs: Milliseconds;
  /** Who has heard no leader for a time drawn between these stands for election. */
  readonly minTimeoutMs: Milliseconds;
  readonly maxTimeoutMs: Milliseconds;
  /** Before a candidate raises the term it asks whether it could win: who is cut off disturbs nobody. */
  readonly preVote: boolean;
  /** A leader that hears no majority steps down, and who hears a leader votes for no other. */
  readonly checkQuorum: boolean;
  /** A leader answers reads without asking anybody for as long as its clock says that no other can lead. */
  readonly leaseReads: boolean;
  /** Entries in one message, and messages under way to one follower. One of each: nothing goes together. */
  readonly maxEntries: number;
  readonly maxInFlight: number;
  /** So many applied entries become a snapshot, all but the newest of them, for those who lag a little. */
  readonly snapshotAfter: number;
  readonly keepBehind: number;
}

export const DEFAULT_OPTIONS: RaftOptions = {
  // Five to ten beats fit into a timeout, so a few that are late or lost crown nobody. A class sees a new
  // leader within about a second, and a tab that hangs for half of one does not lose its office.
  heartbeatMs: 100,
  minTimeoutMs: 500,
  maxTimeoutMs: 1_000,
  preVote: true,
  checkQuorum: true,
  // Safe only as long as clocks run at nearly the same rate, so a class has to ask for it.
  leaseReads: false,
  maxEntries: 64,
  maxInFlight: 8,
  // Small enough that a class sees it happen.
  snapshotAfter: 256,
  keepBehind: 64,
};

/** The share of the least timeout for which a lease counts: clocks may differ by a tenth. */
export const LEASE_SHARE = 0.9;

/** Proposed and not committed; beyond it a leader refuses. A few seconds of the busiest class. */
export const MAX_UNCOMMITTED = 1_024;

/** Reads that wait for a majority. */
export const MAX_WAITING_READS = 1_024;

/** Voters unless a teacher chooses them: two may fail. */
export const USUAL_VOTERS = 5;

/** A voter that was silent for so long gives its place to who is there; a learner is forgotten after it. */
export const REPLACE_AFTER_MS: Milliseconds = 30_000;

/** Who hears no leader tells its neighbours so often that it is there. */
export const JOIN_EVERY_MS: Milliseconds = 1_000;

/** A learner that lacks so few entries will have them before it is asked for a vote. */
export const CAUGHT_UP_WITHIN = 16;
