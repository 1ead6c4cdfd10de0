import type * as Automerge from '../../src/merge/automerge/automerge-engine.ts';
import type { AutomergeLibrary } from '../../src/merge/automerge/library.ts';
import type * as madeOf from '../../src/merge/automerge/made-of.ts';
import { readFieldName } from '../../src/merge/automerge/field-name.ts';
import type * as clientOf from '../../src/merge/yjs/client-of.ts';
import type * as Yjs from '../../src/merge/yjs/yjs-engine.ts';
import { scenario, scenarioWithAutomerge } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

const onYjs = scenario('board-yjs', { sample: 8 });
const onAutomerge = scenarioWithAutomerge({ sample: 4 });

/** Bugs of how this program uses the libraries of others. */
export const LIBRARY_MUTANTS: readonly Mutant[] = [
  /** Updates are told once, and what was lost of them is never found by comparing. */
  mutant<typeof Yjs>(
    {
      name: 'yjs-trusts-the-network',
      module: 'merge/yjs/yjs-engine.ts',
      caughtBy: onYjs,
      withFaultsOff: 'missed',
    },
    ({ YjsEngine }) => ({
      YjsEngine: class extends YjsEngine {
        override missing(): readonly Uint8Array[] {
          return [];
        }
      },
    }),
  ),

  /** A node that has lost its disk goes on as the client that it was, and counts from nought again. */
  mutant<typeof clientOf>(
    {
      name: 'yjs-client-outlives-its-disk',
      module: 'merge/yjs/client-of.ts',
      caughtBy: onYjs,
      withFaultsOff: 'missed',
    },
    (original) => ({
      clientOf: ({ node }) => original.clientOf({ node, life: 1 }),
    }),
  ),

  /** What comes before the change that it depends on is thrown away, and taken for known. */
  mutant<typeof Automerge>(
    {
      name: 'automerge-forgets-what-waits',
      module: 'merge/automerge/automerge-engine.ts',
      caughtBy: onAutomerge,
      withFaultsOff: 'missed',
    },
    ({ AutomergeEngine }) => ({
      AutomergeEngine: class extends AutomergeEngine {
        constructor(
          world: ConstructorParameters<typeof AutomergeEngine>[0],
          automerge: AutomergeLibrary,
        ) {
          super(world, forgetful(automerge));
        }
      },
    }),
  ),

  /** Of concurrent values only the one that is shown counts as being on the board. */
  mutant<typeof madeOf>(
    {
      name: 'automerge-forgets-its-conflicts',
      module: 'merge/automerge/made-of.ts',
      caughtBy: onAutomerge,
      withFaultsOff: 'caught',
    },
    (original) => ({
      atomsIn: (automerge, doc, written, name) => {
        const atoms = original.atomsIn(automerge, doc, written, name);
        return readFieldName(name).kind === 'value' ? atoms.slice(0, 1) : atoms;
      },
    }),
  ),
];

function forgetful(automerge: AutomergeLibrary): AutomergeLibrary {
  return {
    ...automerge,
    applyChanges: (doc, changes) => {
      const fits = (change: Uint8Array) =>
        automerge.hasHeads(doc, automerge.decodeChange(change).deps);
      return automerge.applyChanges(doc, changes.filter(fits));
    },
  };
}
