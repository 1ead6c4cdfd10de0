import { checkFreshness, checkIntegrity, type Staleness } from '../../checkers/freshness.ts';
import { keyValueModel } from '../../checkers/models.ts';
import { writeKeyValueHistory } from '../../checkers/write-history.ts';
import { rendezvousOrder } from '../../coordination/quorum/rendezvous.ts';
import { compareVersions, textOf, type Version } from '../../coordination/quorum/version.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Cluster } from '../cluster.ts';
import type { Scenario, Violation } from '../scenario.ts';
import { judged } from './judged.ts';
import { ask, askOn, KEYS, type QuorumAction, type QuorumRun } from './quorum-clients.ts';
import { drawQuorum, promisesFreshness, quorumMember, type QuorumMember } from './quorum-member.ts';

/** So clients are busy at the same time, and requests are under way when a fault hits. */
const AT_A_STRETCH = 8;

const NODE_IS_WIPED = 0.3;
const MAX_WIPED_MS: Milliseconds = 5_000;

/** What is broken once stays so: it is enough to look at times, and at the end of each phase. */
const JUDGE_EVERY_MS: Milliseconds = 5_000;

/** By then all that the heal has set going has come to rest, and a read finds who is still behind. */
const READS_AFTER_MS: Milliseconds = 9_000;

const FINAL = 'final';

/** Who has written its last value, run by run. */
const answered = new WeakMap<Cluster<QuorumMember>, Set<number>>();

/**
 * Quorum registers, of numbers that the seed draws, and clients on every node. Where r + w > n and the
 * quorum is strict, no client is told anything older than what had ended before it asked; where reads
 * write back, all answers are those of one machine. Once the faults are over all is answered, no hint
 * is left, and the copies of what was read are equal.
 */
export const quorumScenario: Scenario<QuorumMember, QuorumAction> = {
  name: 'quorum',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'partition', 'swizzle', 'clock-jump', 'drift'], // prettier-ignore
  safetyMs: 30_000,
  livenessMs: 15_000,
  // A read hears for a second who else is behind; with the longest way, it must hear of them all.
  slowestWriteMs: 100,
  fullMesh: true,

  protocols: (node, life, index, setting) => quorumMember(node, life, index, drawQuorum(setting)),

  operate(run, index, value) {
    const { protocols, responsive } = run.cluster.members[index]!;
    if (protocols.draw.wipes && run.random.next() < NODE_IS_WIPED) wipe(run);
    if (responsive && protocols.waitsFor === 0) askOn(run, index, String(value), AT_A_STRETCH);
  },

  /** One more value by everyone, however often it takes; then all is read everywhere. */
  healed(run) {
    const { time, members } = run.cluster;
    time.runFor(0);
    answered.set(run.cluster, new Set());
    members.forEach((_, index) => writeFinally(run, index, 0));
    time.after(READS_AFTER_MS, () => {
      members.forEach((_, index) => KEYS.forEach((key) => ask(run, index, { kind: 'read', key })));
    });
  },

  write: (history) => writeKeyValueHistory(history),

  safety(run) {
    const { history, cluster } = run;
    const misplaced = strangers(cluster);
    if (misplaced.length > 0 || cluster.time.now() % JUDGE_EVERY_MS !== 0) return misplaced;
    const { draw } = cluster.members[0]!.protocols;
    const isFresh = promisesFreshness(draw);
    return [
      ...checkIntegrity(history, compareVersions).map(told),
      ...(isFresh ? checkFreshness(history, compareVersions).map(told) : []),
      ...(isFresh && draw.repair === 'before' ? judged(history, cluster.time.now()) : []),
    ];
  },

  liveness: ({ cluster }) => [
    ...unanswered(cluster),
    ...hintsLeft(cluster),
    ...differences(cluster),
  ],
};

function writeFinally(run: QuorumRun, index: number, tried: number): void {
  const value = `${FINAL} ${index}.${tried}`;
  ask(run, index, { kind: 'write', key: KEYS[0]!, value }, (outcome) => {
    if ('ok' in outcome && outcome.ok) answered.get(run.cluster)!.add(index);
    else writeFinally(run, index, tried + 1);
  });
}

/** A tab is closed, and opened again without its storage. */
function wipe({ cluster, random }: QuorumRun): void {
  const index = random.below(cluster.members.length);
  const forMs = 1 + random.below(MAX_WIPED_MS);
  if (!cluster.members[index]!.responsive) return;
  cluster.members[index]!.crash();
  cluster.time.after(forMs, () => cluster.restart(index, false));
}

function told({ rule, operation, write }: Staleness<Version>): Violation {
  const name = (of: typeof operation) => {
    const { process, calledAt, action } = of;
    const version = action.version ? textOf(action.version) : 'no version';
    return `process ${process}: ${keyValueModel.describe(of)} (${version}), asked at ${calledAt.toFixed(1)} ms`;
  };
  return { rule, text: [operation, ...(write ? [write] : [])].map(name).join('\nagainst ') };
}

/** Own copies stand where the key's copies live, and nowhere else. */
function strangers({ members }: Cluster<QuorumMember>): readonly Violation[] {
  return members.flatMap(({ id, protocols }) => {
    const { setting } = protocols.quorum;
    const own = protocols.quorum.inspect().kept.filter(({ home }) => home === id);
    return own
      .filter(({ key }) => !rendezvousOrder(key, setting!.nodes).slice(0, setting!.n).includes(id))
      .map(({ key }) => ({
        rule: 'copies are kept where they live',
        text: `${id} keeps a copy of ${key} as its own`,
      }));
  });
}

function unanswered(cluster: Cluster<QuorumMember>): readonly Violation[] {
  return cluster.members.flatMap(({ protocols }, index) =>
    answered.get(cluster)!.has(index) && protocols.waitsFor === 0
      ? []
      : [{ rule: 'after the faults all is answered', text: `node ${index} was not answered` }],
  );
}

function hintsLeft({ members }: Cluster<QuorumMember>): readonly Violation[] {
  return members.flatMap(({ id, protocols }, index) =>
    protocols.quorum
      .inspect()
      .kept.filter(({ home }) => home !== id)
      .map(({ home, key }) => ({
        rule: 'after the faults every hint has arrived',
        text: `node ${index} still keeps ${key} for ${home}`,
      })),
  );
}

/** Where reads repair, the copies of a key that was read are equal. */
function differences({ members }: Cluster<QuorumMember>): readonly Violation[] {
  const { draw, quorum } = members[0]!.protocols;
  if (draw.repair === 'none') return [];
  return KEYS.flatMap((key) => {
    const homes = rendezvousOrder(key, quorum.setting!.nodes).slice(0, draw.n);
    const copies = homes.map((home) => {
      const { protocols } = members.find(({ id }) => id === home)!;
      const own = protocols.quorum.inspect().kept.find((one) => one.home === home && one.key === key); // prettier-ignore
      return own?.version ? textOf(own.version) : 'nothing';
    });
    return new Set(copies).size === 1
      ? []
      : [{ rule: 'after the faults copies agree', text: `${key}: ${copies.join(', ')}` }];
  });
}
