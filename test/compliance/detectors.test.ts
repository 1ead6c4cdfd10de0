import { describe, expect, test } from 'vitest';
import { AdaptiveDetector } from '../../src/membership/detectors/adaptive.ts';
import type { FailureDetector } from '../../src/membership/detectors/detector.ts';
import { FixedDetector } from '../../src/membership/detectors/fixed.ts';
import { PhiDetector } from '../../src/membership/detectors/phi.ts';
import { SwimDetector } from '../../src/membership/detectors/swim.ts';
import { DETECTORS } from '../../src/network/room-choices.ts';
import { detectorCompliance } from './detectors.ts';

const ALL: readonly (() => FailureDetector)[] = [
  () => new SwimDetector(),
  () => new PhiDetector(),
  () => new AdaptiveDetector(),
  () => new FixedDetector(),
];

test('every detector that can be chosen is in the suite', () => {
  expect(ALL.map((make) => make().name)).toEqual(DETECTORS);
});

describe.each(ALL.map((make) => ({ name: make().name, make })))('$name:', ({ make }) => {
  test.each(detectorCompliance)('$title', ({ run }) => run(make));
});
