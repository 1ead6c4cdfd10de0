import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody, MAX_BODY_DEPTH } from '../../src/wire/body.ts';
import { encodedBytes } from '../../src/wire/plain-copy.ts';
import { copyJson, isJson, MAX_JSON_DEPTH } from '../../src/wire/json.ts';

const decoded = (bytes: Uint8Array) => {
  const body = decodeBody(bytes);
  return body.ok ? body.value : 'refused';
};

describe('bodies', () => {
  test('WIRE-6 any JSON comes back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(isJson(value));
        // As JSON itself, which knows no minus zero.
        expect(decoded(encodeBody(value).slice())).toEqual(copyJson(value));
      }),
    );
  });

  test('WIRE-6 byte strings come back as they were', () => {
    const value = { bytes: Uint8Array.of(1, 2, 3) };
    expect(decoded(encodeBody(value).slice())).toEqual(value);
  });

  test('WIRE-7 random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(typeof decodeBody(bytes).ok).toBe('boolean');
      }),
      { numRuns: 5_000 },
    );
  });

  test('WIRE-7 what the look ahead passes the decoder passes, but for keys that it refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
        const body = decodeBody(bytes);
        if (body.ok) expect(() => encode(body.value)).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  test('WIRE-7 a cut off body, or one with something after it, is refused', () => {
    const bytes = encodeBody({
      list: [1, 'two', null, 3.5, { four: true }],
      text: 'x'.repeat(300),
    });
    const whole = bytes.slice();
    for (let length = 0; length < whole.length; length++) {
      expect(decodeBody(whole.slice(0, length)).ok, `${length} bytes`).toBe(false);
    }
    expect(decodeBody(Uint8Array.of(...whole, 0xc0)).ok).toBe(false);
  });

  test('WIRE-7 nested claims of huge arrays are refused before anything is made', () => {
    const claims = new Uint8Array(90_000);
    for (let at = 0; at < claims.length; at += 3) claims.set([0xdc, 0xff, 0xff], at);
    const before = process.memoryUsage().heapUsed;
    expect(decodeBody(claims).ok).toBe(false);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('WIRE-7 nesting has a limit, the same both ways', () => {
    const nested = (depth: number): unknown => (depth === 1 ? [] : [nested(depth - 1)]);
    expect(decoded(encodeBody(nested(MAX_BODY_DEPTH)).slice())).toEqual(nested(MAX_BODY_DEPTH));
    expect(() => encodeBody(nested(MAX_BODY_DEPTH + 1))).toThrow();
    expect(decodeBody(encode(nested(MAX_BODY_DEPTH + 1))).ok).toBe(false);
  });

  test('WIRE-7 dates and a key that changes a prototype are refused', () => {
    expect(decodeBody(encode(new Date(0))).ok).toBe(false);
    expect(decodeBody(encode(JSON.parse('{"__proto__": {"admin": true}}'))).ok).toBe(false);
  });

  test('a function is a bug of the caller, and the next body is not harmed by it', () => {
    expect(() => encodeBody({ call: () => 1 })).toThrow();
    expect(encodedBytes({ a: 1 })).toBe(4);
  });
});

describe('plain JSON', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });
  const cycle: unknown[] = [];
  cycle.push(cycle);

  test.each([null, true, 0, -1.5, '', [], {}, { a: [{ b: null }] }, nested(MAX_JSON_DEPTH)])(
    '%j is',
    (value) => expect(isJson(value)).toBe(true),
  );

  test.each([
    ['undefined', undefined],
    ['NaN', NaN],
    ['infinity', [Infinity]],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(3)],
    ['a property that is undefined', { a: undefined }],
    ['a hole', [1, , 3]],
    ['a cycle', cycle],
    ['too deep nesting', nested(MAX_JSON_DEPTH + 1)],
    ['the key __proto__', JSON.parse('{"__proto__": 1}')],
  ])('%s is not', (_what, value) => expect(isJson(value)).toBe(false));

  test('a copy is equal and shares nothing', () => {
    const original = { list: [1, { two: 2 }] };
    const copy = copyJson(original) as typeof original;
    expect(copy).toEqual(original);
    expect(copy.list[1]).not.toBe(original.list[1]);
  });
});
