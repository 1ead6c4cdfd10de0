import type * as flood from '../../src/gossip/flood.ts';
import type * as neighbour from '../../src/membership/neighbour.ts';
import type * as ping from '../../src/membership/ping.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs in protocols of the course. */
export const PROTOCOL_MUTANTS: readonly Mutant[] = [
  /** Only one neighbour is told. */
  mutant<typeof flood>(
    {
      name: 'flood-tells-one-neighbour',
      module: 'gossip/flood.ts',
      caughtBy: scenario('flood'),
      withFaultsOff: 'caught',
    },
    ({ Flood, flood: definition }) => ({
      flood: {
        ...definition,
        create: (host) => new Flood({ ...host, neighbours: () => host.neighbours().slice(0, 1) }),
      },
    }),
  ),

  /** Ids say nothing of the life that made them, so after a restart they come again. */
  mutant<typeof flood>(
    {
      name: 'flood-forgets-its-life',
      module: 'gossip/flood.ts',
      caughtBy: scenario('flood'),
      withFaultsOff: 'missed',
    },
    ({ Flood, flood: definition }) => ({
      flood: { ...definition, create: (host) => new Flood({ ...host, incarnation: 1 }) },
    }),
  ),

  /** Silence is measured by the time of day, which jumps. */
  mutant<typeof ping>(
    {
      name: 'ping-measures-wall-clock',
      module: 'membership/ping.ts',
      caughtBy: scenario('ping'),
      withFaultsOff: 'missed',
    },
    ({ Ping, ping: definition }) => ({
      ping: {
        ...definition,
        create: (host) => new Ping({ ...host, monotonic: () => host.wallClock() }),
      },
    }),
  ),

  /** Who was dead once stays so, however often it is heard. */
  mutant<typeof neighbour>(
    {
      name: 'ping-never-forgives',
      module: 'membership/neighbour.ts',
      caughtBy: scenario('ping'),
      withFaultsOff: 'missed',
    },
    ({ Neighbour }) => ({
      Neighbour: class extends Neighbour {
        override heard(now: number): void {
          if (this.verdict !== 'dead') super.heard(now);
        }
      },
    }),
  ),
];
