import type { AutomergeLibrary } from '../merge/automerge/library.ts';
import { ddmin } from './ddmin.ts';
import type { Scenario, Violation } from './scenario.ts';
import { automergeBoardScenario, boardScenario, yjsBoardScenario } from './scenarios/board.ts';
import { causalScenario } from './scenarios/causal.ts';
import { electionScenario } from './scenarios/election.ts';
import { floodScenario } from './scenarios/flood.ts';
import { gossipScenario } from './scenarios/gossip.ts';
import { lockScenario } from './scenarios/lock.ts';
import { membershipScenario } from './scenarios/membership.ts';
import { overlayScenario } from './scenarios/overlay.ts';
import { pingScenario } from './scenarios/ping.ts';
import { quorumScenario } from './scenarios/quorum.ts';
import { raftScenario } from './scenarios/raft.ts';
import { registerScenario } from './scenarios/register.ts';
import { registersScenario } from './scenarios/registers.ts';
import { requestsScenario } from './scenarios/requests.ts';
import { storeScenario } from './scenarios/store.ts';
import { stormScenario } from './scenarios/storm.ts';
import { simulate, type NumberedFault, type Verdict } from './simulate.ts';
import { TraceHash } from './trace-hash.ts';

/** A scenario of whatever protocols, ready to run. */
export interface Simulation {
  readonly name: string;
  readonly run: (nodes: number, seed: number, only?: readonly number[]) => Verdict;
  /** What the clients of such a run did, as lines that `npm run check` reads, where it knows such operations. */
  readonly history?: (nodes: number, seed: number, only?: readonly number[]) => string;
}

export function simulation<Protocols, Action>(scenario: Scenario<Protocols, Action>): Simulation {
  const { name, write } = scenario;
  const run = (nodes: number, seed: number, only?: readonly number[]) =>
    simulate(scenario, nodes, seed, only);
  if (write === undefined) return { name, run };
  return { name, run, history: (nodes, seed, only) => write(run(nodes, seed, only).history) };
}

export const SIMULATIONS: readonly Simulation[] = [
  simulation(boardScenario),
  simulation(yjsBoardScenario),
  simulation(causalScenario),
  simulation(electionScenario),
  simulation(floodScenario),
  simulation(gossipScenario),
  simulation(lockScenario),
  simulation(membershipScenario),
  simulation(overlayScenario),
  simulation(pingScenario),
  simulation(quorumScenario),
  simulation(raftScenario),
  simulation(registerScenario),
  simulation(registersScenario),
  simulation(requestsScenario),
  simulation(storeScenario),
  simulation(stormScenario),
];

/** By name, those that need a library which is no part of this program: whoever runs one loads it. */
export const WITH_AUTOMERGE = {
  name: 'board-automerge',
  from: (automerge: AutomergeLibrary) => simulation(automergeBoardScenario(automerge)),
} as const;

/** Every so many seeds, one runs twice: what is not determined by the seed cannot be replayed. */
const TWICE_EVERY = 10;

export interface Failure {
  readonly seed: number;
  /** Those of the rule that was broken first, with the faults below alone. */
  readonly violations: readonly Violation[];
  /** No single one of these can be left out: with the rest alone that rule is not what breaks. */
  readonly faults: readonly NumberedFault[];
}

export interface CampaignOptions {
  readonly simulation: Simulation;
  readonly nodes: number;
  readonly firstSeed: number;
  readonly seeds: number;
  /** The numbers of the faults that take part; left out, all that each seed draws. */
  readonly only?: readonly number[] | undefined;
  /** Hears of each failing seed as it is found. */
  readonly onFailure: (failure: Failure) => void;
}

/** Runs one seed after the other. */
export function campaign(options: CampaignOptions): { failed: number; hash: string } {
  const { simulation, nodes, firstSeed, seeds, only, onFailure } = options;
  const hash = new TraceHash();
  let failed = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const verdict = simulation.run(nodes, seed, only);
    hash.text(verdict.hash);
    const failure =
      verdict.violations.length > 0
        ? { seed, ...shrink(simulation, nodes, seed, verdict) }
        : repeats(simulation, nodes, seed, firstSeed, verdict, only);
    if (failure === null) continue;
    failed += 1;
    onFailure(failure);
  }
  return { failed, hash: hash.hex };
}

/**
 * The same seed with as few of its faults as still break the same rule, and how they then do. A run
 * ends where the first rule breaks, so a list that breaks another one earlier does not count: it would
 * show another bug than the one that was found.
 */
function shrink(
  { run }: Simulation,
  nodes: number,
  seed: number,
  { faults, violations: [found] }: Verdict,
): Pick<Failure, 'violations' | 'faults'> {
  const isFound = ({ rule }: Violation) => rule === found!.rule;
  const all = faults.map(({ number }) => number);
  const least = ddmin(all, (only) => run(nodes, seed, only).violations.some(isFound));
  const { violations, faults: left } = run(nodes, seed, least);
  return { violations: violations.filter(isFound), faults: left };
}

const UNREPEATED: Violation = {
  rule: 'a seed decides everything',
  text: 'the same seed did not give the same trace twice',
};

function repeats(
  { run }: Simulation,
  nodes: number,
  seed: number,
  firstSeed: number,
  { hash, faults }: Verdict,
  only: readonly number[] | undefined,
): Failure | null {
  if ((seed - firstSeed) % TWICE_EVERY !== 0 || run(nodes, seed, only).hash === hash) return null;
  return { seed, violations: [UNREPEATED], faults };
}
