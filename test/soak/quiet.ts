import { openHalves } from './halves.ts';
import type { Soak } from './soak.ts';

const MINUTE_MS = 60_000;

/** Nothing is done to anybody. Every verdict of every tab counts, however soon it was taken back. */
export const quiet: Soak = async (options) => {
  const { room } = await openHalves(options);
  try {
    let suspicions = 0;
    let deaths = 0;
    for (let minute = 1; minute <= options.minutes; minute++) {
      const found = await room.quiet(MINUTE_MS);
      for (const { observer, peer, verdict, reason } of found)
        options.tell(`${observer} holds ${peer} for ${verdict}: ${reason}`);
      deaths += found.filter(({ verdict }) => verdict === 'dead').length;
      suspicions += found.filter(({ verdict }) => verdict === 'suspect').length;
      options.tell(`minute ${minute} of ${options.minutes}`);
    }
    return [
      { figure: 'quiet minutes', value: options.minutes, unit: '', atMost: null },
      { figure: 'suspicions, by all of all', value: suspicions, unit: '', atMost: 0 },
      { figure: 'verdicts of death', value: deaths, unit: '', atMost: 0 },
    ];
  } finally {
    await room.close();
  }
};
