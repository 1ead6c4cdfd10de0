import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CrdtEngine } from '../../../src/merge/crdt/crdt-engine.ts';
import type { Operation } from '../../../src/merge/engine.ts';
import type { Deed, Replica } from '../../../src/merge/intent.ts';
import { decodeBody, encodeBody } from '../../../src/wire/body.ts';
import { dotOf } from './causal-session.ts';

/** One person at one replica: numbers what they do, and remembers what they told. */
class Author {
  readonly engine = new CrdtEngine();
  readonly told: Operation[] = [];
  private readonly author: Replica;
  private number = 0;

  constructor(who: number, life = 1) {
    this.author = { ...dotOf(who, 1).author, life };
  }

  do(deed: Deed): Operation | null {
    this.number += 1;
    const intent = { author: this.author, number: this.number, seen: new Map(), wall: 0, deed };
    const operation = this.engine.apply(intent);
    if (operation !== null) this.told.push(operation);
    return operation;
  }

  hear(other: Author): void {
    for (const operation of other.engine.missing(this.engine.digest())!) {
      this.engine.receive(operation);
    }
  }

  get board() {
    const { value, counter, set, text, list } = this.engine.value();
    return [value, counter, set, text, list].map((fields) => Object.fromEntries(fields));
  }

  get view() {
    const { engine } = this;
    return [this.board, engine.conflicts(), engine.provenance(), engine.digest(), engine.size()];
  }
}

const type = (position: number, text: string): Deed => ({
  do: 'type',
  key: 'essay',
  position,
  text,
});
const key = fc.constantFrom('a', 'b', 'constructor', '__proto__');
const item = fc.constantFrom('milk', 'tea', 'salt');
const position = fc.nat(12);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.constantFrom(null, true, 7, 'x') }),
  fc.record({ do: fc.constant('increment' as const), key, by: fc.integer({ min: -9, max: 9 }) }),
  fc.record({ do: fc.constant('add' as const), key, item }),
  fc.record({ do: fc.constant('remove' as const), key, item }),
  fc.record({ do: fc.constant('type' as const), key, position, text: fc.constantFrom('ab', 'c') }),
  fc.record({ do: fc.constant('erase' as const), key, position, count: fc.constantFrom(1, 3) }),
  fc.record({ do: fc.constant('insert' as const), key, position, item }),
  fc.record({ do: fc.constant('drop' as const), key, position }),
  fc.record({ do: fc.constant('move' as const), key, from: position, to: position }),
);
const turns = fc.array(fc.record({ who: fc.nat(2), deed, hears: fc.nat(5) }), { maxLength: 30 });

function played(script: readonly { who: number; deed: Deed; hears: number }[]): Author[] {
  const authors = [0, 1, 2].map((who) => new Author(who));
  for (const { who, deed, hears } of script) {
    authors[who]!.do(deed);
    if (hears < 3) authors[who]!.hear(authors[hears]!);
  }
  return authors;
}

test('CRDT-1 CRDT-12 whoever has the same operations shows the same, in whatever order they came', () => {
  fc.assert(
    fc.property(turns, fc.infiniteStream(fc.nat()), (script, picks) => {
      const authors = played(script);
      const left = authors.flatMap(({ told }) => [...told, ...told.slice(0, 3)]);
      const late = new Author(3);
      while (left.length > 0) {
        const [operation] = left.splice(picks.next().value! % left.length, 1);
        expect(late.engine.receive(operation!)).toBe(true);
      }
      for (const author of authors) for (const other of authors) author.hear(other);
      for (const author of authors) expect(author.view).toEqual(late.view);
      expect(late.engine.size().pending).toBe(0);
    }),
    { numRuns: 50 },
  );
});

describe('CRDT-12 what comes before its past', () => {
  test('is counted, and changes nothing until it has it', () => {
    const [ann, bob, cem] = [new Author(0), new Author(1), new Author(2)];
    const first = ann.do(type(0, 'Hello'))!;
    bob.hear(ann);
    const second = bob.do(type(5, ' world'))!;
    cem.engine.receive(second);
    expect(cem.engine.size()).toMatchObject({ pending: 1, contentBytes: 0 });
    expect(cem.engine.provenance()).toEqual([]);
    cem.engine.receive(first);
    expect(cem.engine.size()).toMatchObject({ pending: 0, contentBytes: 11 });
    expect(cem.board).toEqual(bob.board);
  });

  test('also if its past is in another field', () => {
    const [ann, bob, cem] = [new Author(0), new Author(1), new Author(2)];
    const first = ann.do({ do: 'set', key: 'title', value: 'Lab' })!;
    bob.hear(ann);
    cem.engine.receive(bob.do({ do: 'increment', key: 'likes', by: 1 })!);
    expect(cem.engine.value().counter.size).toBe(0);
    cem.engine.receive(first);
    expect(cem.engine.value().counter.get('likes')).toBe(1);
  });
});

test('CRDT-12 one names as its past no more than the newest that it knows', () => {
  const [ann, bob] = [new Author(0), new Author(1)];
  for (let i = 0; i < 5; i++) ann.do(type(0, 'x'));
  bob.hear(ann);
  const pastOf = (operation: Operation | null) => {
    const body = decodeBody(operation!) as { value: [string, number, number, number, [unknown[]]] };
    return body.value[4][0];
  };
  expect(pastOf(bob.do(type(0, 'y')))).toEqual([[dotOf(0, 1).author.node, 1, 5]]);
  expect(pastOf(bob.do(type(0, 'z')))).toEqual([1]);

  // In whatever order they came.
  const [cem, one, other] = [new Author(2), new Author(3), new Author(4)];
  cem.do(type(0, 'x'));
  for (const heard of [cem, bob]) one.hear(heard);
  for (const heard of [bob, cem]) other.hear(heard);
  expect(pastOf(one.do(type(0, 'x')))).toEqual(pastOf(other.do(type(0, 'x'))));
});

test('CRDT-12 what a node did in an earlier life is not its own', () => {
  const [before, after, other] = [new Author(0), new Author(0, 2), new Author(1)];
  const operation = before.do(type(0, 'abc'))!;
  after.hear(before);
  other.engine.receive(after.do(type(3, 'd'))!);
  expect(other.engine.size().pending).toBe(1);
  other.engine.receive(operation);
  expect(other.engine.value().text.get('essay')).toBe('abcd');
});

describe('MERGE-8 provenance', () => {
  test('names of each letter whose it is, and the how manieth of what they typed', () => {
    const [ann, bob] = [new Author(0), new Author(1)];
    ann.do(type(0, 'abc'));
    bob.hear(ann);
    bob.do(type(1, 'XY'));
    bob.do({ do: 'erase', key: 'essay', position: 0, count: 2 });
    expect(bob.engine.value().text.get('essay')).toBe('Ybc');
    expect(bob.engine.provenance()).toEqual([
      {
        ...{ kind: 'text', key: 'essay' },
        atoms: [
          { intent: 'n000000001/1/1', index: 1 },
          { intent: 'n000000000/1/1', index: 1 },
          { intent: 'n000000000/1/1', index: 2 },
        ],
      },
    ]);
  });

  test('names a move in place of what stood for the item before; of two at once both', () => {
    const [ann, bob] = [new Author(0), new Author(1)];
    for (const item of ['a', 'b', 'c']) ann.do({ do: 'insert', key: 'todo', position: 9, item });
    bob.hear(ann);
    ann.do({ do: 'move', key: 'todo', from: 0, to: 1 });
    bob.do({ do: 'move', key: 'todo', from: 0, to: 2 });
    ann.hear(bob);
    const between = ['n000000000/1/4', 'n000000001/1/1'];
    expect(ann.engine.value().list.get('todo')).toEqual(['b', 'c', 'a']);
    expect(ann.engine.conflicts()).toEqual([{ kind: 'list', key: 'todo', between }]);
    expect(ann.engine.provenance()[0]!.atoms.map(({ intent }) => intent)).toEqual([
      'n000000000/1/2',
      'n000000000/1/3',
      ...between,
    ]);
  });
});

test('MERGE-7 deeds that find nothing to do are none, and leave the field untouched', () => {
  const ann = new Author(0);
  const nothing: Deed[] = [
    { do: 'remove', key: 'a', item: 'milk' },
    { do: 'erase', key: 'a', position: 0, count: 5 },
    { do: 'drop', key: 'a', position: 0 },
    { do: 'move', key: 'a', from: 0, to: 1 },
  ];
  for (const some of nothing) expect(ann.do(some)).toBeNull();
  expect(ann.engine.provenance()).toEqual([]);
  expect(ann.do({ do: 'add', key: 'a', item: 'milk' })).not.toBeNull();
});

test('CRDT-3 values that stand beside each other are shown in their own order', () => {
  const authors = [9, 'b', null, 10, true, 'a', false].map((value, who) => {
    const author = new Author(who);
    author.do({ do: 'set', key: 'x', value });
    return author;
  });
  const [ann] = authors;
  for (const other of authors) ann!.hear(other);
  expect(ann!.engine.value().value.get('x')).toEqual([null, false, true, 9, 10, 'a', 'b']);
});

test('CRDT-13 what names what is not there changes nothing, and throws nothing', () => {
  const ann = new Author(0);
  const { node } = dotOf(5, 1).author;
  const [nowhere, place] = [99, [99, 'right']];
  const changes = [
    { do: 'set', key: 'k', value: 'x', replaces: [nowhere, [node, 1, 7]] },
    { do: 'remove', key: 'k', item: 'milk', additions: [nowhere] },
    { do: 'type', key: 'k', place, text: 'x' },
    { do: 'type', key: 'k', place: [null, 'left'], text: 'x' },
    { do: 'erase', key: 'k', ranges: [[nowhere, 5]] },
    { do: 'insert', key: 'k', place, text: 'x' },
    { do: 'drop', key: 'k', item: nowhere, replaces: [] },
    { do: 'move', key: 'k', item: nowhere, replaces: [], place: [null, 'right'] },
  ];
  for (const [i, change] of changes.entries()) {
    expect(ann.engine.receive(encodeBody([node, 1, i + 1, 1, [[], change]]))).toBe(true);
  }
  const fields = { k: 'x' };
  expect(ann.board).toEqual([fields, {}, { k: [] }, { k: '' }, { k: [] }]);
  const [past, change] = [[], { do: 'add', key: 'k', item: '' }];
  expect(ann.engine.receive(encodeBody([node, 1, 9, 1, [past, change]]))).toBe(false);
});
