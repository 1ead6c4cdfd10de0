import type * as acquisition from '../../src/coordination/lock/acquisition.ts';
import type { LeaseRecord } from '../../src/coordination/lock/lease-record.ts';
import type * as lease from '../../src/coordination/lock/lease.ts';
import type * as resource from '../../src/coordination/lock/resource.ts';
import type { Host } from '../../src/runtime/host.ts';
import { scenario } from './checks.ts';
import { setBackAndCutOff } from './lock-checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** A run has elections in it. */
const lock = scenario('lock', { seeds: 60, sample: 4 });

/** Each is how a lock is often made, and what a fencing token is there for. */
export const LOCK_MUTANTS: readonly Mutant[] = [
  /** The resource takes whatever comes. */
  mutant<typeof resource>(
    {
      name: 'lock-resource-ignores-the-token',
      module: 'coordination/lock/resource.ts',
      caughtBy: lock,
      withFaultsOff: 'caught',
    },
    ({ Resource }) => ({
      Resource: class extends Resource {
        protected override isStale(): boolean {
          return false;
        }
      },
    }),
  ),

  /** The holder looks at the time of day. */
  mutant<typeof lease>(
    {
      name: 'lock-lease-on-the-wall-clock',
      module: 'coordination/lock/lease.ts',
      caughtBy: setBackAndCutOff,
      withFaultsOff: 'missed',
    },
    ({ Lease }) => ({
      Lease: class extends Lease {
        constructor(options: lease.LeaseOptions, { record }: acquisition.Gained) {
          super(options, { record, sentAt: (options.host as Host<never>).wallClock() });
        }

        protected override now(): number {
          return (this.options.host as Host<never>).wallClock();
        }
      },
    }),
  ),

  /** Whoever takes a lock away goes on with the token that was there. */
  mutant<typeof acquisition>(
    {
      name: 'lock-takes-over-the-token',
      module: 'coordination/lock/acquisition.ts',
      caughtBy: lock,
      withFaultsOff: 'caught',
    },
    ({ Acquisition }) => ({
      Acquisition: class extends Acquisition {
        protected override nextToken(from: LeaseRecord | null): number {
          return from !== null && from.holder !== null ? from.token : super.nextToken(from);
        }
      },
    }),
  ),
];
