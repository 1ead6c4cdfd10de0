import type { Operation } from '../../checkers/history.ts';
import { LockInvariants } from '../../checkers/lock-invariants.ts';
import type { AcquireOutcome, WriteOutcome } from '../../coordination/lock/words.ts';
import { lockOver, type Lock } from '../../coordination/lock/lock.ts';
import { addElectorate, type Electorate } from '../../election/electorate.ts';
import { raftWith } from '../../election/raft/raft.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Cluster } from '../cluster.ts';
import type { Random } from '../random.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';
import { drawOptions, found } from './raft-member.ts';

/** A node with locks, and its one client, which forgets no token that it ever had. */
export interface LockMember extends Electorate {
  readonly lock: Lock;
  /** In this life, of each lock. */
  readonly tokens: Map<string, number[]>;
}

/** A write with a token, as its client saw it. */
export interface GuardedWrite {
  readonly kind: 'write';
  readonly name: string;
  readonly token: number;
}

type LockRun = Run<LockMember, GuardedWrite>;

/** Few, so that clients meet. */
const NAMES = ['door', 'window'];

/** From the least that there is to what outlives a short fault. */
const LEASES_MS: readonly Milliseconds[] = [500, 1_000, 3_000];
const WAIT_MS: Milliseconds = 10_000;

const CLIENT_ACQUIRES = 0.6;
const CLIENT_WRITES = 0.3;

/** Who has the lock writes now and then, in time and too late. */
const WRITES_OF_A_HOLDER = 6;

const FINAL = 'last';
const FINAL_LEASE_MS: Milliseconds = 1_000;

interface Course {
  /** What was wrong at a moment when a lock was had. */
  readonly wrong: Violation[];
  /** Who has had the lock, and has written, since all is healed. */
  readonly served: Set<number>;
}
const courses = new WeakMap<Cluster<LockMember>, Course>();

/**
 * Locks on a Raft log, while nodes sleep through their leases, crash, are cut off and lose what time it
 * is. Their clients write with whatever token they ever had: that is what a late write is.
 */
export const lockScenario: Scenario<LockMember, GuardedWrite> = {
  name: 'lock',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'partition', 'swizzle', 'clock-jump', 'drift'], // prettier-ignore
  safetyMs: 30_000,
  livenessMs: 30_000,
  // As for `raft`: a commit takes less than the least timeout.
  slowestWriteMs: 100,
  fullMesh: true,

  watch: () => new LockInvariants(),

  protocols(node, _life, _index, setting) {
    const options = drawOptions(setting);
    const electorate = addElectorate(node, (machine) => [raftWith(machine, options)]);
    const lock = node.add(lockOver(electorate.kv));
    return { ...electorate, lock, tokens: new Map(NAMES.map((name) => [name, []])) };
  },

  operate(run, index) {
    found(run.cluster, index);
    const { random } = run;
    const name = NAMES[random.below(NAMES.length)]!;
    const dice = random.next();
    if (dice < CLIENT_ACQUIRES) acquire(run, index, name, random);
    else if (dice < CLIENT_ACQUIRES + CLIENT_WRITES) writeWithAny(run, index, name, random);
    else release(run, index, name);
  },

  /** Everybody has the lock once more, and writes, however often it takes. */
  healed(run) {
    run.cluster.time.runFor(0);
    found(run.cluster, 0);
    run.cluster.members.forEach((_, index) => serveFinally(run, index));
  },

  safety: (run) => [...courseOf(run).wrong, ...believers(run), ...staleAnswers(run)],

  liveness(run) {
    const { served } = courseOf(run);
    const rule = 'after the faults everybody has the lock in turn';
    return run.cluster.members.flatMap((_, index) =>
      served.has(index) ? [] : [{ rule, text: `node ${index} had it not` }],
    );
  },
};

function courseOf({ cluster }: Pick<LockRun, 'cluster'>): Course {
  let course = courses.get(cluster);
  if (course === undefined) courses.set(cluster, (course = { wrong: [], served: new Set() }));
  return course;
}

function acquire(run: LockRun, index: number, name: string, random: Random): void {
  const { node, protocols } = run.cluster.members[index]!;
  const leaseMs = LEASES_MS[random.below(LEASES_MS.length)]!;
  const delays = Array.from({ length: WRITES_OF_A_HOLDER }, () => random.below(3 * leaseMs));
  const had = (outcome: AcquireOutcome) => {
    if (!('ok' in outcome) || !outcome.ok) return;
    courseOf(run).wrong.push(...believers(run));
    protocols.tokens.get(name)!.push(outcome.token);
    for (const delay of delays)
      run.cluster.time.after(delay, () => write(run, index, name, outcome.token, () => {}));
  };
  node.step(() => protocols.lock.acquire(name, { leaseMs, waitMs: WAIT_MS }, had));
}

function writeWithAny(run: LockRun, index: number, name: string, random: Random): void {
  const tokens = run.cluster.members[index]!.protocols.tokens.get(name)!;
  const token = tokens[random.below(Math.max(1, tokens.length))];
  if (token !== undefined) write(run, index, name, token, () => {});
}

/** The client of a node that sleeps or is gone does nothing either. */
function write(
  run: LockRun,
  index: number,
  name: string,
  token: number,
  then: (outcome: WriteOutcome) => void,
): void {
  const { node, protocols, responsive, life } = run.cluster.members[index]!;
  if (!responsive || !protocols.tokens.get(name)!.includes(token)) return;
  const { time } = run.cluster;
  const position = run.history.length;
  const asked: Operation<GuardedWrite> = {
    process: `${index}.${life}.${position}`,
    action: { kind: 'write', name, token },
    calledAt: time.now(),
    returnedAt: Infinity,
    outcome: 'unknown',
  };
  run.history.push(asked);
  const ended = (outcome: WriteOutcome) => {
    if ('ok' in outcome)
      run.history[position] = { ...asked, outcome: outcome.ok ? 'ok' : 'fail', returnedAt: time.now() }; // prettier-ignore
    then(outcome);
  };
  node.step(() => protocols.lock.write(name, token, position, ended));
}

function release(run: LockRun, index: number, name: string): void {
  const { node, protocols } = run.cluster.members[index]!;
  const token = protocols.lock.state(name)?.held ?? null;
  if (token !== null) node.step(() => protocols.lock.release(name, token, () => {}));
}

function serveFinally(run: LockRun, index: number): void {
  const { node, protocols } = run.cluster.members[index]!;
  const again = () => serveFinally(run, index);
  node.step(() =>
    protocols.lock.acquire(FINAL, { leaseMs: FINAL_LEASE_MS, waitMs: 0 }, (outcome) => {
      if (!('ok' in outcome) || !outcome.ok) return again();
      const { token } = outcome;
      protocols.tokens.set(FINAL, [token]);
      write(run, index, FINAL, token, (written) => {
        if ('ok' in written && written.ok) courseOf(run).served.add(index);
        release(run, index, FINAL);
        if (!courseOf(run).served.has(index)) again();
      });
    }),
  );
}

/** Who sleeps believes nothing; when it wakes up it looks at its clock first. */
function believers({ cluster }: LockRun): readonly Violation[] {
  return [...NAMES, FINAL].flatMap((name) => {
    const held = cluster.members.flatMap(({ responsive, protocols }, index) =>
      responsive && (protocols.lock.state(name)?.held ?? null) !== null ? [index] : [],
    );
    if (held.length < 2) return [];
    const text = `nodes ${held.join(' and ')} hold ${name} at ${cluster.time.now().toFixed(1)} ms`;
    return [{ rule: 'one node at a time believes that it holds', text }];
  });
}

/** Of the clients' answers alone: a write that began after one with a higher token was taken is late. */
function staleAnswers({ history }: LockRun): readonly Violation[] {
  const taken = history.filter(({ outcome }) => outcome === 'ok');
  const stale = taken.flatMap((late) => {
    const { name, token } = late.action;
    const before = taken.find(
      ({ action, returnedAt }) =>
        action.name === name && action.token > token && returnedAt < late.calledAt,
    );
    return before === undefined ? [] : [`${name}: ${token} after ${before.action.token}`];
  });
  return stale.map((text) => ({ rule: 'no client writes with a stale token', text }));
}
