import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { flood } from '../../src/gossip/flood.ts';
import { ping } from '../../src/membership/ping.ts';
import { timeSync } from '../../src/timesync/time-sync.ts';
import { checkOf, REFUSED } from '../../src/wire/schema-check.ts';
import { testNodeId } from '../support/node-ids.ts';

const origin = testNodeId(1);
const limited = v.pipe(v.string(), v.maxLength(3));

const schemas: readonly (readonly [string, v.GenericSchema, unknown])[] = [
  ['flood', flood.schema, { id: `${origin}.1.1`, origin, payload: { a: [1, 'b', null] } }],
  ['ping', ping.schema, { type: 'ping', number: 4 }],
  ['timesync, asking', timeSync.schema, { type: 'ask', number: 1 }],
  [
    'timesync, answering',
    timeSync.schema,
    {
      type: 'answer',
      number: 2,
      monotonic: { received: 1, answered: 2.5 },
      wall: { received: -1, answered: 0 },
    },
  ],
  ['a list', v.object({ list: v.array(limited), flag: v.boolean() }), { list: ['a'], flag: true }],
  ['a field that may be missing', v.object({ a: v.optional(v.number(), 7) }), {}],
  ['a default for what is wrong', v.object({ a: v.fallback(v.number(), 7) }), { a: 'x' }],
  ['a default for the whole', v.fallback(v.object({ a: v.number() }), { a: 7 }), null],
  [
    'a change on the way',
    v.object({ a: v.pipe(v.string(), v.trim(), v.minLength(1)) }),
    { a: 'b ' },
  ],
  ['a strict object', v.strictObject({ a: v.number() }), { a: 1 }],
  ['a union', v.union([v.number(), limited]), 'abc'],
  [
    'a variant of one mark twice',
    v.variant('t', [
      v.object({ t: v.literal('x'), a: v.number() }),
      v.object({ t: v.literal('x'), a: v.string() }),
    ]),
    { t: 'x', a: 'y' },
  ],
];

/** What the library says, in the words of a check. */
function byLibrary(schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : REFUSED;
}

const parts = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    Infinity,
    -0,
    'ping',
    'ask',
    'x',
    '',
    origin,
    true,
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.maxSafeInteger(),
  fc.double(),
);

/** Replaces, removes or adds one field, at any depth. */
function changed(value: unknown, path: readonly number[], part: unknown): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) return part;
  const keys = Object.keys(value);
  const key = keys[path[0]! % (keys.length + 1)] ?? 'another';
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (part === undefined) delete copy[key];
  else copy[key] = changed(copy[key], path.slice(1), part);
  return copy;
}

describe.each(schemas)('%s', (_name, schema, sample) => {
  const check = checkOf(schema);

  test('WIRE-10 what fits comes out as the library hands it out, keys in the same order', () => {
    expect(byLibrary(schema, sample)).not.toBe(REFUSED);
    expect(JSON.stringify(check(sample))).toBe(JSON.stringify(byLibrary(schema, sample)));
  });

  test('WIRE-10 any value has the library’s verdict', () => {
    fc.assert(
      fc.property(parts, (value) => {
        expect(check(value)).toEqual(byLibrary(schema, value));
      }),
    );
  });

  test('WIRE-10 what nearly fits has the library’s verdict', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 3 }), parts, (path, part) => {
        const value = changed(sample, path, part);
        expect(check(value)).toEqual(byLibrary(schema, value));
      }),
      { numRuns: 500 },
    );
  });
});

test('WIRE-10 a check is made once for each schema', () => {
  expect(checkOf(ping.schema)).toBe(checkOf(ping.schema));
});
