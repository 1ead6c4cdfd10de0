import { expect, test } from 'vitest';
import { microsPerOperation, timed } from '../../../../client/session/board/timed-engine.ts';
import { LastWriteWins } from '../../../../src/merge/lww/lww.ts';
import { byWallClock } from '../../../../src/merge/lww/stamp.ts';
import { MergeClass } from '../../../support/merge-class.ts';

test('an engine is the same with a stopwatch, which counts what it makes and what it takes', () => {
  let now = 0;
  const make = timed((world) => new LastWriteWins(byWallClock, world), () => (now += 3)); // prettier-ignore
  const pair = new MergeClass({ make, replicas: 2 });
  expect(microsPerOperation(pair.at(0).engine)).toBeNull();
  pair.editAndTell(0, { do: 'set', key: 'k', value: 'a' });
  for (const index of [0, 1]) {
    expect(pair.at(index).engine.value().value.get('k')).toBe('a');
    expect(microsPerOperation(pair.at(index).engine)).toBe(3_000);
  }
});
