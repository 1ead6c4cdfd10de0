import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBody } from '../../src/wire/body.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import { Parcel } from '../../src/wire/parcel.ts';
import { PlainBody } from '../../src/wire/plain-body.ts';
import { REFUSED } from '../../src/wire/schema-check.ts';
import { VectorSize } from '../../src/wire/vector-image.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';

const header = {
  sender: testNodeId(1),
  incarnation: 2,
  protocol: 'flood',
  protocolVersion: 3,
  message: 4,
  lamport: 5,
};

test('WIRE-13 a parcel is as long as its bytes, and they say what it says', () => {
  const numbers = fc.record({ message: fc.maxSafeNat(), lamport: fc.maxSafeNat() });
  fc.assert(
    fc.property(numbers, fc.maxSafeNat(), fc.jsonValue(), (change, tick, message) => {
      const body = PlainBody.of(message);
      fc.pre(body !== undefined);
      const vector = { ids: [testNodeId(1), testNodeId(2)], ticks: [tick, 7] };
      const snapshot = { ...vector, ticks: [1, 7], ownAt: 0, own: tick };
      const size = new VectorSize().of(snapshot);
      const parcel = new Parcel(TEST_ROOM, { ...header, ...change }, snapshot, size, body);
      const bytes = parcel.encode();
      expect(bytes).toHaveLength(parcel.length);
      const decoded = decodeFrame(bytes, TEST_ROOM);
      if (!decoded.ok) throw new Error(decoded.reason);
      expect(decoded.frame).toMatchObject({ ...header, ...change, vector });
      expect(decodeBody(decoded.frame.body)).toEqual({ ok: true, value: body.copy() });
    }),
  );
});

test('WIRE-14 everyone who receives a body gets a copy of what the check handed out', () => {
  const body = PlainBody.of({ list: [1], more: true })!;
  let asked = 0;
  const check = (value: unknown) => {
    asked += 1;
    return { list: (value as { list: number[] }).list };
  };
  const first = body.arrive(check) as { list: number[] };
  first.list.push(2);
  expect(body.arrive(check)).toEqual({ list: [1] });
  expect(asked).toBe(1);
});

test('WIRE-14 another check is asked anew, and a refusal is one for all', () => {
  const body = PlainBody.of(1)!;
  expect(body.arrive(() => REFUSED)).toBe(REFUSED);
  expect(body.arrive((value) => value)).toBe(1);
  const refuse = () => REFUSED;
  expect([body.arrive(refuse), body.arrive(refuse)]).toEqual([REFUSED, REFUSED]);
});

test('WIRE-14 what a check makes that cannot be copied is made for each', () => {
  const body = PlainBody.of(1)!;
  const check = (value: unknown) => new Set([value]);
  const [first, second] = [body.arrive(check) as Set<unknown>, body.arrive(check)];
  first.add(2);
  expect(second).toEqual(new Set([1]));
});
