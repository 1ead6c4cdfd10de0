import type * as copies from '../../src/coordination/quorum/copies.ts';
import type * as handoff from '../../src/coordination/quorum/handoff.ts';
import type * as needs from '../../src/coordination/quorum/needs.ts';
import type * as read from '../../src/coordination/quorum/read.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

const quorum = scenario('quorum', { seeds: 200, sample: 10 });

/** Each is a way in which copies that are many stop being one. */
export const QUORUM_MUTANTS: readonly Mutant[] = [
  /** A hint is given to somebody for whom it was not kept. */
  mutant<typeof handoff>(
    {
      name: 'quorum-hint-to-the-wrong-node',
      module: 'coordination/quorum/handoff.ts',
      caughtBy: quorum,
      withFaultsOff: 'missed',
    },
    ({ Handoff }) => ({
      Handoff: class extends Handoff {
        protected override recipientOf(hint: copies.Hint) {
          const others = this.options.copies.all().filter(({ home }) => home !== hint.home);
          return others[0]?.home ?? hint.home;
        }
      },
    }),
  ),

  /** What a read gives to those that are behind is a write of its own. */
  mutant<typeof read>(
    {
      name: 'quorum-repair-as-a-new-write',
      module: 'coordination/quorum/read.ts',
      caughtBy: quorum,
      withFaultsOff: 'caught',
    },
    ({ Read }) => ({
      Read: class extends Read {
        protected override heldToMend({ value }: ReturnType<copies.Copies['of']>) {
          return { version: this.desk.nextVersion(), value };
        }
      },
    }),
  ),

  /** A copy takes whatever comes last. */
  mutant<typeof copies>(
    {
      name: 'quorum-copy-takes-what-is-older',
      module: 'coordination/quorum/copies.ts',
      caughtBy: quorum,
      withFaultsOff: 'caught',
    },
    ({ Copies }) => ({
      Copies: class extends Copies {
        override take(...[home, key, held]: Parameters<copies.Copies['take']>) {
          const before = this.of(home, key);
          if (before.version !== null) this.drop({ home, key, held: before });
          return super.take(home, key, held);
        }
      },
    }),
  ),

  /** A write whose copies need not meet those of the last one asks nobody what there is. */
  mutant<typeof needs>(
    {
      name: 'quorum-writes-blindly',
      module: 'coordination/quorum/needs.ts',
      caughtBy: quorum,
      withFaultsOff: 'caught',
    },
    () => ({ versionsBeforeWrite: () => 0 }),
  ),
];
