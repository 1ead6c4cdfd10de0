import { CORE_MUTANTS } from './core-mutants.ts';
import { MEMBERSHIP_MUTANTS } from './membership-mutants.ts';
import { CHANNEL_MUTANTS } from './channel-mutants.ts';
import { GOSSIP_MUTANTS } from './gossip-mutants.ts';
import { LIBRARY_MUTANTS } from './library-mutants.ts';
import { LOCK_MUTANTS } from './lock-mutants.ts';
import { MERGE_MUTANTS } from './merge-mutants.ts';
import type { Mutant } from './mutant.ts';
import { OVERLAY_MUTANTS } from './overlay-mutants.ts';
import { PROTOCOL_MUTANTS } from './protocol-mutants.ts';
import { REQUESTS_MUTANTS } from './requests-mutants.ts';
import { QUORUM_MUTANTS } from './quorum-mutants.ts';
import { RAFT_MUTANTS } from './raft-mutants.ts';
import { REGISTER_MUTANTS } from './register-mutants.ts';

/** All of them. README.md tells what each gets wrong, and which tests would let it pass. */
export const MUTANTS: readonly Mutant[] = [
  ...CORE_MUTANTS,
  ...GOSSIP_MUTANTS,
  ...PROTOCOL_MUTANTS,
  ...OVERLAY_MUTANTS,
  ...MEMBERSHIP_MUTANTS,
  ...REGISTER_MUTANTS,
  ...REQUESTS_MUTANTS,
  ...MERGE_MUTANTS,
  ...LIBRARY_MUTANTS,
  ...CHANNEL_MUTANTS,
  ...RAFT_MUTANTS,
  ...LOCK_MUTANTS,
  ...QUORUM_MUTANTS,
];
