import { percentile } from '../support/percentile.ts';
import { openHalves } from './halves.ts';
import type { Soak } from './soak.ts';

const SUSPENDED_MS = 3_000;

/** Again and again one tab's process is stopped for three seconds, and goes on. */
export const suspend: Soak = async (options) => {
  const { room, matesOf } = await openHalves(options);
  try {
    const suspectedAfter: number[] = [];
    let unsuspected = 0;
    let buried = 0;
    for (let trial = 0; trial < options.trials; trial++) {
      const victim = trial % room.ids.length;
      const mates = matesOf(victim);
      const stoppedAt = Date.now();
      const judgements = await room.freeze(victim, SUSPENDED_MS, mates);
      const suspicions = mates.flatMap(
        (place) =>
          judgements.find(
            ({ observer, peer, verdict }) =>
              observer === room.ids[place] && peer === room.ids[victim] && verdict === 'suspect',
          ) ?? [],
      );
      suspectedAfter.push(...suspicions.map(({ at }) => at - stoppedAt));
      unsuspected += mates.length - suspicions.length;
      buried += judgements.filter(({ verdict }) => verdict === 'dead').length;
      options.tell(
        `trial ${trial + 1}: suspect for ${suspicions.length} of ${mates.length} others, and alive again for all`,
      );
    }
    return [
      {
        figure: 'stopped, suspect for one other: p50',
        value: percentile(suspectedAfter, 0.5),
        unit: 'ms',
        atMost: null,
      },
      {
        figure: 'stopped, suspect for one other: p99',
        value: percentile(suspectedAfter, 0.99),
        unit: 'ms',
        atMost: SUSPENDED_MS,
      },
      { figure: 'others that never suspected it', value: unsuspected, unit: '', atMost: 0 },
      { figure: 'verdicts of death', value: buried, unit: '', atMost: 0 },
    ];
  } finally {
    await room.close();
  }
};
