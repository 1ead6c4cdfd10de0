import type { StoreCalls } from '../../src/election/electorate.ts';
import type { LockState } from '../../src/coordination/lock/lock.ts';
import type { KvOutcome } from '../../src/election/kv/outcome.ts';
import type { ElectionState } from '../../src/election/elections.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import { noCounts } from '../../src/network/link-counts.ts';
import type { RegisterArgs } from '../../src/program/registers.ts';
import type { LockCalls, LockOutcomes, Voting } from '../../src/program/voting.ts';
import type { Json, Milliseconds } from '../../src/vocabulary.ts';
import type { BoardConsole } from './board-console.ts';
import type { TeacherConsole } from './console-teacher.ts';
import type { BoardCalls, Participant } from './participant.ts';

/** Until this tab knows of an election. */
const NOBODY_ELECTED: ElectionState = { algorithm: null, role: 'follower', leader: null, term: 0 };

/** How many events `trace` gives when it is not told. */
const TRACE_LIMIT = 1_000;

/**
 * `window.netsplit`: the node as a curious student, or a program, can reach it. All values are JSON;
 * times called `…At` are true milliseconds since 1970.
 */
function consoleOf(participant: Participant) {
  const { attendance } = participant;
  const self = () => ({
    id: attendance.self?.id ?? null,
    name: attendance.self?.name ?? null,
    room: attendance.roomInfo?.code ?? null,
    incarnation: attendance.self?.incarnation ?? null,
    state: participant.state(),
  });
  return {
    self,
    peers: () =>
      participant.peers().map(({ id, name, link, path, rttMs, verdict }) => ({
        id,
        name,
        link,
        path,
        rttMs,
        verdict,
      })),
    /** What this node holds of every other that it has heard of. */
    members: () =>
      participant
        .members()
        .map(({ id, state, verdict, life, refutation, reason, suspectedBy }) => ({
          id,
          state,
          verdict,
          life,
          refutation,
          reason,
          suspectedBy,
        })),
    unplug: () => participant.setPlugged(false),
    plug: () => participant.setPlugged(true),
    pause: (ms: Milliseconds) => participant.pause(ms),
    crash: () => participant.crash(),
    /** Answers who this node is in its next life. */
    restart: async ({ keepDisk = true }: { keepDisk?: boolean } = {}) => {
      await participant.restart(keepDisk);
      return self();
    },
    /** Whether what this node stores survives a crash, and if not, why. */
    disk: () => participant.lives?.disk ?? ({ state: 'opening' } as const),
    broadcast: (payload: Json) => participant.broadcast(payload),
    delivered: () => [...participant.deliveries],
    board: boardOf(participant),
    election: {
      /** Everyone who hears of it elects by this algorithm from now on, from the beginning. */
      use: async (algorithm: AlgorithmName) => (await participant.electorate()).elect(algorithm),
      state: () => participant.elections?.state() ?? NOBODY_ELECTED,
    },
    /** One store for all, on Raft's log. */
    kv: fetched(participant, 'ask', 'put get cas delete') as unknown as StoreConsole,
    /** One register in three kinds: `cp`, `ap`, `quorum`. */
    registers: {
      put: async (...args: RegisterArgs['put']) => (await participant.registers()).ask('put', args),
      get: async (...args: RegisterArgs['get']) => (await participant.registers()).ask('get', args),
    },
    /** Locks with a lease on the same log, and what they guard. */
    lock: fetched(participant, 'askLock', 'acquire write release state') as unknown as LockConsole,
    /** For Yjs and automerge-repo on this mesh. */
    apps: async () => (await import('../apps/apps.ts')).appsOf(participant),
    clocks: () => participant.node?.clocks() ?? null,
    /** How far the clocks of linked nodes are ahead of this one's, and how much faster they run. */
    offsets: () => participant.lives?.protocols?.timeSync.views() ?? [],
    trace: ({ since = 0, limit = TRACE_LIMIT }: { since?: number; limit?: number } = {}) =>
      participant.recorder.since(since, limit).events,
    /** Counters by protocol. */
    metrics: () => participant.node?.metrics() ?? {},
    /** Which network this node obeys, and what became of frames under it, by neighbour. */
    network: () => ({
      version: participant.transport?.version ?? 0,
      links: participant.peers().map(({ id }) => ({
        id,
        queuedBytes: participant.transport?.queuedBytes(id) ?? 0,
        ...(participant.transport?.counts(id) ?? noCounts()),
      })),
    }),
    /** What the mesh refused or passed on beneath the protocols, and the peer connections it holds. */
    signals: () => ({
      ...attendance.mesh?.counters,
      connectionsHeld: attendance.mesh?.budget.held ?? 0,
    }),
  };
}

/** Each is a method of `BoardConsole`, which is fetched later. */
const BOARD_CALLS =
  'set increment add remove type erase insert drop move engines state conflicts ledger costs';
type BoardCall = keyof BoardConsole;
type MaybeSoon<Call extends BoardCall> = (
  ...args: Parameters<BoardConsole[Call]>
) => ReturnType<BoardConsole[Call]> | Promise<ReturnType<BoardConsole[Call]>>;

/** The first call in a tab may have to fetch the board: its answer is a promise then. */
function boardOf(participant: Participant) {
  const calls: BoardCalls = {};
  for (const name of BOARD_CALLS.split(' '))
    calls[name] = (...args) => participant.callBoard(name, args);
  return calls as { readonly [Call in BoardCall]: MaybeSoon<Call> };
}

type LockConsole = {
  readonly [Call in keyof LockCalls]: (...args: LockCalls[Call]) => Promise<LockOutcomes[Call]>;
} & { readonly state: (name: string) => Promise<LockState | null> };

/** One store for all; null is nothing. */
type StoreConsole = {
  readonly [Call in keyof StoreCalls]: (...args: StoreCalls[Call]) => Promise<KvOutcome>;
};

/** Calls of what is fetched with the elections. */
function fetched(participant: Participant, by: 'ask' | 'askLock', names: string): BoardCalls {
  const calls: BoardCalls = {};
  for (const name of names.split(' '))
    calls[name] = async (...args) =>
      ((await participant.electorate())[by] as Voting['askLock'])(name, args);
  return calls;
}

export type NetsplitConsole = ReturnType<typeof consoleOf>;

declare global {
  interface Window {
    /** `teacher` on the teacher's page alone, which has `self` and nothing else of a node's. */
    netsplit?: NetsplitConsole & Partial<Pick<TeacherConsole, 'teacher'>>;
  }
}

export function openConsole(participant: Participant): void {
  window.netsplit = consoleOf(participant);
}
