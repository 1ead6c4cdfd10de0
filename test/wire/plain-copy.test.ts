import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody, MAX_BODY_DEPTH } from '../../src/wire/body.ts';
import { copyAgain, copyPlain, encodedBytes, isCopyOf } from '../../src/wire/plain-copy.ts';

/** What becomes of a value on its way through bytes, and in how many. */
function throughBytes(value: unknown) {
  const bytes = encodeBody(value).slice();
  const decoded = decodeBody(bytes);
  if (!decoded.ok) throw new Error('not decoded');
  return { value: decoded.value, bytes: bytes.length };
}

const values = fc.jsonValue({ maxDepth: 4 });
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('WIRE-11 a copy is what comes out of bytes, and knows their number', () => {
  test('for any JSON', () => {
    fc.assert(
      fc.property(values, (value) => {
        const copied = copyPlain(value);
        if (copied !== undefined) expect(copied).toEqual(throughBytes(value));
        expect(JSON.stringify(copied?.value ?? value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 1_000 },
    );
  });

  const powers = Array.from({ length: 54 }, (_, i) => 2 ** i);
  test.each([
    [
      'whole numbers about every power of two',
      powers.flatMap((p) => [p - 1, p, p + 1, -p, -p - 1]),
    ],
    ['other numbers', [0, 0.5, -0.5, 1e300, NaN, Infinity, -Infinity]],
    [
      'texts about every change of their head',
      [0, 31, 32, 255, 256, 65_535, 65_536].map((n) => 'x'.repeat(n)),
    ],
    ['letters of one, two and three bytes', ['a', 'é', '€', 'aé€'.repeat(15)]],
    [
      'lists about every change of their head',
      [15, 16, 65_535, 65_536].map((n) => Array(n).fill(1)),
    ],
    [
      'objects about the change of their head',
      [15, 16, 17].map((n) =>
        Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i])),
      ),
    ],
    ['the deepest nesting', [nested(MAX_BODY_DEPTH - 1)]],
  ])('for %s', (_what, all: readonly unknown[]) => {
    for (const value of all) expect(copyPlain(value)).toEqual(throughBytes(value));
  });

  test('minus zero comes out as zero', () => {
    expect(Object.is(copyPlain(-0)!.value, 0)).toBe(true);
  });

  test('and shares nothing', () => {
    const message = { list: [{ a: 1 }] };
    const first = copyPlain(message)!.value as typeof message;
    const second = copyAgain(first) as typeof message;
    expect(second).toEqual(message);
    message.list[0]!.a = 2;
    first.list.push({ a: 3 });
    expect(second).toEqual({ list: [{ a: 1 }] });
  });
});

test.each([
  ['undefined', undefined],
  ['a field that is undefined', { a: undefined }],
  ['a hole', [1, , 3]],
  ['bytes', Uint8Array.of(1)],
  ['a date', new Date(0)],
  ['an instance', new (class A {})()],
  ['a function', () => 1],
  ['a bigint', 1n],
  ['a letter of two units', '😀'],
  ['half a letter', '\ud83d'],
  ['the key __proto__', JSON.parse('{"__proto__": 1}')],
  ['an object without a prototype', Object.create(null)],
  ['too deep nesting', nested(MAX_BODY_DEPTH)],
])('WIRE-11 %s takes the way through bytes', (_what, value) => {
  expect(copyPlain(value)).toBeUndefined();
});

test('WIRE-11 the size of what is not plain is that of its bytes', () => {
  const value = { bytes: new Uint8Array(300), smile: '😀' };
  expect(encodedBytes(value)).toBe(encodeBody(value).length);
});

describe('WIRE-11 a copy is recognised', () => {
  const message = () => ({ text: 'a', list: [1, { b: null }], n: 0 });
  const copy = copyPlain(message())!.value;

  test('as long as the message is as it was', () => {
    expect(isCopyOf(copy, message())).toBe(true);
    fc.assert(
      fc.property(values, (value) => {
        const copied = copyPlain(value);
        if (copied !== undefined && !JSON.stringify(value).includes('-0')) {
          expect(isCopyOf(copied.value, value)).toBe(
            Object.is(value, -0) ? false : !hasMinusZero(value),
          );
        }
      }),
    );
  });

  test.each<[string, (m: ReturnType<typeof message>) => unknown]>([
    ['a changed text', (m) => (m.text = 'b')],
    ['another kind', (m) => Object.assign(m, { n: '0' })],
    ['a field more', (m) => Object.assign(m, { more: 1 })],
    ['a field less', (m) => Reflect.deleteProperty(m, 'n')],
    ['another order', (m) => (Reflect.deleteProperty(m, 'text'), Object.assign(m, { text: 'a' }))],
    ['a longer list', (m) => m.list.push(2)],
    ['a shorter list', (m) => m.list.pop()],
    ['something changed deep inside', (m) => Object.assign(m.list[1] as object, { b: 0 })],
    [
      'an object in the place of a list',
      (m) => Object.assign(m, { list: { 0: 1, 1: { b: null } } }),
    ],
    ['a text in the place of an object', (m) => (m.list[1] = 'x' as never)],
  ])('and not after %s', (_what, change) => {
    const changed = message();
    change(changed);
    expect(isCopyOf(copy, changed)).toBe(false);
  });
});

function hasMinusZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasMinusZero);
  return Object.is(value, -0);
}
