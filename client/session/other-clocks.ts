import { ASSUMED_DRIFT_PPM } from '../../src/clocks/drift-bound.ts';
import type { TimeSync } from '../../src/timesync/time-sync.ts';
import type { ClockView } from '../../src/timesync/views.ts';
import type { OtherClockView, PeerView } from './snapshots.ts';

/** @param timeSync null while no node lives in this tab */
export function otherClocks(
  peers: readonly PeerView[],
  timeSync: TimeSync | null,
): OtherClockView[] {
  const linked = timeSync === null ? [] : peers.filter(({ link }) => link === 'open');
  return linked.map(({ id, name }) => {
    const wall = timeSync?.view(id)?.wall;
    if (wall === undefined) return { id, name, offset: null, drift: null, asAssumed: true };
    const { offsetMs: ms, errorMs, asAssumed } = wall;
    return { id, name, offset: { ms, errorMs }, drift: knownDrift(wall), asAssumed };
  });
}

/** Worth saying if it is surer than what is assumed of every clock, or certainly not zero. */
function knownDrift({
  driftPpm: ppm,
  driftErrorPpm: errorPpm,
}: ClockView): OtherClockView['drift'] {
  if (ppm === null || errorPpm === null) return null;
  return errorPpm < ASSUMED_DRIFT_PPM || Math.abs(ppm) > errorPpm ? { ppm, errorPpm } : null;
}
