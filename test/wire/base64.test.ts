import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/wire/base64.ts';

const bytes = fc.uint8Array({ maxLength: 100 });

test('bytes become text as Node writes it, and bytes again', () => {
  fc.assert(
    fc.property(bytes, (some) => {
      const text = toBase64(some);
      expect(text).toBe(Buffer.from(some).toString('base64').replaceAll('=', ''));
      expect(fromBase64(text)).toEqual(some);
    }),
  );
});

test.each(['A', 'AAAAA', 'AA==', 'A-_A', 'AA A'])('%j is none', (text) => {
  expect(fromBase64(text)).toBeUndefined();
});
