import type { Host, Store } from '../../src/runtime/host.ts';
import type * as sessions from '../../src/simulator/scenarios/sessions.ts';
import type * as sharedRegister from '../../src/simulator/scenarios/shared-register.ts';
import type { Json } from '../../src/vocabulary.ts';
import { scenario } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** Bugs that only clients see, and that only the linearizability checker can tell. */
export const REGISTER_MUTANTS: readonly Mutant[] = [
  /** A command that is sent again is executed again. */
  mutant<typeof sessions>(
    {
      name: 'register-executes-twice',
      module: 'simulator/scenarios/sessions.ts',
      caughtBy: scenario('register'),
      withFaultsOff: 'caught',
    },
    ({ Sessions }) => ({
      Sessions: class extends Sessions {
        override once(...[, , execute]: Parameters<sessions.Sessions['once']>) {
          return execute();
        }
      },
    }),
  ),

  /** The register is written to the disk later, from a cache: a crash finds it as it was before. */
  mutant<typeof sharedRegister>(
    {
      name: 'register-writes-behind',
      module: 'simulator/scenarios/shared-register.ts',
      caughtBy: scenario('register'),
      withFaultsOff: 'missed',
    },
    ({ SharedRegister, sharedRegister: definition }) => ({
      sharedRegister: {
        ...definition,
        create: (host) => new SharedRegister({ ...host, store: writesBehind(host) }),
      },
    }),
  ),

  /** A client takes whatever answer comes for the one that it waits for. */
  mutant<typeof sharedRegister>(
    {
      name: 'register-takes-late-answers',
      module: 'simulator/scenarios/shared-register.ts',
      caughtBy: scenario('register'),
      withFaultsOff: 'caught',
    },
    ({ SharedRegister, sharedRegister: definition }) => {
      class Trusting extends SharedRegister {
        protected override awaits(): boolean {
          return true;
        }
      }
      return { sharedRegister: { ...definition, create: (host) => new Trusting(host) } };
    },
  ),
];

/** Every write waits in memory for a moment; whoever asks is answered from there. */
function writesBehind({ store, after }: Pick<Host<never>, 'store' | 'after'>): Store {
  const cache = new Map<string, Json>();
  return {
    ...store,
    get: (key) => cache.get(key) ?? store.get(key),
    put(key, value) {
      cache.set(key, value);
      after(FLUSH_MS, () => store.put(key, cache.get(key)!));
    },
  };
}

const FLUSH_MS = 1_000;
