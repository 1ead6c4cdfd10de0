import { expect, test } from 'vitest';
import { SIMULATIONS } from '../../src/simulator/campaign.ts';

/** Many more run by `npm run sim`, and for every mutant. */
const SEEDS = 20;
const NODES = 8;

/** Plenty for twenty runs, however busy the machine. */
const LIMIT_MS = 60_000;

test.each([
  ['GOSSIP-1 GOSSIP-2 TREE-8', 'gossip'],
  ['CAUSAL-3 CAUSAL-4', 'causal'],
])(
  '%s hold under swarm faults (scenario %s)',
  (_rules, name) => {
    const { run } = SIMULATIONS.find((simulation) => simulation.name === name)!;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations, history } = run(NODES, seed);
      expect([seed, violations]).toEqual([seed, []]);
      expect(history).not.toEqual([]);
    }
  },
  LIMIT_MS,
);
