import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/merge/engine.ts';
import type { Replica } from '../../src/merge/intent.ts';
import { MAX_OPERATION_BYTES, OpLog } from '../../src/merge/op-log.ts';
import { encodeBody } from '../../src/wire/body.ts';
import { testNodeId } from '../support/node-ids.ts';

const replica = (index: number, life = 1): Replica => ({ node: testNodeId(index), life });
const A = replica(1);
const B = replica(2);

const content = v.object({ word: v.string() });
type Log = OpLog<{ word: string }>;
const newLog = (): Log => new OpLog(content);

function write(log: Log, author: Replica, number: number): Operation {
  return log.write({ author, number }, { word: `${author.node} ${number}` })!.operation;
}

/** The numbers of what is told. */
function told(operations: readonly Operation[] | null): string[] {
  const reader = newLog();
  return operations!.map((operation) => {
    const entry = reader.take(operation);
    return typeof entry === 'string' ? entry : `${entry.author.node.at(-1)}${entry.number}`;
  });
}

function give(from: Log, to: Log): void {
  for (const operation of from.missing(to.digest())!) to.take(operation);
}

/** Some of the intents of three replicas found nothing to do: their numbers have gaps. */
const histories = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }), {
  minLength: 3,
  maxLength: 3,
});

describe('the log of operations', () => {
  test('LOG-1 gives what was written, once, and knows it afterwards', () => {
    const log = newLog();
    const operation = write(log, A, 1);
    const other = newLog();
    expect(other.take(operation)).toEqual({
      ...{ id: 'n000000001/1/1', author: A, number: 1 },
      content: { word: 'n000000001 1' },
    });
    expect(other.take(operation)).toBe('known');
    expect(log.take(operation)).toBe('known');
    expect(other.read('n000000001/1/1' as never)?.content).toEqual({ word: 'n000000001 1' });
    expect(other.bytes).toBe(operation.length);
  });

  test('LOG-2 LOG-3 in any order, the digests of logs that hold the same are equal, and nothing is missing', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), (numbers, picks) => {
        const source = newLog();
        const all = numbers.flatMap((some, index) =>
          some.sort((a, b) => a - b).map((number) => write(source, replica(index), number)),
        );
        const target = newLog();
        const left = [...all];
        while (left.length > 0) {
          const [operation] = left.splice(picks.next().value! % left.length, 1);
          expect(target.take(operation!)).toBeTypeOf('object');
          give(target, newLog());
        }
        expect(target.digest()).toEqual(source.digest());
        expect(target.missing(source.digest())).toEqual([]);
        expect(target.missing(newLog().digest())).toHaveLength(all.length);
      }),
    );
  });

  test('LOG-3 one round gives whoever lacks some what another has, and no more than may be lacking', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.boolean()), (numbers, coins) => {
        const [one, other, source] = [newLog(), newLog(), newLog()];
        for (const [index, some] of numbers.entries()) {
          for (const number of some.sort((a, b) => a - b)) {
            const operation = write(source, replica(index), number);
            if (coins.next().value) one.take(operation);
            if (coins.next().value) other.take(operation);
          }
        }
        give(source, one);
        expect(one.digest()).toEqual(source.digest());
        give(one, other);
        expect(other.digest()).toEqual(source.digest());
      }),
    );
  });

  test('LOG-3 what is beyond a gap is told again, as long as the gap is there', () => {
    const source = newLog();
    const [first, second, third] = [1, 4, 5].map((number) => write(source, A, number));
    const log = newLog();
    log.take(first!);
    log.take(third!);
    expect(told(source.missing(log.digest()))).toEqual(['14', '15']);
    log.take(second!);
    expect(source.missing(log.digest())).toEqual([]);
  });

  test('LOG-4 what was taken shares no memory with the bytes that brought it', () => {
    const frame = new Uint8Array(1_000);
    const operation = write(newLog(), A, 1);
    frame.set(operation, 100);
    const log = newLog();
    log.take(frame.subarray(100, 100 + operation.length));
    frame.fill(0);
    expect(log.missing(newLog().digest())).toEqual([operation]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a node that is none', ['x', 1, 1, 1, { word: '' }]],
    ['a life that is none', [A.node, 0, 1, 1, { word: '' }]],
    ['a number that is none', [A.node, 1, 0, 1, { word: '' }]],
    ['a number that is too high', [A.node, 1, 100_001, 1, { word: '' }]],
    ['one that comes after itself', [A.node, 1, 1, 0, { word: '' }]],
    ['one that comes before the first', [A.node, 1, 1, 2, { word: '' }]],
    ['content that does not fit', [A.node, 1, 1, 1, { word: 5 }]],
    ['an operation that is too long', [A.node, 1, 1, 1, { word: 'x'.repeat(MAX_OPERATION_BYTES) }]],
  ])('LOG-5 refuses %s, and is as before', (_, body) => {
    const log = newLog();
    expect(log.take(body === undefined ? new Uint8Array() : encodeBody(body))).toBe('refused');
    expect(log.bytes).toBe(0);
    expect(log.missing(newLog().digest())).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['a node that is none', [['x', 1, 1]]],
    ['a count below one', [[A.node, 1, 0]]],
    ['a count that is no whole number', [[A.node, 1, 1.5]]],
  ])('LOG-5 refuses a digest with %s', (_, body) => {
    const log = newLog();
    write(log, A, 1);
    expect(log.missing(body === undefined ? new Uint8Array() : encodeBody(body))).toBeNull();
  });

  test('LOG-6 a replica that contradicts itself is not believed', () => {
    const log = newLog();
    const take = (number: number, after: number) =>
      log.take(encodeBody([A.node, 1, number, number - after, { word: '' }]));
    expect(take(2, 0)).toBeTypeOf('object');
    expect([take(1, 0), take(3, 0), take(4, 1)]).toEqual(['refused', 'refused', 'refused']);
    expect(take(6, 5)).toBeTypeOf('object');
    expect(take(7, 5)).toBe('refused');
    expect(take(5, 2)).toBeTypeOf('object');
    expect(told(log.missing(newLog().digest()))).toEqual(['12', '15', '16']);
  });

  test('LOG-1 numbers one’s own on from the highest, and throws for one that does not rise', () => {
    const source = newLog();
    write(source, A, 1);
    write(source, A, 3);
    const again = newLog();
    give(source, again);
    write(again, A, 7);
    write(again, B, 1);
    give(again, source);
    expect(source.digest()).toEqual(again.digest());
    expect(() => write(again, A, 7)).toThrow('n000000001/1/7');
  });
});
