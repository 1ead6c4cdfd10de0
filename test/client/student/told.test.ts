import { expect, test } from 'vitest';
import { toldOf } from '../../../client/student/told.ts';
import { STUDENTS } from '../../browser/gallery/student-fixtures.ts';

test.each([
  ['joined', []],
  ['cut-one', ['Your teacher has cut my link to Lynx.']],
  ['cut-three', ['Your teacher has cut 3 of my links.']],
  ['clock-ahead', ['My clock is 5 s ahead because the teacher set it so.']],
  ['crashed-by-teacher', ['My clock is 90 s behind because the teacher set it so.']],
  [
    'burdened',
    [
      'Your teacher has cut 6 of my links.',
      'My clock is 5 s ahead and runs 2 % slow because the teacher set it so.',
      'Your teacher has made me slow: I need 250 ms for each message.',
      'Your teacher lets 30 % of what I send get lost.',
      'Your teacher lets 15 % of what is sent to me get lost.',
    ],
  ],
])('what a student is told: %s', (state, sentences) => {
  expect(toldOf(STUDENTS.get(state)!)).toEqual(sentences);
});
