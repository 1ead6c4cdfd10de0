import type { Operation } from '../../checkers/history.ts';
import { writeKeyValueHistory } from '../../checkers/write-history.ts';
import type { CellAction } from '../../checkers/models.ts';
import type { NodeId } from '../../vocabulary.ts';
import type { Random } from '../random.ts';
import type { Run, Scenario } from '../scenario.ts';
import { judged } from './judged.ts';
import type { Answer } from './sessions.ts';
import { sharedRegister, type Command, type SharedRegister } from './shared-register.ts';

/** The one client of a node: it asks one thing at a time. */
interface Client {
  readonly register: SharedRegister;
  /** Its name in the history. Who was never answered goes on under another: one asks one thing at a time. */
  readonly life: string;
  gaveUp: number;
  isWaiting: boolean;
  /** The last value that it was told of, for its next compare-and-set. */
  seen: string;
}

/** So clients are busy at the same time, and commands are under way when a fault hits. */
const AT_A_STRETCH = 5;

/** In the values that are written when the faults are over. */
const FINAL = 'final';

/**
 * Clients read, write and compare-and-set registers that other nodes keep. Whatever they are told
 * must be what one machine that never fails could have told them, by the linearizability checker.
 */
export const registerScenario: Scenario<Client, CellAction> = {
  name: 'register',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'swizzle', 'clock-jump', 'drift'],
  safetyMs: 30_000,
  livenessMs: 10_000,

  protocols: (node, life, index) => ({
    register: node.add(sharedRegister),
    life: `${index}.${life}`,
    gaveUp: 0,
    isWaiting: false,
    seen: '',
  }),

  operate(run, index, value) {
    if (!run.cluster.members[index]!.protocols.isWaiting) askOn(run, index, value, AT_A_STRETCH);
  },

  /** One more write by everyone: the healed core must do them all. */
  healed(run) {
    // The links that the heal opens are up once their ends have heard of it.
    run.cluster.time.runFor(0);
    run.cluster.members.forEach((_, index) =>
      ask(run, index, { kind: 'write', value: `${FINAL} ${index}` }),
    );
  },

  write: writeKeyValueHistory,

  safety: ({ history, cluster }) => judged(history, cluster.time.now()),

  liveness: ({ history }) =>
    history.flatMap(({ process, action, outcome }) =>
      action.kind !== 'write' || !action.value!.startsWith(FINAL) || outcome === 'ok'
        ? []
        : [{ rule: 'after the faults all is answered', text: `${process} was not answered` }],
    ),
};

/** A stretch of commands, the next when the one before is answered. */
function askOn(run: Run<Client, CellAction>, index: number, value: number, left: number): void {
  if (left === 0) return;
  const command = draw(run.random, run.cluster.members[index]!.protocols.seen, `${value}-${left}`);
  ask(run, index, command, () => askOn(run, index, value, left - 1));
}

/** Every value is written by one command alone, so a read says which one it saw. */
function draw(random: Random, seen: string, value: string): Command {
  const dice = random.next();
  if (dice < 0.4) return { kind: 'read' };
  return dice < 0.7 ? { kind: 'write', value } : { kind: 'cas', from: seen, to: value };
}

/** Until the answer is heard, the outcome is unknown; it stays so if the client gives up or crashes. */
function ask(
  run: Run<Client, CellAction>,
  index: number,
  command: Command,
  then: () => void = () => {},
): void {
  const { history, cluster } = run;
  const { transport, protocols: client } = cluster.members[index]!;
  const keeper = keeperAmong(transport.neighbours());
  if (keeper === undefined) return;
  client.register.giveUp();
  client.isWaiting = true;
  const process = `${client.life}.${client.gaveUp}`;
  const asked = { process, action: { key: keeper, ...command }, calledAt: cluster.time.now() };
  const position = history.push({ ...asked, outcome: 'unknown', returnedAt: Infinity }) - 1;
  client.register.ask(keeper, command, (answer) => {
    client.isWaiting = false;
    if (answer === null) {
      client.gaveUp += 1;
      return;
    }
    client.seen = answer.value;
    history[position] = { ...asked, ...told(asked.action, answer, cluster.time.now()) };
    then();
  });
}

/** Everyone asks the same few nodes, so that clients meet at one register. */
function keeperAmong(neighbours: readonly NodeId[]): NodeId | undefined {
  return [...neighbours].sort()[0];
}

function told(
  action: CellAction,
  { done, value }: Answer,
  returnedAt: number,
): Pick<Operation<CellAction>, 'action' | 'outcome' | 'returnedAt'> {
  const known = action.kind === 'read' ? { ...action, value } : action;
  return { action: known, outcome: done ? 'ok' : 'fail', returnedAt };
}
