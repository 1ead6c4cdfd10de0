import type { RaftOptions } from '../../../src/election/raft/options.ts';
import { Random } from '../../../src/simulator/random.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { grow, raftClass } from '../../support/raft-class.ts';

/** As many as vote, unless a teacher chooses otherwise. */
const NODES = 5;

/** A school's Wi-Fi: 1 to 10 ms one way, and a disk that takes up to 5 ms. */
const MIN_DELAY_MS: Milliseconds = 1;
const MAX_DELAY_MS: Milliseconds = 10;
const MAX_WRITE_MS: Milliseconds = 5;

/** Until it is as busy as it will be. */
const WARM_UP_MS: Milliseconds = 500;

/** What is told from a leader's office of so many clients, each of which asks again once it is answered. */
export interface Load {
  readonly clients: number;
  readonly forMs: Milliseconds;
  readonly seed: number;
}

/** One entry a message, and one message under way to each: nothing goes together. */
export const UNBATCHED = { maxEntries: 1, maxInFlight: 1 } satisfies Partial<RaftOptions>;

/** Commands a second that a leader commits and answers, in virtual time. */
export function commandsPerSecond(load: Load, options: Partial<RaftOptions> = {}): number {
  const random = new Random(`throughput ${load.seed}`);
  const group = raftClass(
    {
      nodes: NODES,
      seed: load.seed,
      delay: () => MIN_DELAY_MS + random.next() * (MAX_DELAY_MS - MIN_DELAY_MS),
      maxWriteMs: MAX_WRITE_MS,
    },
    options,
  );
  grow(group);
  const { node, protocols } = group.members[0]!;
  let answered = 0;
  const ask = () =>
    protocols.raft.propose({ line: answered }, (result) => {
      if (!result.ok) throw new Error(`a command was refused: ${result.reason}`);
      answered += 1;
      ask();
    });
  node.step(() => {
    for (let client = 0; client < load.clients; client++) ask();
  });
  group.time.runFor(WARM_UP_MS);
  const before = answered;
  group.time.runFor(load.forMs);
  return ((answered - before) * 1_000) / load.forMs;
}
