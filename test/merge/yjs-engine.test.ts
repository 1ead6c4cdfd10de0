import { describe, expect, test } from 'vitest';
import { clientOf } from '../../src/merge/yjs/client-of.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import { Random } from '../../src/simulator/random.ts';
import { compare, MergeDesk } from '../support/merge-desk.ts';
import { testNodeId } from '../support/node-ids.ts';

const desk = (index: number) => new MergeDesk(index, (world) => new YjsEngine(world));

/** By their client numbers: the lower, the higher. */
function pair(): [lower: MergeDesk, higher: MergeDesk] {
  const desks = [desk(1), desk(2)];
  desks.sort((a, b) => clientOf(a.self) - clientOf(b.self));
  return desks as [MergeDesk, MergeDesk];
}

describe('Yjs on the board', () => {
  test('YJS-1 of two concurrent writes the higher client’s stays, and nobody is told of the other', () => {
    const [lower, higher] = pair();
    const kept = higher.do({ do: 'set', key: 'colour', value: 'red' });
    lower.do({ do: 'set', key: 'colour', value: 'blue' });
    compare(lower, higher);
    for (const { engine } of [lower, higher]) {
      expect(engine.value().value.get('colour')).toBe('red');
      expect(engine.conflicts()).toEqual([]);
    }
    expect(lower.atoms('colour')).toEqual([`${kept}#0`]);
  });

  test('YJS-1 a later write that has seen the other stays, whoever has the higher number', () => {
    const [lower, higher] = pair();
    higher.do({ do: 'set', key: 'colour', value: 'red' });
    compare(lower, higher);
    lower.do({ do: 'set', key: 'colour', value: 'blue' });
    compare(lower, higher);
    expect(higher.engine.value().value.get('colour')).toBe('blue');
  });

  test('YJS-2 a counter counts the chain of writes that the present one came upon', () => {
    const [lower, higher] = pair();
    const first = lower.do({ do: 'increment', key: 'votes', by: 1 });
    const second = lower.do({ do: 'increment', key: 'votes', by: 2 });
    compare(lower, higher);
    lower.do({ do: 'increment', key: 'votes', by: 10 });
    const third = higher.do({ do: 'increment', key: 'votes', by: 20 });
    compare(lower, higher);
    expect(lower.engine.value().counter.get('votes')).toBe(23);
    for (const desk of [lower, higher])
      expect(desk.atoms('votes')).toEqual([first, second, third].map((id) => `${id}#0`));
  });

  test('YJS-3 words that were typed at once at one place do not interleave', () => {
    const [lower, higher] = pair();
    for (const [at, letter] of [...'cat'].entries())
      lower.do({ do: 'type', key: 'text', position: at, text: letter });
    for (const [at, letter] of [...'dog'].entries())
      higher.do({ do: 'type', key: 'text', position: at, text: letter });
    compare(lower, higher);
    expect(['catdog', 'dogcat']).toContain(lower.engine.value().text.get('text'));
    expect(higher.engine.value()).toEqual(lower.engine.value());
  });

  test('YJS-4 an item that two move at once is there twice, of both moves', () => {
    const [lower, higher] = pair();
    for (const item of ['c', 'b', 'a']) lower.do({ do: 'insert', key: 'order', position: 0, item });
    compare(lower, higher);
    const moves = [lower, higher].map((desk, index) =>
      desk.do({ do: 'move', key: 'order', from: 0, to: 1 + index }),
    );
    compare(lower, higher);
    expect([...lower.engine.value().list.get('order')!].sort()).toEqual(['a', 'a', 'b', 'c']);
    expect(lower.atoms('order')).toEqual(expect.arrayContaining(moves.map((id) => `${id}#0`)));
  });

  test('YJS-5 one update that is lost hides the later ones of its client until boards are compared', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'set', key: 'one', value: 1 });
    a.do({ do: 'set', key: 'two', value: 2 });
    b.hear(a.said[1]!);
    expect(b.engine.value().value.size).toBe(0);
    expect(b.engine.size().pending).toBeGreaterThan(0);
    compare(a, b);
    expect([...b.engine.value().value]).toEqual([['one', 1], ['two', 2]]); // prettier-ignore
    expect(b.engine.size().pending).toBe(0);
  });

  test('YJS-5 one update that is lost hides a value that was there, when a later one writes over it', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'set', key: 'colour', value: 'red' });
    compare(a, b);
    a.do({ do: 'set', key: 'size', value: 4 });
    a.do({ do: 'set', key: 'colour', value: 'blue' });
    b.hear(a.said[2]!);
    expect(b.engine.value().value.has('colour')).toBe(false);
    expect(b.engine.size().pending).toBe(1);
    compare(a, b);
    expect(b.engine.value()).toEqual(a.engine.value());
  });

  test('YJS-6 a board that has not heard of a deletion is told of it', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'add', key: 'cart', item: 'milk' });
    compare(a, b);
    a.do({ do: 'remove', key: 'cart', item: 'milk' });
    compare(a, b);
    expect([...b.engine.value().set]).toEqual([['cart', []]]);
    expect(a.engine.missing(b.engine.digest())).toEqual([]);
  });

  test('YJS-7 the same replica has the same client number, another another', () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) =>
      clientOf({ node: testNodeId(index % 100), life: 1 + Math.floor(index / 100) }),
    );
    expect(new Set(numbers).size).toBe(1_000);
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
  });

  test('MERGE-5 damaged operations are refused or read, and nothing throws then or later', () => {
    const random = new Random('damaged');
    const one = desk(1);
    one.do({ do: 'increment', key: 'votes', by: 1 });
    one.do({ do: 'add', key: 'cart', item: 'milk' });
    one.do({ do: 'type', key: 'text', position: 0, text: 'heron' });
    one.do({ do: 'remove', key: 'cart', item: 'milk' });
    one.do({ do: 'increment', key: 'votes', by: 1 });
    const operations = [...one.said, ...one.engine.missing(desk(2).engine.digest())!];
    for (let round = 0; round < 400; round++) {
      const { engine } = desk(2);
      const damaged = operations[random.below(operations.length)]!.slice();
      damaged[random.below(damaged.length)] = random.below(2) ? 255 : random.below(256);
      engine.receive(damaged);
      for (const operation of operations) engine.receive(operation);
      engine.size();
      engine.missing(one.engine.digest());
    }
  });

  test('what does nothing to a list or a text is no operation, and touches no field', () => {
    const one = desk(1);
    one.do({ do: 'drop', key: 'order', position: 0 });
    one.do({ do: 'move', key: 'order', from: 3, to: 0 });
    one.do({ do: 'erase', key: 'text', position: 0, count: 5 });
    one.do({ do: 'remove', key: 'cart', item: 'milk' });
    expect(one.said).toEqual([]);
    expect(one.engine.value().list.size + one.engine.value().text.size).toBe(0);
  });

  test('characters of a text are told apart, erased ones are gone', () => {
    const one = desk(1);
    const id = one.do({ do: 'type', key: 'text', position: 0, text: 'heron' });
    one.do({ do: 'erase', key: 'text', position: 1, count: 2 });
    expect(one.atoms('text')).toEqual([0, 3, 4].map((index) => `${id}#${index}`));
  });
});
