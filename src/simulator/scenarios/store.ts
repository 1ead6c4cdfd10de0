import type { Operation } from '../../checkers/history.ts';
import type { ClientAction, Run, Scenario } from '../scenario.ts';
import { keeper, type Keeper } from './keeper.ts';

interface Keeping {
  readonly keeper: Keeper;
  /** What to do when a value that was asked for is acknowledged. */
  readonly waiting: Map<string, () => void>;
}

/** Above all values that the workload asks for. */
const FIRST_FINAL = 1_000_000;

/** An acknowledged write is never lost, over any crash that leaves the disk. Wiped disks keep nothing. */
export const storeScenario: Scenario<Keeping> = {
  name: 'store',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'swizzle', 'clock-jump', 'drift'],
  safetyMs: 30_000,
  // An answer may wait for three writes in a row, of up to two seconds each: what the asker had stored,
  // what the keeper stores, and a higher ceiling for a Lamport clock that a restarted node pushed up.
  livenessMs: 8_000,

  protocols(node) {
    const waiting = new Map<string, () => void>();
    const definition = keeper((from, value) => waiting.get(`${from} ${value}`)?.());
    return { keeper: node.add(definition), waiting };
  },

  operate: (run, index, value) => ask(run, index, value),

  /** One more write by everyone: the healed core must acknowledge them all. */
  healed(run) {
    // The links that the heal opens are up once their ends have heard of it.
    run.cluster.time.runFor(0);
    run.cluster.members.forEach((_, index) => ask(run, index, FIRST_FINAL + index));
  },

  safety({ cluster, history }) {
    const keepers = new Map(cluster.members.map(({ id, protocols }) => [id, protocols.keeper]));
    return history.flatMap(({ action: { at, value }, outcome }) =>
      outcome !== 'ok' || keepers.get(at)!.keeps(value)
        ? []
        : [{ rule: 'what was acknowledged is kept', text: `${at} does not have ${value}` }],
    );
  },

  liveness: ({ history }) =>
    history.flatMap(({ action: { at, value }, outcome }) =>
      value < FIRST_FINAL || outcome === 'ok'
        ? []
        : [{ rule: 'after the faults all is acknowledged', text: `${at} is silent on ${value}` }],
    ),
};

/** Until the acknowledgement is heard, the outcome is unknown; it stays so if the client crashes. */
function ask({ cluster, history }: Run<Keeping>, index: number, value: number): void {
  const { id: process, transport, protocols } = cluster.members[index]!;
  for (const at of transport.neighbours()) {
    const asked = { process, action: { kind: 'keep', value, at }, calledAt: cluster.time.now() };
    const position = history.push({ ...asked, outcome: 'unknown', returnedAt: Infinity }) - 1;
    protocols.waiting.set(`${at} ${value}`, () => {
      const returnedAt = cluster.time.now();
      const known: Operation<ClientAction> = { ...asked, outcome: 'ok', returnedAt };
      history[position] = known;
    });
    protocols.keeper.ask(at, value);
  }
}
