import { MS_A_DAY_PER_PPM } from '../../src/clocks/drift-meter.ts';
import type { OtherClockView } from '../session/snapshots.ts';
import { duration } from './words.ts';

/** '12 ms ahead, ± 3 ms'; what is smaller than its error is no difference that anybody could see. */
export function offsetWords({ offset }: OtherClockView): string {
  if (offset === null) return 'not measured yet';
  const { ms, errorMs } = offset;
  const error = `± ${duration(errorMs)}`;
  if (Math.abs(ms) <= errorMs) return `same as mine, ${error}`;
  return `${duration(Math.abs(ms))} ${ms > 0 ? 'ahead' : 'behind'}, ${error}`;
}

/** 'gains 0.3 s a day: 4.0 ± 1.2 ppm'. */
export function driftWords({ offset, drift, asAssumed }: OtherClockView): string {
  if (offset === null) return '';
  if (drift === null) return 'drift not known yet';
  const { ppm, errorPpm } = drift;
  if (Math.abs(ppm) <= errorPpm) return `no drift seen, ± ${parts(errorPpm)} ppm`;
  const perDay = duration(Math.abs(ppm) * MS_A_DAY_PER_PPM);
  const said = `${ppm > 0 ? 'gains' : 'loses'} ${perDay} a day: ${parts(Math.abs(ppm))} ± ${parts(errorPpm)} ppm`;
  return asAssumed ? said : `${said}, more than a good clock`;
}

function parts(ppm: number): string {
  return ppm < 10 ? ppm.toFixed(1) : String(Math.round(ppm));
}
