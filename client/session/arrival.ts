import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { PeerView, Phase, ServerView } from './snapshots.ts';

/**
 * Drawing a page costs as much as opening several links, so the node goes first and a few words must
 * do until its links stand: a blink on an ordinary machine, seconds on an old laptop with a dozen
 * tabs that all join at once.
 */

/** Often enough for a person, seldom enough for a laptop full of tabs. */
const LOOK_EVERY_MS: Milliseconds = 100;

/** Every word that changes is a frame to paint. */
const TELL_EVERY_MS: Milliseconds = 1_000;

/** All known links are open, and for so long nobody else has turned up. */
const STILL_MS: Milliseconds = 300;

/** No link has climbed a rung for so long: time to see which one is stuck, and why. */
const STUCK_MS: Milliseconds = 2_500;

/** However it goes on. */
const LONGEST_MS: Milliseconds = 10_000;

/** What is asked of a participant. */
interface Arriving {
  readonly attendance: { readonly phase: Phase; readonly server: ServerView };
  peers(): readonly Pick<PeerView, 'link'>[];
  subscribe(listener: () => void): Cancel;
}

/**
 * Waits until it is the page's turn.
 *
 * @param tell hears now and then how many links are open, of how many
 */
export function arrive(
  participant: Arriving,
  tell: (open: number, of: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  let changedAt = startedAt;
  let toldAt = startedAt;
  const unsubscribe = participant.subscribe(() => (changedAt = performance.now()));
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      const links = participant.peers().map(({ link }) => link);
      const stand = links.every((link) => link !== 'connecting');
      const still = now - changedAt >= (stand ? STILL_MS : STUCK_MS);
      const inside = participant.attendance.phase.at === 'inside';
      if (hasWord(participant) || (inside && still) || now - startedAt >= LONGEST_MS) {
        clearInterval(timer);
        unsubscribe();
        resolve();
      } else if (links.length > 0 && now - toldAt >= TELL_EVERY_MS) {
        toldAt = now;
        tell(links.filter((link) => link === 'open').length, links.length);
      }
    }, LOOK_EVERY_MS);
  });
}

/** Only the page can say why this tab is not in its room. */
function hasWord({ attendance: { phase, server } }: Arriving): boolean {
  return phase.at === 'entering' ? server === 'gone' : phase.at !== 'inside';
}
