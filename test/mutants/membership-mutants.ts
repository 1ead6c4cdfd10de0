import type * as claims from '../../src/membership/claims.ts';
import type * as phi from '../../src/membership/detectors/phi.ts';
import type * as membership from '../../src/membership/membership.ts';
import type * as ownStanding from '../../src/membership/own-standing.ts';
import { deathAfterAnOutage, scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** All of its bugs show in the first of these. */
const SEEDS = 60;
const inScenario = scenario('membership', { seeds: SEEDS });

/** Bugs in who is held for alive. */
export const MEMBERSHIP_MUTANTS: readonly Mutant[] = [
  /** The accused says that it lives, at the standing at which it was accused. */
  mutant<typeof ownStanding>(
    {
      name: 'refutation-raises-nothing',
      module: 'membership/own-standing.ts',
      caughtBy: inScenario,
      withFaultsOff: 'missed',
    },
    ({ OwnStanding }) => ({
      OwnStanding: class extends OwnStanding {
        override contradict(...[claim]: Parameters<ownStanding.OwnStanding['contradict']>) {
          const { refutation } = this;
          const contradicted = super.contradict(claim);
          this.refutation = refutation;
          return contradicted;
        }
      },
    }),
  ),

  /** The time that a neighbour could not be heard for is taken for a usual gap between two beats. */
  mutant<typeof phi>(
    {
      name: 'phi-learns-from-outages',
      module: 'membership/detectors/phi.ts',
      caughtBy: deathAfterAnOutage,
      withFaultsOff: 'missed',
    },
    ({ PhiDetector }) => ({
      PhiDetector: class extends PhiDetector {
        protected override learnsFrom(): boolean {
          return true;
        }
      },
    }),
  ),

  /** Silence and patience are measured by the time of day, which jumps. */
  mutant<typeof membership>(
    {
      name: 'membership-measures-wall-clock',
      module: 'membership/membership.ts',
      caughtBy: inScenario,
      withFaultsOff: 'missed',
    },
    ({ Membership, membership: definition }) => ({
      membership: {
        ...definition,
        create: (host) => new Membership({ ...host, monotonic: () => host.wallClock() }),
      },
    }),
  ),

  /** Who was dead once stays so, whatever it says. */
  mutant<typeof claims>(
    {
      name: 'membership-never-forgives',
      module: 'membership/claims.ts',
      caughtBy: inScenario,
      withFaultsOff: 'missed',
    },
    ({ outranks }) => ({
      outranks: (a, b) => b.state !== 'dead' && outranks(a, b),
    }),
  ),
];
