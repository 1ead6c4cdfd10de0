import type { NeighbourView } from '../../src/membership/ping.ts';
import type { LinkState } from '../../src/wire/link-messages.ts';
import type { Member } from '../../src/wire/signaling-messages.ts';
import type { Link } from '../platform/link.ts';
import { troubleOf } from '../platform/trouble.ts';
import type { PeerView } from './snapshots.ts';

/**
 * Another node as this one knows it.
 *
 * @param cut nothing of this node's may leave for it
 * @param heard what its failure detector says, if it ever met it
 */
export function viewPeer(
  { id, name, plugged, present }: Member,
  link: Link | undefined,
  cut: boolean,
  heard: NeighbourView | undefined,
): PeerView {
  return {
    id,
    name,
    link: cut ? 'cut' : linkState(link),
    rung: link?.rung ?? 'waiting',
    path: link?.path ?? null,
    rttMs: link?.open ? (heard?.rttMs ?? null) : null,
    verdict: heard?.verdict ?? (present ? 'alive' : 'suspect'),
    silentMs: heard?.silentMs ?? null,
    plugged,
    trouble: link ? troubleOf(link, name) : null,
  };
}

function linkState(link: Link | undefined): LinkState {
  switch (link?.phase) {
    case 'open':
      return 'open';
    case 'connecting':
      return 'connecting';
    case 'expecting':
    case 'resting':
      return link.failures === 0 ? 'connecting' : 'closed';
    case 'idle':
    case undefined:
      return 'closed';
  }
}
