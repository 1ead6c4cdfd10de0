import { lostInSilence, refusedInAll } from '../../src/network/link-counts.ts';
import type { RuledTransport } from '../../src/network/ruled-transport.ts';
import type { NodeState, Report } from '../../src/wire/link-messages.ts';
import type { PeerView } from './snapshots.ts';

/** What a node says of itself and its links to those who look from above. */
export function reportOf(
  state: NodeState,
  peers: readonly PeerView[],
  transport: Pick<RuledTransport, 'version' | 'queuedBytes' | 'counts'>,
): Report {
  const links = peers.map(({ id, link, rung, path, rttMs }) => {
    const counts = transport.counts(id);
    return {
      id,
      link,
      rung,
      path,
      rttMs,
      queuedBytes: transport.queuedBytes(id),
      lost: lostInSilence(counts),
      overflowed: counts.overflowed,
      refused: refusedInAll(counts),
    };
  });
  const beliefs = peers.map(({ id, verdict }) => ({ id, verdict }));
  return { type: 'report', state, network: transport.version, links, beliefs };
}
