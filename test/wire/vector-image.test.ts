import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VectorClock } from '../../src/clocks/vector.ts';
import { varintBytes } from '../../src/wire/bytes.ts';
import { VectorImage, vectorBytes } from '../../src/wire/vector-image.ts';
import { testNodeId } from '../support/node-ids.ts';

/** Ticks about every change of their width, and of a second life. */
const ticks = fc.oneof(
  fc.nat(300),
  fc.constantFrom(127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 1_000_000_000),
  fc.maxSafeNat(),
);
const heard = fc.dictionary(fc.nat(9).map(String), ticks).map((some) => {
  const ids = Object.keys(some).map((index) => testNodeId(Number(index)));
  return { ids, ticks: Object.values(some) };
});

test('WIRE-12 an image kept over many sends is what a new one would be', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(heard, fc.constant(null)), { maxLength: 40 }), (steps) => {
      const clock = new VectorClock(testNodeId(3), 1);
      const kept = new VectorImage();
      for (const step of steps) {
        if (step !== null) clock.merge(step);
        clock.tick();
        const bytes = kept.bytesOf(clock.entries);
        // Compared as buffers: a matcher takes a hundred times as long.
        expect(Buffer.compare(bytes, new VectorImage().bytesOf(clock.entries))).toBe(0);
        expect(bytes).toHaveLength(vectorBytes(clock.entries));
      }
    }),
    { numRuns: 300 },
  );
});

test('WIRE-12 the width of a number is known before it is written', () => {
  for (let power = 0; power < 53; power++) {
    for (const value of [2 ** power - 1, 2 ** power]) {
      const bytes = new VectorImage().bytesOf({ ids: [testNodeId(1)], ticks: [value] });
      expect(bytes.length - 11).toBe(varintBytes(value));
    }
  }
});
