import type * as overlay from '../../src/membership/overlay/overlay.ts';
import type * as partings from '../../src/membership/overlay/partings.ts';
import type * as search from '../../src/membership/overlay/search.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { islandsMeet, scenario, shrinkingViews } from './checks.ts';
import { mutant, type Mutant } from './mutant.ts';

/** In a smaller room nobody can have more links than the least view that the scenario draws allows. */
const NODES = 8;

/** Bugs of the partial view. */
export const OVERLAY_MUTANTS: readonly Mutant[] = [
  /** Who has too many links lets go of one and does not say so: the other end keeps it up. */
  mutant<typeof overlay>(
    {
      name: 'overlay-disconnects-in-silence',
      module: 'membership/overlay/overlay.ts',
      caughtBy: scenario('overlay', { nodes: NODES }),
      withFaultsOff: 'caught',
    },
    ({ Overlay, overlayOver }) => {
      class Silent extends Overlay {
        protected override say(to: NodeId, type: 'disconnect' | 'keep'): void {
          if (type === 'keep') super.say(to, type);
        }
      }
      return {
        overlayOver: (links) => ({
          ...overlayOver(links),
          create: (host) => new Silent(host, links),
        }),
      };
    },
  ),

  /** Two halves of which each has all the links that it looks for stay two for ever. */
  mutant<typeof search>(
    {
      name: 'overlay-sees-no-islands',
      module: 'membership/overlay/search.ts',
      caughtBy: islandsMeet,
      withFaultsOff: 'missed',
    },
    ({ Search }) => ({
      Search: class extends Search {
        protected override lookForIslands(): void {}
      },
    }),
  ),

  /** Who is asked does without, also where all that is behind it hangs on the link. */
  mutant<typeof partings>(
    {
      name: 'overlay-parts-without-proof',
      module: 'membership/overlay/partings.ts',
      caughtBy: shrinkingViews,
      withFaultsOff: 'caught',
    },
    ({ Partings }) => ({
      Partings: class extends Partings {
        protected override hangsOn(): boolean {
          return false;
        }
      },
    }),
  ),
];
