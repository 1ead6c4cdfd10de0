import type { StateMachine } from '../../src/election/consensus.ts';
import type * as machine from '../../src/election/kv/machine.ts';
import type * as ballot from '../../src/election/raft/ballot.ts';
import type * as config from '../../src/election/raft/config.ts';
import type { Entry } from '../../src/election/raft/entry.ts';
import type * as following from '../../src/election/raft/following.ts';
import type * as leadership from '../../src/election/raft/leadership.ts';
import type * as log from '../../src/election/raft/log.ts';
import type { MemberId } from '../../src/election/raft/member.ts';
import type { Peer } from '../../src/election/raft/peer.ts';
import type { Json } from '../../src/vocabulary.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';
import {
  olderTermReplaced,
  partedInHalves,
  readAtADeposedLeader,
  voteOverACrash,
} from './raft-checks.ts';

/** A run is long and full of events. */
const raft = scenario('raft', { seeds: 20, sample: 2 });

/** What is private to a class, for whoever breaks it. */
type Insides<Shape> = { prototype: Shape };

function insides<Shape>(ofClass: unknown): Shape {
  return (ofClass as Insides<Shape>).prototype;
}

/** Each breaks one rule of the paper's that keeps a group safe. */
export const RAFT_MUTANTS: readonly Mutant[] = [
  /** A vote is remembered until the crash. */
  mutant<typeof ballot>(
    {
      name: 'raft-vote-in-memory',
      module: 'election/raft/ballot.ts',
      caughtBy: voteOverACrash,
      withFaultsOff: 'missed',
    },
    ({ Ballot }) => ({
      Ballot: class extends Ballot {
        override voteFor(vote: MemberId): void {
          (this as unknown as { current: object }).current = { term: this.term, vote };
        }
      },
    }),
  ),

  /** An entry of an older term counts as committed once a majority has it. */
  mutant<typeof leadership>(
    {
      name: 'raft-commits-older-terms',
      module: 'election/raft/leadership.ts',
      caughtBy: olderTermReplaced,
      withFaultsOff: 'missed',
    },
    ({ Leadership }) => {
      interface Shape {
        readonly peer: Peer;
        readonly options: { readonly committed: (index: number) => void };
        commit(): void;
      }
      const shape = insides<Shape>(Leadership);
      const { commit } = shape;
      shape.commit = function (this: Shape) {
        const { peer } = this;
        const { log } = peer;
        const termAt = () => peer.ballot.term;
        const blind = Object.create(log, { termAt: { value: termAt } }) as Peer['log'];
        const view = Object.create(peer, { log: { value: blind } }) as Peer;
        commit.call(Object.create(this, { peer: { value: view } }) as Shape);
      };
      return { Leadership };
    },
  ),

  /** Whoever asks first gets the vote, however little it has. */
  mutant<typeof log>(
    {
      name: 'raft-votes-for-any-log',
      module: 'election/raft/log.ts',
      caughtBy: raft,
      withFaultsOff: 'missed',
    },
    ({ Log }) => ({
      Log: class extends Log {
        override isNoNewerThan(): boolean {
          return true;
        }
      },
    }),
  ),

  /** A follower takes away all that follows the place of a message, whenever that was sent. */
  mutant<typeof following>(
    {
      name: 'raft-truncates-for-old-messages',
      module: 'election/raft/following.ts',
      caughtBy: raft,
      withFaultsOff: 'caught',
    },
    ({ Following }) => {
      interface Shape {
        readonly peer: Peer;
        readonly options: { readonly taken: (first: number) => void };
        take(entries: readonly Entry[], first: number): void;
      }
      insides<Shape>(Following).take = function (this: Shape, entries, first) {
        const { log } = this.peer;
        if (entries.length === 0) return;
        if (first <= log.lastIndex) log.truncate(first);
        for (const entry of entries) log.append(entry);
        this.options.taken(first);
      };
      return { Following };
    },
  ),

  /** Half of the voters are enough. */
  mutant<typeof config>(
    {
      name: 'raft-half-is-a-majority',
      module: 'election/raft/config.ts',
      caughtBy: partedInHalves,
      withFaultsOff: 'missed',
    },
    () => ({
      hasMajority: ({ voters }, has) => voters.filter(has).length >= Math.ceil(voters.length / 2),
      majorityReached: ({ voters }, reached) =>
        voters.map(reached).sort((a, b) => b - a)[Math.ceil(voters.length / 2) - 1] ?? 0,
    }),
  ),

  /** Who leads answers reads at once, without asking whether it still does. */
  mutant<typeof leadership>(
    {
      name: 'raft-reads-unconfirmed',
      module: 'election/raft/leadership.ts',
      caughtBy: readAtADeposedLeader,
      withFaultsOff: 'missed',
    },
    ({ Leadership }) => ({
      Leadership: class extends Leadership {
        override read(onEnd: (ok: boolean) => void): void {
          onEnd(true);
        }
      },
    }),
  ),

  /** Who gets a snapshot knows what was done, and not by whom: a deed that comes again acts again. */
  mutant<typeof machine>(
    {
      name: 'kv-snapshot-without-sessions',
      module: 'election/kv/machine.ts',
      caughtBy: raft,
      withFaultsOff: 'caught',
    },
    ({ KeyValueMachine }) => ({
      KeyValueMachine: class extends KeyValueMachine implements StateMachine {
        override snapshot(): Json {
          return { ...(super.snapshot() as object), sessions: [] };
        }
      },
    }),
  ),
];
