import type * as boardStore from '../../src/merge/board-store.ts';
import type * as observedRemoveSet from '../../src/merge/crdt/observed-remove-set.ts';
import type * as run from '../../src/merge/crdt/run.ts';
import type * as intentLog from '../../src/merge/intent-log.ts';
import type * as record from '../../src/merge/ledger/record.ts';
import type * as lww from '../../src/merge/lww/lww.ts';
import type * as stamp from '../../src/merge/lww/stamp.ts';
import { decodeBody } from '../../src/wire/body.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Each run takes a quarter of a second: every edit goes to four engines, and to an oracle. */
const onTheBoard = scenario('board', { sample: 8 });

/** Bugs of merge rules, of the board beneath them, and of the ledger that judges them. */
export const MERGE_MUTANTS: readonly Mutant[] = [
  /** Of two writes at the same time the one that came last stays: another one at each replica. */
  mutant<typeof stamp>(
    {
      name: 'lww-breaks-ties-by-arrival',
      module: 'merge/lww/stamp.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'caught',
    },
    ({ compareStamps }) => ({
      compareStamps: (a, b) => (a.time.physical === b.time.physical ? 0 : compareStamps(a, b)),
    }),
  ),

  /** What another lacks is told without the removals: what was removed elsewhere comes back. */
  mutant<typeof lww>(
    {
      name: 'digest-forgets-removals',
      module: 'merge/lww/lww.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'missed',
    },
    ({ LastWriteWins }) => ({
      LastWriteWins: class extends LastWriteWins {
        override missing(digest: Uint8Array) {
          return super.missing(digest)?.filter((operation) => !isRemoval(operation)) ?? null;
        }
      },
    }),
  ),

  /** Who removes an item takes away all its additions, and not only those that the author saw. */
  mutant<typeof observedRemoveSet>(
    {
      name: 'set-removes-what-was-not-seen',
      module: 'merge/crdt/observed-remove-set.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'caught',
    },
    ({ ObservedRemoveSet }) => ({
      ObservedRemoveSet: class extends ObservedRemoveSet {
        override remove(removal: observedRemoveSet.Removal): void {
          super.remove({ ...removal, additions: this.additionsOf(removal.item) });
        }
      },
    }),
  ),

  /** What two people typed at one place at the same time stands as it came. */
  mutant<typeof run>(
    {
      name: 'sequence-without-a-tie-break',
      module: 'merge/crdt/run.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'caught',
    },
    ({ compareIds }) => ({
      compareIds: (a, b) => (a.author.node === b.author.node ? compareIds(a, b) : -1),
    }),
  ),

  /** A board is in memory alone. */
  mutant<typeof boardStore>(
    {
      name: 'board-forgets-with-its-life',
      module: 'merge/board-store.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'missed',
    },
    ({ BoardStore }) => ({
      BoardStore: class extends BoardStore {
        override keep(): void {}
      },
    }),
  ),

  /** Answers are taken before the questions: what an author had seen may still be on its way. */
  mutant<typeof intentLog>(
    {
      name: 'board-takes-answers-first',
      module: 'merge/intent-log.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'missed',
    },
    ({ IntentLog }) => ({
      IntentLog: class extends IntentLog {
        override judge(told: Parameters<intentLog.IntentLog['judge']>[0]) {
          return super.judge({ ...told, news: [] });
        }
      },
    }),
  ),

  /** The ledger counts what an author's board showed: a write that a slow clock hid at once is not missed. */
  mutant<typeof record>(
    {
      name: 'ledger-misses-what-was-hidden',
      module: 'merge/ledger/record.ts',
      caughtBy: onTheBoard,
      withFaultsOff: 'missed',
    },
    ({ effectOf }) => ({
      effectOf: (...args) => {
        const effect = effectOf(...args);
        return effect.shown ? effect : { ...effect, made: 0 };
      },
    }),
  ),
];

function isRemoval(operation: Uint8Array): boolean {
  const body = decodeBody(operation);
  const content = (body as { value: readonly unknown[] }).value.at(-1);
  return (content as { deed: { do: string } }).deed.do === 'remove';
}
