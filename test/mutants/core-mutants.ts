import type * as linearizability from '../../src/checkers/linearizability.ts';
import type * as vector from '../../src/clocks/vector.ts';
import type * as shapers from '../../src/network/shapers.ts';
import type * as steps from '../../src/runtime/steps.ts';
import { deliveriesOneWay, scenario, vectorsAgainstTruth } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs in what every protocol stands on, and in what judges it. */
export const CORE_MUTANTS: readonly Mutant[] = [
  /** What a step sends leaves at once, whatever it stores. */
  mutant<typeof steps>(
    {
      name: 'lost-store-before-send',
      module: 'runtime/steps.ts',
      caughtBy: scenario('store'),
      withFaultsOff: 'missed',
    },
    ({ Steps }) => ({
      Steps: class extends Steps {
        override output(_bytes: number, leave: () => void): boolean {
          leave();
          return true;
        }
      },
    }),
  ),

  /** A vector clock takes nothing in from the messages it hears. */
  mutant<typeof vector>(
    {
      name: 'vector-forgets-to-merge',
      module: 'clocks/vector.ts',
      caughtBy: vectorsAgainstTruth,
      withFaultsOff: 'caught',
    },
    ({ VectorClock }) => ({
      VectorClock: class extends VectorClock {
        override merge(): void {}
      },
    }),
  ),

  /** A rule for one direction acts in the other too. */
  mutant<typeof shapers>(
    {
      name: 'shaper-ignores-direction',
      module: 'network/shapers.ts',
      caughtBy: deliveriesOneWay,
      withFaultsOff: 'missed',
    },
    ({ Shapers }) => ({
      Shapers: class extends Shapers {
        override get(...[from, to, now]: Parameters<shapers.Shapers['get']>) {
          return super.get(from, to, now) ?? super.get(to, from, now);
        }
      },
    }),
  ),

  /** The checker leaves out what clients were never answered, as if it had failed. */
  mutant<typeof linearizability>(
    {
      name: 'checker-drops-pending',
      module: 'checkers/linearizability.ts',
      caughtBy: scenario('register'),
      withFaultsOff: 'missed',
    },
    ({ checkLinearizability }) => ({
      checkLinearizability: (history, ...rest) =>
        checkLinearizability(
          history.filter(({ outcome }) => outcome !== 'unknown'),
          ...rest,
        ),
    }),
  ),
];
