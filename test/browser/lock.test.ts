import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { LEASE_MS, pauseForTwoLeases, writeLate, type LateWrite } from '../support/locking-tabs.ts';
import { MortalClass } from '../support/mortal-class.ts';
import { rendererOf } from '../support/renderer.ts';

/** Real tabs, whose log grants a lock. */
describe('four tabs and a lock', () => {
  let room: MortalClass;

  beforeAll(async () => {
    room = await MortalClass.open(4);
    const tabs = new ElectingTabs(room.students);
    await tabs.use(room.students[3]!, 'raft');
    await tabs.agree('raft');
  }, 180_000);
  afterAll(() => room?.close());

  /** The late write lands where nobody looks at tokens, and nowhere else. */
  function showsFencing({ first, second, inTime, late, checked, unchecked }: LateWrite): void {
    expect([first, second]).toEqual([{ ok: true, token: 1 }, { ok: true, token: 2 }]); // prettier-ignore
    expect(inTime).toEqual({ ok: true, token: 2, newest: 2, unchecked: { ok: true } });
    expect(late).toEqual({
      ok: false,
      reason: 'stale-token',
      why: 'Token 1 is stale: the resource has seen token 2.',
      token: 1,
      newest: 2,
      unchecked: { ok: true },
    });
    expect([checked, unchecked]).toEqual(['in time', 'late']);
  }

  test.each([0, 1, 2])(
    'LOCK-9 the holder is paused for twice its lease: its late write is refused with both numbers (%s)',
    async (trial) => {
      showsFencing(
        await writeLate(room, trial, (trial + 1) % 4, `lock ${trial}`, pauseForTwoLeases),
      );
    },
    120_000,
  );

  test('LOCK-6 the holder’s process is stopped for twice its lease: the same', async () => {
    const late = await writeLate(room, 1, 2, 'suspended', async ({ page }) => {
      const renderer = await rendererOf(page);
      renderer.freeze();
      try {
        await delay(2 * LEASE_MS);
      } finally {
        renderer.thaw();
      }
    });
    showsFencing(late);
  }, 120_000);

  test('no page complained', () => {
    expect(room.students.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
