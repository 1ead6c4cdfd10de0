import * as automerge from '@automerge/automerge';
import { describe, expect, test } from 'vitest';
import { AutomergeEngine } from '../../src/merge/automerge/automerge-engine.ts';
import { decodeBody, encodeBody } from '../../src/wire/body.ts';
import { compare, MergeDesk } from '../support/merge-desk.ts';

const desk = (index: number) =>
  new MergeDesk(index, (world) => new AutomergeEngine(world, automerge));

describe('Automerge on the board', () => {
  test('AUTOMERGE-1 concurrent values are kept, all of them, and their authors are told', () => {
    const [a, b] = [desk(1), desk(2)];
    const ids = [
      a.do({ do: 'set', key: 'colour', value: 'red' }),
      b.do({ do: 'set', key: 'colour', value: 'blue' }),
    ];
    compare(a, b);
    for (const { engine } of [a, b]) {
      expect(engine.value().value.get('colour')).toEqual(['blue', 'red']);
      expect(engine.conflicts()).toEqual([{ kind: 'value', key: 'colour', between: ids }]);
    }
    const last = a.do({ do: 'set', key: 'colour', value: 'green' });
    compare(a, b);
    expect(b.engine.value().value.get('colour')).toBe('green');
    expect(b.atoms('colour')).toEqual([`${last}#0`]);
    expect(b.engine.conflicts()).toEqual([]);
  });

  test('AUTOMERGE-2 a counter that both begin at once counts what both add', () => {
    const [a, b] = [desk(1), desk(2)];
    const ids = [
      a.do({ do: 'increment', key: 'votes', by: 2 }),
      b.do({ do: 'increment', key: 'votes', by: -5 }),
    ];
    compare(a, b);
    expect(a.engine.value().counter.get('votes')).toBe(-3);
    expect(b.engine.value().counter.get('votes')).toBe(-3);
    expect(b.atoms('votes')).toEqual(ids.map((id) => `${id}#0`));
  });

  test('AUTOMERGE-3 words that were typed at once at one place do not interleave', () => {
    const [a, b] = [desk(1), desk(2)];
    for (const [position, text] of [...'cat'].entries())
      a.do({ do: 'type', key: 'text', position, text });
    for (const [position, text] of [...'dog'].entries())
      b.do({ do: 'type', key: 'text', position, text });
    compare(a, b);
    expect(['catdog', 'dogcat']).toContain(a.engine.value().text.get('text'));
    expect(b.engine.value()).toEqual(a.engine.value());
  });

  test('AUTOMERGE-4 an item of a list that two move at once is there twice, of both moves', () => {
    const [a, b] = [desk(1), desk(2)];
    for (const item of ['c', 'b', 'a']) a.do({ do: 'insert', key: 'order', position: 0, item });
    compare(a, b);
    const moves = [
      a.do({ do: 'move', key: 'order', from: 0, to: 1 }),
      b.do({ do: 'move', key: 'order', from: 0, to: 2 }),
    ];
    compare(a, b);
    expect([...a.engine.value().list.get('order')!].sort()).toEqual(['a', 'a', 'b', 'c']);
    expect(b.atoms('order')).toEqual(expect.arrayContaining(moves.map((id) => `${id}#0`)));
  });

  test('AUTOMERGE-5 a change whose past is missing waits, and shows nothing', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'set', key: 'one', value: 1 });
    a.do({ do: 'increment', key: 'two', by: 2 });
    b.hear(a.said[1]!);
    expect(b.engine.value()).toEqual(desk(3).engine.value());
    expect(b.engine.provenance()).toEqual([]);
    expect(b.engine.size().pending).toBe(1);
    compare(a, b);
    expect(b.engine.value()).toEqual(a.engine.value());
    expect(b.engine.provenance()).toEqual(a.engine.provenance());
    expect(b.engine.size().pending).toBe(0);
  });

  test('AUTOMERGE-6 a removal does not reach what it has not seen', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'add', key: 'cart', item: 'milk' });
    compare(a, b);
    const again = b.do({ do: 'add', key: 'cart', item: 'milk' });
    a.do({ do: 'remove', key: 'cart', item: 'milk' });
    compare(a, b);
    expect(a.engine.value().set.get('cart')).toEqual(['milk']);
    expect(a.atoms('cart')).toEqual([`${again}#0`]);
    b.do({ do: 'remove', key: 'cart', item: 'milk' });
    compare(a, b);
    expect(a.engine.value().set.get('cart')).toEqual([]);
  });

  test('characters of two units are two atoms, and erased ones are gone', () => {
    const [a, b] = [desk(1), desk(2)];
    const id = a.do({ do: 'type', key: 'text', position: 0, text: 'h😀llo' });
    a.do({ do: 'erase', key: 'text', position: 0, count: 1 });
    compare(a, b);
    expect(b.engine.value().text.get('text')).toBe('😀llo');
    expect(b.atoms('text')).toEqual([1, 2, 3, 4, 5].map((index) => `${id}#${index}`));
  });

  test('what is no change of Automerge is refused and changes nothing', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'set', key: 'one', value: 1 });
    const before = b.engine.digest();
    const broken = a.said[0]!.slice();
    broken[broken.length - 3]! ^= 0xff;
    expect(b.engine.receive(broken)).toBe(false);
    expect(b.engine.receive(Uint8Array.of(1, 2, 3))).toBe(false);
    expect(b.engine.digest()).toEqual(before);
    b.hear(a.said[0]!);
    expect(b.engine.value()).toEqual(a.engine.value());
  });

  test('AUTOMERGE-7 what names another field than it changes is refused and changes nothing', () => {
    const [a, b] = [desk(1), desk(2)];
    a.do({ do: 'set', key: 'one', value: 1 });
    a.do({ do: 'type', key: 'one', position: 0, text: 'x' });
    for (const [nth, name] of ['value:["two"]', 'text:["two"]'].entries()) {
      const body = decodeBody(a.said[nth]!);
      const parts = (body.ok ? body.value : []) as unknown[];
      const lie = [...parts.slice(0, -1), { ...(parts.at(-1) as object), name }];
      expect(b.engine.receive(encodeBody(lie))).toBe(false);
    }
    expect(b.engine.provenance()).toEqual([]);
    b.hear(...a.said);
    expect(b.engine.value()).toEqual(a.engine.value());
  });

  test('what does nothing is no operation, and touches no field', () => {
    const one = desk(1);
    one.do({ do: 'drop', key: 'order', position: 0 });
    one.do({ do: 'move', key: 'order', from: 3, to: 0 });
    one.do({ do: 'erase', key: 'text', position: 0, count: 5 });
    one.do({ do: 'remove', key: 'cart', item: 'milk' });
    expect(one.said).toEqual([]);
    expect(one.engine.provenance()).toEqual([]);
  });
});
