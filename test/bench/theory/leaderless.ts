import { Random } from '../../../src/simulator/random.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { grow, raftClass, type RaftClass } from '../../support/raft-class.ts';

/**
 * For how long a group is without a leader after the leader has died: figure 16 of the Raft paper, in
 * virtual time. As there: five servers; beats at half the least timeout, and the leader dies at any
 * moment between two of them, with equal chance; its beats reach all others in the same instant;
 * logs of different lengths, so that two of the four others cannot win; no vote before the vote and no
 * check of the quorum, which the paper does not have. Disks write at once.
 */
const SERVERS = 5;

/**
 * One way of a link, drawn for each message: at least so long, and beyond that as waiting times are. A
 * question to all four others and their answers then take 15 ms on average, the paper's 'broadcast time'.
 * It does not say how much that varied. The less it does, the longer votes are split where timeouts
 * hardly differ.
 */
const LEAST_DELAY_MS: Milliseconds = 0.5;
const MEAN_DELAY_MS: Milliseconds = 4.45;

/** Whoever has no leader by then is counted as without one. */
export const GIVE_UP_MS: Milliseconds = 10_000;

export interface Timeouts {
  readonly minTimeoutMs: Milliseconds;
  readonly maxTimeoutMs: Milliseconds;
}

/** How long each trial took; `Infinity` where nobody led within `GIVE_UP_MS`. */
export function leaderless(timeouts: Timeouts, trials: number): Milliseconds[] {
  return Array.from({ length: trials }, (_, trial) => leaderlessOnce(timeouts, trial));
}

/** What a question to all others and their answers take on average, with the delays that trials draw. */
export function broadcastMs(samples: number): Milliseconds {
  const delay = delays(new Random('broadcast'));
  let sum = 0;
  for (let i = 0; i < samples; i++)
    sum += Math.max(...Array.from({ length: SERVERS - 1 }, () => delay() + delay()));
  return sum / samples;
}

function leaderlessOnce({ minTimeoutMs, maxTimeoutMs }: Timeouts, trial: number): Milliseconds {
  const heartbeatMs = minTimeoutMs / 2;
  const random = new Random(`leaderless ${minTimeoutMs} ${maxTimeoutMs} ${trial}`);
  const delay = delays(random.fork('delays'));
  const elections: Milliseconds[] = [];
  let leader: NodeId | null = null;
  const group = raftClass(
    {
      nodes: SERVERS,
      seed: `leaderless ${trial}`,
      delay: (from) => (from === leader ? MEAN_DELAY_MS : delay()),
      maxWriteMs: 0,
      trace: (event) => {
        const isRole = event.type === 'note' && event.kind === 'role';
        if (isRole && event.detail.role === 'leader') elections.push(group.time.now());
      },
    },
    { heartbeatMs, minTimeoutMs, maxTimeoutMs, preVote: false, checkQuorum: false },
  );
  const [founder] = group.members;
  leader = founder!.id;
  grow(group, heartbeatMs);
  unequalLogs(group);
  group.time.runFor((2 + random.next()) * heartbeatMs);

  const diedAt = group.time.now();
  const before = elections.length;
  if (!founder!.protocols.raft.isLeader()) throw new Error('it was deposed before it died');
  founder!.crash();
  while (elections.length === before) {
    if (group.time.now() >= diedAt + GIVE_UP_MS) return Infinity;
    group.time.runFor(heartbeatMs);
  }
  return elections[before]! - diedAt;
}

/**
 * The leader's last three entries: the first of the others gets none of them, the next one, and so on.
 * The leader hears no answers any more, so it does not make up for it, and beats on.
 */
function unequalLogs(group: RaftClass): void {
  const [leader, ...others] = group.members;
  for (let lacking = 1; lacking < others.length; lacking++) {
    const deaf = others.slice(0, lacking);
    group.setRules(deaf.map(({ id }) => ({ from: leader!.id, to: id, blackhole: true })));
    leader!.node.step(() => leader!.protocols.raft.propose(lacking, () => {}));
    // Its entry leaves now, and only where there is a way.
    group.time.runFor(0);
  }
  group.setRules(others.map(({ id }) => ({ from: id, to: leader!.id, blackhole: true })));
}

function delays(random: Random): () => Milliseconds {
  return () => LEAST_DELAY_MS - (MEAN_DELAY_MS - LEAST_DELAY_MS) * Math.log(1 - random.next());
}
