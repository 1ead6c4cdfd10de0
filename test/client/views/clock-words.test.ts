import { describe, expect, it } from 'vitest';
import type { OtherClockView } from '../../../client/session/snapshots.ts';
import { driftWords, offsetWords } from '../../../client/views/clock-words.ts';
import { testNodeId } from '../../support/node-ids.ts';

const clock = (change: Partial<OtherClockView>): OtherClockView => ({
  id: testNodeId(1),
  name: 'Otter',
  offset: { ms: 0, errorMs: 1 },
  drift: null,
  asAssumed: true,
  ...change,
});

describe('what is said of another clock', () => {
  it.each([
    [null, 'not measured yet'],
    [{ ms: 3.2, errorMs: 1.4 }, '3 ms ahead, ± 1 ms'],
    [{ ms: -1_843, errorMs: 14 }, '1.8 s behind, ± 14 ms'],
    [{ ms: -0.3, errorMs: 0.4 }, 'same as mine, ± 0.4 ms'],
  ])('offset %j: %s', (offset, said) => {
    expect(offsetWords(clock({ offset }))).toBe(said);
  });

  it.each([
    [null, true, 'drift not known yet'],
    [{ ppm: 1, errorPpm: 6.4 }, true, 'no drift seen, ± 6.4 ppm'],
    [{ ppm: 4, errorPpm: 1.2 }, true, 'gains 346 ms a day: 4.0 ± 1.2 ppm'],
    [{ ppm: -14.2, errorPpm: 3 }, true, 'loses 1.2 s a day: 14 ± 3.0 ppm'],
    [
      { ppm: -412, errorPpm: 3 },
      false,
      'loses 35.6 s a day: 412 ± 3.0 ppm, more than a good clock',
    ],
  ])('drift %j: %s', (drift, asAssumed, said) => {
    expect(driftWords(clock({ drift, asAssumed }))).toBe(said);
  });

  it('says nothing of the drift of a clock that was never measured', () => {
    expect(driftWords(clock({ offset: null }))).toBe('');
  });
});
