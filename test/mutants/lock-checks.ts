import type { LockMember } from '../../src/simulator/scenarios/lock.ts';
import type { Cluster } from '../../src/simulator/cluster.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Check } from './checks.ts';

const LEASE_MS: Milliseconds = 1_000;

/** Longer than an election takes, or a watcher waits. */
const SETTLED_MS: Milliseconds = 8_000;

/** A holder whose clock is set back, and that the log then hears no more: does it still believe? */
export const setBackAndCutOff: Check = {
  name: 'a holder whose clock is set back, and that is cut off',
  async finds(faults) {
    const { Cluster: Made } = await import('../../src/simulator/cluster.ts');
    const { lockScenario } = await import('../../src/simulator/scenarios/lock.ts');
    const { Random } = await import('../../src/simulator/random.ts');
    const cluster: Cluster<LockMember> = new Made<LockMember>({
      nodes: 3,
      seed: 1,
      protocols: (node, life, index, links) =>
        lockScenario.protocols(node, life, index, new Random(1), links),
      delay: () => 5,
      maxWriteMs: 5,
    });
    cluster.linkAll();
    const [founder] = cluster.members;
    founder!.node.step(() => founder!.protocols.elections.switchTo('raft'));
    cluster.time.runFor(SETTLED_MS);
    const holder = cluster.members.find(({ protocols }) => !protocols.raft()!.isLeader())!;
    const other = cluster.members.find((machine) => machine !== holder)!;
    for (const { node, protocols } of [holder, other]) {
      node.step(() =>
        protocols.lock.acquire('door', { leaseMs: LEASE_MS, waitMs: SETTLED_MS }, () => {}),
      );
      cluster.time.runFor(LEASE_MS / 2);
    }
    if (faults) {
      holder.wall.jump(-3_600_000);
      cluster.time.runFor(LEASE_MS);
      cluster.setRules(
        cluster.members.flatMap(({ id }) => [
          { from: id, to: holder.id, blackhole: true },
          { from: holder.id, to: id, blackhole: true },
        ]),
      );
    }
    cluster.time.runFor(SETTLED_MS / 2);
    const believe = cluster.members.filter(
      ({ protocols }) => (protocols.lock.state('door')?.held ?? null) !== null,
    );
    return believe.length > 1;
  },
};
