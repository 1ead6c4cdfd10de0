import { ElectingTabs } from '../support/electing-tabs.ts';
import { pauseForTwoLeases, writeLate } from '../support/locking-tabs.ts';
import { MortalClass } from '../support/mortal-class.ts';
import type { Soak } from './soak.ts';

const CLASS = 4;

/** Again and again a holder is paused for twice its lease, another takes the lock, and the first writes late. */
export const lock: Soak = async ({ trials, tell }) => {
  const room = await MortalClass.open(CLASS);
  try {
    const tabs = new ElectingTabs(room.students);
    await tabs.use(room.students[0]!, 'raft');
    await tabs.agree('raft');
    let landedUnchecked = 0;
    let refused = 0;
    for (let trial = 0; trial < trials; trial++) {
      const name = `lock ${trial}`;
      const [holder, other] = [trial % CLASS, (trial + 1) % CLASS];
      const { late, checked, unchecked } = await writeLate(room, holder, other, name, pauseForTwoLeases); // prettier-ignore
      const isRefused = 'ok' in late && !late.ok && late.reason === 'stale-token';
      if (isRefused && checked === 'in time') refused += 1;
      if (unchecked === 'late') landedUnchecked += 1;
      tell(`trial ${trial + 1}: ${isRefused ? late.why : 'the late write was not refused'}`);
    }
    const line = (figure: string, value: number) => ({ figure, value, unit: '', atMost: 0 });
    return [
      line('late writes that the check let pass', trials - refused),
      line('late writes that did not land unchecked', trials - landedUnchecked),
    ];
  } finally {
    await room.close();
  }
};
