import { MAX_REMEMBERED } from '../../requests/answered-calls.ts';
import { OPEN_CALLS_A_NODE } from '../../requests/bulkhead.ts';
import type { CallOptions, Outcome } from '../../requests/outcome.ts';
import { SHORT_QUEUE } from '../../requests/policy.ts';
import { requests, type Requests } from '../../requests/requests.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { ClientAction, Run, Scenario, Violation } from '../scenario.ts';
import { effects, type Effects } from './effects.ts';

interface Calling {
  readonly requests: Requests;
  /** What happened at this node, if it keeps that on its disk. */
  readonly stored: Effects | null;
  /** The same, if it ends with this life: how often, by the call's id. */
  readonly inMemory: Map<string, number>;
  /** The ids of this life's calls that have not ended. */
  readonly open: Set<string>;
}

interface CallAction extends ClientAction {
  readonly id: string;
}

type CallRun = Run<Calling, CallAction>;

/** More than a bulkhead lets through, so that it is met; and of several callers more than a line is long. */
const AT_A_STRETCH = 22;

/** A stretch then takes over half a second: some of it times out, and comes again while it waits. */
const SERVICE_MS: Milliseconds = 50;

/** By then the calls that faults had hit have ended, and breakers let one attempt through. */
const PROBES_AFTER_MS: Milliseconds = 5_000;
/** And by then these have been answered. */
const FINALS_AFTER_MS: Milliseconds = 14_000;

/**
 * An answer may wait for three slow writes in a row, as those of `store` may. And such a call outlives
 * a crash of who was called, which a stretch of hasty ones does not: a breaker ends it.
 */
const PATIENT: CallOptions = { timeoutMs: 8_000, attempts: 2 };

/** What is broken once mostly stays so: it is enough to look at times, and at the end of each phase. */
const JUDGE_EVERY_MS: Milliseconds = 2_000;

/** Above all values that the workload asks with. */
const FIRST_FINAL = 1_000_000;

/**
 * Every node calls others, and each call has an effect that is counted. Half of the nodes keep their
 * answers and effects on the disk: there nothing happens twice whatever crashes, and what was answered
 * is kept. The others forget both when they crash: there nothing happens twice within a life.
 */
export const requestsScenario: Scenario<Calling, CallAction> = {
  name: 'requests',
  faults: [
    'kill',
    'crash',
    'pause',
    'cut',
    'one-way',
    'blackhole',
    'swizzle',
    'clock-jump',
    'drift',
  ],
  safetyMs: 30_000,
  livenessMs: FINALS_AFTER_MS + 10_000,

  protocols(node, _life, index) {
    const durable = index % 2 === 0;
    const inMemory = new Map<string, number>();
    const stored = durable ? node.add(effects) : null;
    const protocol = node.add(requests);
    protocol.serve({
      serviceMs: SERVICE_MS,
      durable,
      handle({ id }) {
        if (stored === null) inMemory.set(id, (inMemory.get(id) ?? 0) + 1);
        else stored.happen(id);
        return id;
      },
    });
    return { requests: protocol, stored, inMemory, open: new Set() };
  },

  operate(run, index, value) {
    const other = (index + 1 + run.random.below(run.cluster.members.length - 1)) % run.cluster.members.length; // prettier-ignore
    if (value % 2 === 0) return call(run, index, other, value, PATIENT);
    for (let i = 0; i < AT_A_STRETCH; i++) call(run, index, other, value);
  },

  healed(run) {
    const { time } = run.cluster;
    time.after(PROBES_AFTER_MS, () => callAllNeighbours(run, 0));
    time.after(FINALS_AFTER_MS, () => callAllNeighbours(run, FIRST_FINAL));
  },

  safety(run) {
    if (run.cluster.time.now() % JUDGE_EVERY_MS !== 0) return tooMany(run);
    return [...executedTwice(run), ...misjudged(run), ...tooMany(run)];
  },

  liveness(run) {
    const unended = survivors(run).flatMap(
      ({ index, machine: { protocols } }) =>
      [...protocols.open].map((id) => ({ rule: 'every call ends', text: `node ${index} waits for ${id}` })), // prettier-ignore
    );
    const unanswered = run.history.flatMap(({ process, action, outcome }) =>
      action.value < FIRST_FINAL || outcome === 'ok'
        ? []
        : [{ rule: 'after the faults all is answered', text: `${process} asked ${action.at}` }],
    );
    return [...unended, ...unanswered, ...openBreakers(run)];
  },
};

function call(
  { cluster, history }: CallRun,
  index: number,
  other: number,
  value: number,
  options?: CallOptions,
): void {
  const { id: process, protocols } = cluster.members[index]!;
  const at = cluster.members[other]!.id;
  const calledAt = cluster.time.now();
  const { id } = protocols.requests.call(at, value, ended, options);
  const action: CallAction = { kind: 'call', value, at, id };
  const position = history.push({ process, action, calledAt, outcome: 'unknown', returnedAt: Infinity }) - 1; // prettier-ignore
  protocols.open.add(id);

  function ended(outcome: Outcome): void {
    protocols.open.delete(id);
    if (!outcome.ok && outcome.mayHaveHappened) return;
    const returnedAt = cluster.time.now();
    history[position] = { process, action, calledAt, outcome: outcome.ok ? 'ok' : 'fail', returnedAt }; // prettier-ignore
  }
}

function callAllNeighbours(run: CallRun, firstValue: number): void {
  const alive = survivors(run);
  for (const { index, machine } of alive) {
    const neighbours = new Set(machine.transport.neighbours());
    for (const other of alive) {
      if (neighbours.has(other.machine.id))
        call(run, index, other.index, firstValue + index, PATIENT);
    }
  }
}

function survivors({ cluster, dead }: CallRun) {
  return cluster.members
    .map((machine, index) => ({ machine, index }))
    .filter(({ index }) => !dead.has(index));
}

function timesOf({ stored, inMemory }: Calling, id: string): number {
  return stored?.times(id) ?? inMemory.get(id) ?? 0;
}

function executedTwice({ cluster }: CallRun): readonly Violation[] {
  return cluster.members.flatMap(({ protocols }, index) => {
    const ids = protocols.stored?.ids() ?? [...protocols.inMemory.keys()];
    return ids
      .filter((id) => timesOf(protocols, id) > 1)
      .map((id) => ({ rule: 'a call is executed once', text: `node ${index} executed ${id} again` })); // prettier-ignore
  });
}

/** What callers were told against what is so. */
function misjudged({ cluster, history }: CallRun): readonly Violation[] {
  const servers = new Map(cluster.members.map(({ id, protocols }) => [id, protocols]));
  return history.flatMap(({ action: { at, id }, outcome }) => {
    const server = servers.get(at)!;
    const happened = timesOf(server, id) > 0;
    if (outcome === 'fail' && happened)
      return [{ rule: 'what surely did not happen has not', text: `${at} executed ${id}` }];
    if (outcome === 'ok' && server.stored !== null && !happened)
      return [{ rule: 'what was answered is kept on the disk', text: `${at} forgot ${id}` }];
    return [];
  });
}

function tooMany({ cluster }: CallRun): readonly Violation[] {
  return cluster.members.flatMap(({ protocols }, index) => {
    const { open, queued, remembered } = protocols.requests.inspect();
    const isBounded =
      open <= OPEN_CALLS_A_NODE * cluster.members.length &&
      queued <= SHORT_QUEUE &&
      remembered <= MAX_REMEMBERED;
    const text = `node ${index}: ${open} open, ${queued} in line, ${remembered} remembered`;
    return isBounded ? [] : [{ rule: 'queues are bounded', text }];
  });
}

/** Towards the dead, and towards who has no link, they may be open. */
function openBreakers(run: CallRun): readonly Violation[] {
  const alive = survivors(run);
  const living = new Set(alive.map(({ machine }) => machine.id));
  return alive.flatMap(({ index, machine: { transport, protocols } }) => {
    const neighbours = new Set(transport.neighbours());
    return protocols.requests
      .breakers()
      .filter(({ to, state }) => living.has(to) && neighbours.has(to) && state !== 'closed')
      .map(({ to, state }) => ({ rule: 'after the faults breakers close', text: `node ${index} to ${to} is ${state}` })); // prettier-ignore
  });
}
