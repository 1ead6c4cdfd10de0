import { PartialClass } from '../support/partial-class.ts';
import type { Soak } from './soak.ts';

/** A whole class, in which a full mesh would be 29 links a tab. */
const TABS = 30;
const ACTIVE_VIEW = 6;
const KILLED = 10;

const ONE_AGAIN_MS = 10_000;

/** In a class whose tabs keep six neighbours each, ten of thirty are killed at once. */
export const third: Soak = async (options) => {
  const room = await PartialClass.open(TABS, ACTIVE_VIEW);
  try {
    const links = [...(await room.settled()).values()].map(({ length }) => length);
    options.tell(
      `${TABS} tabs are one mesh of ${Math.min(...links)} to ${Math.max(...links)} links`,
    );
    const hearMs = await took(() => room.hear('all of you'));
    options.tell('a broadcast has reached all');
    const first = Math.floor(Math.random() * TABS);
    const places = Array.from({ length: KILLED }, (_, i) => (first + 3 * i) % TABS);
    await room.kill(places);
    const oneMs = await room.oneWithin(6 * ONE_AGAIN_MS);
    options.tell(`${KILLED} were killed, and the others are one mesh`);
    const hearAgainMs = await took(() => room.hear('who is left?'));
    const settledMs = await took(() => room.settled());
    return [
      { figure: 'links of a tab, at most', value: Math.max(...links), unit: '', atMost: ACTIVE_VIEW + 2 }, // prettier-ignore
      { figure: 'a broadcast heard by all', value: hearMs, unit: 'ms', atMost: null },
      { figure: 'one mesh after a third was killed', value: oneMs, unit: 'ms', atMost: ONE_AGAIN_MS }, // prettier-ignore
      { figure: 'a broadcast then heard by all', value: hearAgainMs, unit: 'ms', atMost: null },
      { figure: 'until all have their share of links', value: settledMs, unit: 'ms', atMost: null },
    ];
  } finally {
    await room.close();
  }
};

async function took(act: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await act();
  return performance.now() - since;
}
