import type { Milliseconds } from '../../src/vocabulary.ts';
import type { StudentSnapshot } from '../session/snapshots.ts';
import { isPartialView } from '../views/partial-view.ts';
import { named } from '../views/words.ts';

/** What a node says of itself: one plain sentence, and one of alarm when there is cause. */
export interface AboutMe {
  readonly plain: string;
  readonly alarm: string | null;
}

export function aboutMe(snapshot: StudentSnapshot): AboutMe {
  const { self, peers, room, orders, choices } = snapshot;
  const partial = isPartialView(peers.length + 1, choices);
  switch (self.state) {
    case 'unplugged':
      return {
        plain: orders.unplugged
          ? 'My plug is pulled by the teacher. Nobody hears me.'
          : 'I am unplugged. Nobody hears me.',
        alarm: null,
      };
    case 'paused':
      return {
        plain: `${orders.struck ? 'Your teacher has paused me.' : 'I am paused.'} I hear nothing and do nothing until I go on${inSeconds(self.pausedForMs)}.`,
        alarm: null,
      };
    case 'crashed':
      return {
        plain: `${orders.struck ? 'Your teacher has crashed me' : 'I have crashed'}${
          snapshot.diskTrouble === null
            ? '. Only what I had stored is left. Restart me, and I go on with that.'
            : ', and nothing was stored. Restart me, and I begin with nothing.'
        }`,
        alarm: null,
      };
    case 'joining':
    case 'joined':
    case 'isolated':
      break;
  }
  if (peers.length === 0) {
    const share = room === null ? 'the code' : `the code ${room.code}`;
    return {
      plain: `Nobody else is here yet: open a second tab or share ${share}.`,
      alarm: null,
    };
  }
  const open = peers.filter((peer) => peer.link === 'open').length;
  const linked = `Linked to ${open} of ${peers.length}${
    partial && open > 0 && open < peers.length ? ', and through them to the others' : ''
  }.`;
  if (self.state === 'isolated' && peers.every(({ link, plugged }) => link === 'cut' || !plugged))
    return { plain: linked, alarm: 'I reach nobody.' };
  if (self.state === 'isolated')
    return {
      plain: `${linked} I keep trying. Check that this device is still in the Wi-Fi.`,
      alarm: 'I reach nobody.',
    };
  const connecting = peers.filter((peer) => peer.link === 'connecting').map((peer) => peer.name);
  const lost = partial ? [] : peers.filter((peer) => peer.plugged && peer.link === 'closed');
  return {
    plain: connecting.length === 0 ? linked : `${linked} Connecting to ${named(connecting)}.`,
    alarm: lost.length === 0 ? null : `I cannot reach ${named(lost.map((peer) => peer.name))}.`,
  };
}

function inSeconds(ms: Milliseconds | null): string {
  if (ms === null) return '';
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 120 ? `, in ${seconds} s` : `, in ${Math.ceil(seconds / 60)} minutes`;
}
