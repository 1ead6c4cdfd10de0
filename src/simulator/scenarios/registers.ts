import { checkConvergence } from '../../checkers/convergence.ts';
import type { History, Operation } from '../../checkers/history.ts';
import { checkMarkedSessions, type MarkedOperation } from '../../checkers/marked-sessions.ts';
import type { CellAction } from '../../checkers/models.ts';
import { coversMark } from '../../checkers/register-marks.ts';
import { writeKeyValueHistory } from '../../checkers/write-history.ts';
import type { Outcome } from '../../coordination/outcome.ts';
import type { Session } from '../../coordination/registers/session.ts';
import {
  REGISTER_FIXES,
  REGISTER_KINDS,
  type RegisterFix,
  type RegisterKind,
} from '../../network/register-kinds.ts';
import { addThreeRegisters, type ThreeRegisters } from '../../program/registers.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';
import { judged } from './judged.ts';
import { drawOptions, raftMember, type RaftMember } from './raft-member.ts';

/** A node with all three kinds, and its one client. */
interface Member extends ThreeRegisters {
  readonly store: RaftMember;
  readonly fix: RegisterFix;
  readonly hops: boolean;
  readonly session: Session;
}

/** What was asked for, of which kind, and how it ended. */
interface Asked {
  readonly kind: RegisterKind;
  readonly cell: CellAction;
  readonly isOwn: boolean;
  readonly fix: RegisterFix;
  readonly session: string;
  readonly mark: Json;
  /** How a request ended that took no effect. */
  readonly reason: string | null;
}
type RegistersRun = Run<Member, Asked>;

const KEYS = ['x', 'y'];
const READS = 0.5;
const HOPS = 0.7;

/** So a client has a past that something can be missing from. */
const AT_A_STRETCH = 6;
const BETWEEN_MS: Milliseconds = 40;

/**
 * A class with all three kinds under every fault of the network. On the log, all is as one machine would
 * have it. What is merged always answers its own node's client, and in the end all agree. With a floor, or
 * sticking to one node, clients lose no session guarantee.
 */
export const registersScenario: Scenario<Member, Asked> = {
  name: 'registers',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'partition', 'swizzle', 'clock-jump', 'drift'], // prettier-ignore
  safetyMs: 30_000,
  livenessMs: 20_000,
  slowestWriteMs: 100,
  fullMesh: true,

  protocols(node, life, index, setting) {
    const fix = REGISTER_FIXES[setting.fork('fix').below(REGISTER_FIXES.length)]!;
    const hops = setting.fork('hops').next() < HOPS;
    const store = raftMember(node, life, index, drawOptions(setting));
    const three = addThreeRegisters(node, { store });
    return { ...three, store, fix, hops, session: three.registers.newSession() };
  },

  operate: (run, index, value) => {
    // Who founds the group has to hear of it, too.
    if (run.cluster.members[0]!.responsive) tellOfGroup(run, 0);
    askOn(run, index, value, AT_A_STRETCH);
  },

  healed(run) {
    run.cluster.time.runFor(0);
  },

  write: (history) => writeKeyValueHistory(historyOf(history, 'cp')),

  safety: ({ history, cluster }) => judged(historyOf(history, 'cp'), cluster.time.now()),

  // What a client was told stays in the history: it is enough to look at its end.
  liveness: (run) => [...refusedAtHome(run), ...lostWithFix(run), ...differences(run)],
};

/** A stretch of requests, each to all three kinds alike. */
function askOn(run: RegistersRun, index: number, value: number, left: number): void {
  const { members, time } = run.cluster;
  if (left === 0 || !members[index]!.responsive) return;
  tellOfGroup(run, index);
  const { random } = run;
  const key = KEYS[random.below(KEYS.length)]!;
  const isRead = random.next() < READS;
  const to = members[random.below(members.length)]!.id;
  for (const kind of REGISTER_KINDS) {
    const cell: CellAction = isRead
      ? { kind: 'read', key }
      : { kind: 'write', key, value: `${value}-${left}` };
    ask(run, index, kind, cell, to);
  }
  time.after(BETWEEN_MS, () => askOn(run, index, value, left - 1));
}

/** The teacher has chosen Raft before anybody asks: the room's choices come by the server, which no fault keeps back. */
function tellOfGroup({ cluster }: RegistersRun, index: number): void {
  const by = { id: cluster.members[0]!.id, life: 1 };
  const election = { algorithm: 'raft', turn: 1, by } as const;
  const { node, protocols } = cluster.members[index]!;
  const chosen = { election, electionSlowness: 1, electionVoters: null };
  node.step(() => protocols.store.elections.use(chosen));
}

function ask(
  { cluster, history }: RegistersRun,
  index: number,
  kind: RegisterKind,
  cell: CellAction,
  to: NodeId,
): void {
  const { id, life, node, protocols } = cluster.members[index]!;
  const { registers, hops, fix, session } = protocols;
  const at = hops ? to : id;
  const asked = { kind, isOwn: at === id, fix, session: session.name };
  const calledAt = cluster.time.now();
  const process = `${id}.${life}.${history.length}`;
  const open: Operation<Asked> = {
    ...{ process, calledAt, outcome: 'unknown', returnedAt: Infinity },
    action: { ...asked, cell, mark: null, reason: null },
  };
  const position = history.push(open) - 1;
  const onEnd = (outcome: Outcome) => {
    const returnedAt = cluster.time.now();
    if ('unknown' in outcome) return;
    const action: Asked = outcome.ok
      ? { ...asked, cell: readBy(cell, outcome.value), mark: outcome.mark ?? null, reason: null }
      : { ...asked, cell, mark: null, reason: outcome.reason };
    history[position] = { process, action, calledAt, returnedAt, outcome: outcome.ok ? 'ok' : 'fail' }; // prettier-ignore
  };
  const options = { at, fix, session };
  node.step(() => {
    if (cell.kind === 'write') registers.put(kind, cell.key, cell.value, onEnd, options);
    else registers.get(kind, cell.key, onEnd, options);
  });
}

/** A key that nobody has put: null to a register, the empty text to the model. */
function readBy(cell: CellAction, value: Json = null): CellAction {
  if (cell.kind !== 'read') return cell;
  return { ...cell, value: typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value) }; // prettier-ignore
}

function historyOf(history: History<Asked>, kind: RegisterKind): Operation<CellAction>[] {
  return history
    .filter(({ action }) => action.kind === kind)
    .map((operation) => ({ ...operation, action: operation.action.cell }));
}

function refusedAtHome({ history }: RegistersRun): Violation[] {
  return history.flatMap(({ process, action }): Violation[] => {
    const { kind, isOwn, fix, reason } = action;
    if (kind !== 'ap' || !isOwn || fix === 'sticky' || reason === null || reason === 'behind')
      return [];
    const rule = 'what is merged answers the clients of its own node';
    return [{ rule, text: `${process} was refused: ${reason}` }];
  });
}

/** What took effect, with how new it was. */
export function marked(history: History<Asked>): MarkedOperation<Json>[] {
  return history.flatMap(({ action, outcome, calledAt, returnedAt }) => {
    if (outcome !== 'ok' || action.mark === null) return [];
    const { kind, cell, session, mark } = action;
    const what = cell.kind === 'write' ? 'put' : 'get';
    return [{ session, key: `${kind} ${cell.key}`, do: what, mark, calledAt, returnedAt }];
  });
}

function lostWithFix({ history }: RegistersRun): Violation[] {
  const isKept = ({ fix, kind }: Asked) => fix === 'floor' || (fix === 'sticky' && kind === 'ap');
  const kept = history.filter(({ action }) => isKept(action));
  return checkMarkedSessions(marked(kept), coversMark).map(({ guarantee, operation, earlier }) => ({
    rule: 'with a fix no session guarantee is lost',
    text: `${guarantee} of ${operation.session}: ${JSON.stringify(operation)} after ${JSON.stringify(earlier)}`,
  }));
}

/** In the end every node shows the same, by each rule. */
function differences({ cluster }: RegistersRun): Violation[] {
  const [first] = cluster.members;
  return first!.protocols.board.engineNames.flatMap((engine): Violation[] => {
    const states = cluster.members.map(({ id, protocols }): [string, Json] => [
      id,
      Object.fromEntries(protocols.board.engine(engine)!.engine.value().value),
    ]);
    const divergence = checkConvergence(new Map(states));
    if (divergence === undefined) return [];
    const { groups, path } = divergence;
    const text = `${engine}: ${groups.map((group) => group.join(' ')).join(' | ')} at ${path.join('.')}`;
    return [{ rule: 'after the faults all nodes show the same', text }];
  });
}
