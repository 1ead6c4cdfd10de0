import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PartialClass } from '../support/partial-class.ts';

/** As small as shows it: `npm run soak -- third` does the same with a class of thirty. */
const TABS = 12;
const ACTIVE_VIEW = 4;
const KILLED = 4;

/** Who has been killed is out of everybody's way, and whoever it leaves alone has found others. */
const ONE_AGAIN_MS = 10_000;

describe(`${TABS} tabs that keep ${ACTIVE_VIEW} neighbours each`, () => {
  let room: PartialClass;

  beforeAll(async () => {
    room = await PartialClass.open(TABS, ACTIVE_VIEW);
  }, 120_000);
  afterAll(() => room?.close());

  test('OVERLAY-2 become one mesh, in which each has its share of links', async () => {
    const links = [...(await room.settled()).values()].reduce((sum, { length }) => sum + length, 0);
    expect(links).toBeLessThan(TABS * (TABS - 1));
  });

  test('hear what one of them says, all of them', async () => {
    await room.hear({ hello: 'class' });
  });

  test('show no trouble with those that they are not linked to', async () => {
    for (const student of room.students) {
      const peers = await student.call('peers');
      expect(peers.some(({ link }) => link === 'closed')).toBe(true);
      expect((await student.call('self')).state).toBe('joined');
      expect(await student.page.locator('.alarm').count()).toBe(0);
    }
  });

  test('RELAY-2 call one of them, and who is not linked to it calls along others', async () => {
    const place = 0;
    const near = (await room.graph()).get(place)!;
    const far = [...room.students.keys()].filter(
      (other) => other !== place && !near.includes(other),
    );
    expect(far.length).toBeGreaterThan(0);
    await room.choose({ service: room.ids[place]!, callsPerSecond: 5 });
    await room.answered(near);
    for (const other of far) expect(await room.answers(other)).toBe(0);
    await room.choose({ relay: true });
    await room.answered(far);
    await room.choose({ service: null, relay: false });
  });

  test('OVERLAY-11 of which a third is killed at once, are one mesh within 10 s', async () => {
    await room.kill([0, 3, 6, 9].slice(0, KILLED));
    await room.oneWithin(ONE_AGAIN_MS);
    await room.hear('who is left?');
    await room.settled();
  });

  test('complain of nothing', () => {
    expect(room.students.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
