import type * as causal from '../../src/gossip/causal.ts';
import type * as digest from '../../src/gossip/digest.ts';
import type * as surplusLinks from '../../src/gossip/surplus-links.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs in how news spreads. */
export const GOSSIP_MUTANTS: readonly Mutant[] = [
  /** Where a copy comes over a second link, both are pruned: no eager link is left. */
  mutant<typeof surplusLinks>(
    {
      name: 'tree-prunes-its-last-link',
      module: 'gossip/surplus-links.ts',
      caughtBy: scenario('gossip'),
      withFaultsOff: 'caught',
    },
    () => ({ surplusLinks: (first, second) => (first ? [first.id, second.id] : [second.id]) }),
  ),

  /** What a node tells of what it has heard leaves out what it has said itself. */
  mutant<typeof digest>(
    {
      name: 'entropy-skips-its-own',
      module: 'gossip/digest.ts',
      caughtBy: scenario('gossip'),
      withFaultsOff: 'caught',
    },
    ({ digestOf }) => ({
      digestOf: (store) => digestOf(store).filter(({ origin }) => origin !== store.self),
    }),
  ),

  /** A broadcast tells of its origin's earlier ones alone: what the origin had heard is left out. */
  mutant<typeof causal>(
    {
      name: 'causal-forgets-what-it-heard',
      module: 'gossip/causal.ts',
      caughtBy: scenario('causal'),
      withFaultsOff: 'caught',
    },
    () => ({ deliveredPast: () => [] }),
  ),
];
