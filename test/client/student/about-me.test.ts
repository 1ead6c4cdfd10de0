import { describe, expect, it } from 'vitest';
import { aboutMe } from '../../../client/student/about-me.ts';
import type { StudentSnapshot } from '../../../client/session/snapshots.ts';
import { STUDENTS } from '../../browser/gallery/student-fixtures.ts';

const say = (state: string) => aboutMe(STUDENTS.get(state)!);

describe('what a node says of itself', () => {
  it.each([
    ['joined', 'Linked to 5 of 5.', null],
    ['unplugged', 'I am unplugged. Nobody hears me.', null],
    ['paused', 'I am paused. I hear nothing and do nothing until I go on, in 3 s.', null],
    [
      'crashed',
      'I have crashed. Only what I had stored is left. Restart me, and I go on with that.',
      null,
    ],
    [
      'crashed-without-disk',
      'I have crashed, and nothing was stored. Restart me, and I begin with nothing.',
      null,
    ],
    ['pulled-by-teacher', 'My plug is pulled by the teacher. Nobody hears me.', null],
    [
      'paused-by-teacher',
      'Your teacher has paused me. I hear nothing and do nothing until I go on, in 3 s.',
      null,
    ],
    [
      'crashed-by-teacher',
      'Your teacher has crashed me. Only what I had stored is left. Restart me, and I go on with that.',
      null,
    ],
    ['cut-three', 'Linked to 2 of 5.', null],
    ['cut-off', 'Linked to 0 of 5.', 'I reach nobody.'],
    ['alone', 'Nobody else is here yet: open a second tab or share the code K7MHTA.', null],
    ['ladder', 'Linked to 4 of 8. Connecting to Ibex, Tern and Otter.', null],
  ])('%s: %s', (state, plain, alarm) => {
    expect(say(state)).toEqual({ plain, alarm });
  });

  it('with a few neighbours of many it is linked well, and reaches the others through them', () => {
    expect(say('partial')).toEqual({
      plain: 'Linked to 7 of 29, and through them to the others.',
      alarm: null,
    });
  });

  it('isolated: raises the alarm and says what to do', () => {
    expect(say('isolated').alarm).toBe('I reach nobody.');
    expect(say('isolated').plain).toMatch(/Check that this device is still in the Wi-Fi/);
  });

  it('names those that it cannot reach, but not those that pulled their own plug', () => {
    const joined = STUDENTS.get('joined')!;
    const snapshot: StudentSnapshot = {
      ...joined,
      peers: joined.peers.map((peer, i) =>
        i < 2 ? { ...peer, link: 'closed', plugged: i === 0 } : peer,
      ),
    };
    expect(aboutMe(snapshot).alarm).toBe(`I cannot reach ${joined.peers[0]!.name}.`);
  });
});
