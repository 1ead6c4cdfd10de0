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

  test('show no lasting trouble, and none with those that they are not linked to', async () => {
    for (const student of room.students) {
      const peers = await student.call('peers');
      expect(peers.some(({ link }) => link === 'closed')).toBe(true);
      expect((await student.call('self')).state).toBe('joined');
      await student.page.locator('.alarm').first().waitFor({ state: 'detached' });
    }
  });

  test('RELAY-2 are called along others by who is cut off from them, once the class relays', async () => {
    const [called, cutOff] = [1, 2];
    await room.cut(called, cutOff);
    await room.choose({ service: room.ids[called]!, callsPerSecond: 5 });
    await room.someAnswered();
    expect(await room.answers(cutOff)).toBe(0);
    await room.choose({ relay: true });
    await room.answered(cutOff);
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
