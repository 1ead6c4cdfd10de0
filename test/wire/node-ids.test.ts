import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNodeId } from '../../src/wire/node-ids.ts';
import { parseNodeId } from '../../src/vocabulary.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);

test('WIRE-8 an id is read as it was written, however many others were read before', () => {
  const ids = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{10}$/);
  fc.assert(
    fc.property(ids, (id) => {
      expect(readNodeId(ascii(`..${id}`), 2)).toBe(id);
    }),
    { numRuns: 5_000 },
  );
});

test('WIRE-8 what is no id by the vocabulary is none here', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 10, maxLength: 10, unit: 'binary-ascii' }), (text) => {
      expect(readNodeId(ascii(text), 0)).toBe(parseNodeId(text));
    }),
  );
  expect(readNodeId(ascii('abcde'), 0)).toBeUndefined();
  expect(readNodeId(ascii('abcdeabcd'), 0)).toBeUndefined();
});
