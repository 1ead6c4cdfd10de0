import { bully } from '../../election/bully.ts';
import { electionsOf, type Elections } from '../../election/elections.ts';
import { naive } from '../../election/naive.ts';
import type { AlgorithmName } from '../../network/election-choice.ts';
import { isNewer } from '../../network/runs.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import { ALL_FAULTS } from '../fault.ts';
import type { Random } from '../random.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';
import { survivors } from '../survivors.ts';

interface Electing {
  readonly elections: Elections;
  /** What this life held when it was looked at last. */
  before: Held | null;
}

type Held = Pick<Elections, 'choice'> & { readonly term: number };

const elections = electionsOf([naive, bully]);

/** Those that promise nothing but a leader in the end. */
const DRAWN: readonly AlgorithmName[] = ['naive', 'bully'];

/**
 * Long enough for an election that begins late, and for one that lost messages spoil. Then all is
 * looked at again and again, for a beat that is lost thrice throws out a leader that is well.
 */
const AGREED_WITHIN_MS: Milliseconds = 20_000;
const LOOK_EVERY_MS: Milliseconds = 250;

/**
 * Algorithms that the seed draws, in a mesh in which all are linked; clients switch. While the faults
 * last there may be no leader or many. Once they are over all elect by the newest choice, and one
 * leads whom all hold for leader.
 */
export const electionScenario: Scenario<Electing> = {
  name: 'election',
  faults: ALL_FAULTS,
  safetyMs: 30_000,
  livenessMs: 5_000,
  fullMesh: true,

  protocols(node) {
    return { elections: node.add(elections), before: null };
  },

  operate(run, index) {
    switchAt(run, index, run.random);
  },

  /** So that there is one at all, and one that lost its disk has something to hear of. */
  healed(run) {
    const [first] = survivors(run);
    if (first !== undefined) switchAt(run, first.index, run.random);
  },

  safety({ cluster }) {
    return cluster.members.flatMap(({ id, protocols }, index): readonly Violation[] => {
      const { elections, before } = protocols;
      const { role, leader, term } = elections.state();
      const { choice } = elections;
      protocols.before = { choice, term };
      const text = `node ${index}: ${role}, led by ${leader}, in term ${term}`;
      if ((role === 'leader') !== (leader === id))
        return [{ rule: 'who leads holds itself for leader, and nobody else does', text }];
      if (before === null) return [];
      if (before.choice !== null && (choice === null || isNewer(before.choice, choice)))
        return [{ rule: 'nobody goes back to an older choice', text }];
      if (before.choice === choice && before.term > term)
        return [{ rule: 'terms of a run only rise', text: `${text}, after ${before.term}` }];
      return [];
    });
  },

  liveness(run) {
    const { time } = run.cluster;
    const end = time.now() + AGREED_WITHIN_MS;
    let wrong = whatIsWrong(run);
    for (; wrong.length > 0 && time.now() < end; wrong = whatIsWrong(run))
      time.runFor(LOOK_EVERY_MS);
    return wrong;
  },
};

function switchAt({ cluster }: Run<Electing>, index: number, random: Random): void {
  const { node, protocols } = cluster.members[index]!;
  const name = DRAWN[random.below(DRAWN.length)]!;
  node.step(() => protocols.elections.switchTo(name));
}

function whatIsWrong(run: Run<Electing>): readonly Violation[] {
  const left = survivors(run);
  const choices = left.map(({ machine }) => JSON.stringify(machine.protocols.elections.choice));
  if (new Set(choices).size > 1)
    return [{ rule: 'after the faults all elect by one choice', text: choices.join(' | ') }];
  const told = left.map(({ index, machine: { id, protocols } }) => {
    const { role, leader } = protocols.elections.state();
    return { index, id, role, leader };
  });
  const text = told.map(({ index, role, leader }) => `node ${index}: ${role}, led by ${leader}`).join(', '); // prettier-ignore
  const leaders = told.filter(({ role }) => role === 'leader');
  if (left.length > 0 && leaders.length !== 1)
    return [{ rule: 'after the faults one leads', text }];
  if (told.some(({ leader }) => leader !== leaders[0]!.id))
    return [{ rule: 'after the faults all hold it for leader', text }];
  return [];
}
