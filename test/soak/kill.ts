import { percentile } from '../support/percentile.ts';
import { openHalves } from './halves.ts';
import type { Soak } from './soak.ts';

/** WebRTC itself takes 5 s to notice a killed tab and 15 s to give it up. */
const DEAD_WITHIN_MS = 1_500;

/** Again and again one tab's process is killed, and the time taken until all others hold it for dead. */
export const kill: Soak = async (options) => {
  const { room, matesOf } = await openHalves(options);
  try {
    const latest: number[] = [];
    let wronglyBuried = 0;
    for (let trial = 0; trial < options.trials; trial++) {
      const victim = trial % room.ids.length;
      const mates = matesOf(victim);
      const { latestMs, judgements } = await room.kill(victim, mates);
      latest.push(latestMs);
      wronglyBuried += judgements.filter(
        ({ peer, verdict }) => verdict === 'dead' && peer !== room.ids[victim],
      ).length;
      options.tell(
        `trial ${trial + 1}: dead for all ${mates.length} others after ${Math.round(latestMs)} ms`,
      );
      await room.restore(victim);
      await room.allAlive([victim, ...mates]);
    }
    const ms = { unit: 'ms' };
    return [
      {
        figure: 'killed, dead for all others: p50',
        value: percentile(latest, 0.5),
        ...ms,
        atMost: null,
      },
      {
        figure: 'killed, dead for all others: p99',
        value: percentile(latest, 0.99),
        ...ms,
        atMost: DEAD_WITHIN_MS,
      },
      { figure: 'living nodes held for dead', value: wronglyBuried, unit: '', atMost: 0 },
    ];
  } finally {
    await room.close();
  }
};
