import type { ElectionWorld } from '../election.ts';
import type { StateMachine } from '../consensus.ts';
import type { Ballot } from './ballot.ts';
import { type Config } from './config.ts';
import type { Log } from './log.ts';
import type { MemberId } from './member.ts';
import type { RaftMessage, Said } from './messages.ts';
import type { RaftOptions } from './options.ts';

/** What all parts of one member share. */
export interface Peer {
  readonly me: MemberId;
  readonly world: ElectionWorld<RaftMessage>;
  readonly options: RaftOptions;
  readonly log: Log;
  readonly ballot: Ballot;
  readonly machine: StateMachine;
  /** The newest that this member has in its log. */
  readonly config: Config;
  readonly commit: number;
  readonly applied: number;
  say(to: MemberId, said: Said): void;
}
