import type { MemberView } from '../../src/membership/verdict.ts';
import type { LinkState } from '../../src/wire/link-messages.ts';
import type { Member } from '../../src/wire/signaling-messages.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Link } from '../platform/link.ts';
import { troubleOf } from '../platform/trouble.ts';
import type { PeerView } from './snapshots.ts';

/**
 * Another node as this one knows it.
 *
 * @param cut nothing of this node's may leave for it
 * @param held what the membership says of it, if it ever met it
 */
export function viewPeer(
  { id, name, plugged, present }: Member,
  link: Link | undefined,
  cut: boolean,
  held: MemberView | undefined,
  nameOf: (id: NodeId) => string,
): PeerView {
  const verdict = held?.verdict ?? (present ? 'alive' : 'suspect');
  return {
    id,
    name,
    link: cut ? 'cut' : linkState(link),
    rung: link?.rung ?? 'waiting',
    path: link?.path ?? null,
    rttMs: link?.open ? (held?.rttMs ?? null) : null,
    verdict,
    state: held?.state ?? verdict,
    reason: held?.reason ?? '',
    suspectedBy: (held?.suspectedBy ?? []).map(nameOf),
    silentMs: held?.silentMs ?? null,
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
