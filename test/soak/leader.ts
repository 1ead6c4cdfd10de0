import { fullMesh } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { MortalClass } from '../support/mortal-class.ts';
import { percentile } from '../support/percentile.ts';
import { get, put, putUntilOne, type Written } from '../support/store-tabs.ts';
import { CLASS } from './halves.ts';
import type { Soak } from './soak.ts';

/** As long as a class waits for a leader without asking what is wrong. */
const COMMITTED_WITHIN_MS = { p50: 1_500, p99: 4_000 };

/** Again and again the tab that leads by Raft is killed, and the time taken until a write after that is committed. */
export const leader: Soak = async ({ trials, tell }) => {
  const room = await MortalClass.open(CLASS);
  try {
    const took: number[] = [];
    let forgotten = 0;
    await put(room.students[0]!, 'trial', -1);
    for (let trial = 0; trial < trials; trial++) {
      const tabs = new ElectingTabs(room.students);
      const victim = room.ids.indexOf(await tabs.agree('raft'));
      const witness = room.students[room.places(victim)[trial % (CLASS - 1)]!]!;
      await put(witness, 'trial', trial);
      let writing: Promise<Written[]> | undefined;
      const { killedAt } = await room.kill(victim, room.places(victim), (at) => {
        writing = putUntilOne(witness, at);
      });
      const written = await writing!;
      const { endedAt } = written.at(-1)!;
      took.push(endedAt - killedAt);
      tell(`trial ${trial + 1}: a write was committed ${Math.round(endedAt - killedAt)} ms later`);
      const kept = await get(witness, 'trial');
      if (!('ok' in kept && kept.ok && kept.value === trial)) forgotten += 1;
      await room.restore(victim);
      await fullMesh(room.students);
      await room.allAlive();
    }
    const line = (share: number, atMost: number) => ({
      figure: `leader killed, a write committed: p${share * 100}`,
      value: percentile(took, share),
      unit: 'ms',
      atMost,
    });
    return [
      line(0.5, COMMITTED_WITHIN_MS.p50),
      line(0.99, COMMITTED_WITHIN_MS.p99),
      { figure: 'acknowledged writes forgotten', value: forgotten, unit: '', atMost: 0 },
    ];
  } finally {
    await room.close();
  }
};
