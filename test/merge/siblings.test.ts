import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf } from '../../src/merge/intent.ts';
import { Siblings } from '../../src/merge/siblings/siblings.ts';
import { MAX_DOUBLED_LENGTH } from '../../src/merge/siblings/unite.ts';
import { MergeClass, newcomer, type Member } from '../support/merge-class.ts';
import { anySession, play } from '../support/merge-session.ts';

const newClass = (replicas = 2) => new MergeClass({ make: () => new Siblings(), replicas });

const title = (value: string) => ({ do: 'set', key: 'title', value }) as const;
const add = (item: string) => ({ do: 'add', key: 'cart', item }) as const;
const remove = (item: string) => ({ do: 'remove', key: 'cart', item }) as const;
const type = (position: number, text: string) =>
  ({ do: 'type', key: 'notes', position, text }) as const;

const board = (mesh: MergeClass) => mesh.at(0).engine.value();

describe('what is concurrent', () => {
  test('SIBLING-1 stays beside each other, until one who has read both writes one in their place', () => {
    const mesh = newClass(3);
    const first = mesh.at(0).edit(title('b'));
    const other = mesh.at(1).edit(title('a'));
    mesh.meet();
    expect(board(mesh).value.get('title')).toEqual(['a', 'b']);
    expect(mesh.at(0).engine.conflicts()).toEqual([
      { kind: 'value', key: 'title', between: [idOf(first.intent), idOf(other.intent)] },
    ]);
    mesh.editAndTell(2, title('both'));
    expect(board(mesh).value.get('title')).toBe('both');
    expect(mesh.at(0).engine.conflicts()).toEqual([]);
  });

  test('SIBLING-1 one who has read but one of them leaves the other', () => {
    const mesh = newClass(3);
    const first = mesh.at(0).edit(title('a'));
    mesh.at(1).edit(title('b'));
    mesh.at(2).take(first);
    mesh.at(2).edit(title('instead of a'));
    mesh.meet();
    expect(board(mesh).value.get('title')).toEqual(['b', 'instead of a']);
  });

  test('SIBLING-1 a write that comes late, after one that has read it, is no sibling of that', () => {
    const mesh = newClass(2);
    const old = mesh.at(0).edit(title('old'));
    mesh.at(1).take(old);
    const newer = mesh.at(1).edit(title('newer'));
    const newest = mesh.at(1).edit(title('newest'));
    const late = newcomer(() => new Siblings());
    for (const edit of [newest, newer, old, newer]) late.take(edit);
    expect(late.engine.value().value.get('title')).toBe('newest');
  });

  test('SIBLING-2 two writes that know the same are both kept', () => {
    const mesh = newClass(3);
    mesh.editAndTell(2, title('known to both'));
    mesh.at(0).edit(title('a'));
    mesh.at(1).edit(title('b'));
    mesh.meet();
    expect(board(mesh).value.get('title')).toEqual(['a', 'b']);
  });

  test('SIBLING-1 a clock that is wrong changes nothing', () => {
    const mesh = new MergeClass({ make: () => new Siblings(), replicas: 2, skewMs: [90_000] });
    mesh.editAndTell(0, title('fast'));
    mesh.editAndTell(1, title('later'));
    expect(board(mesh).value.get('title')).toBe('later');
  });

  test('SIBLING-3 no increment is lost, and none counts twice', () => {
    const mesh = newClass();
    const by = (by: number) => ({ do: 'increment', key: 'votes', by }) as const;
    mesh.editAndTell(0, by(100));
    mesh.at(0).edit(by(10));
    mesh.at(1).edit(by(1));
    mesh.meet();
    expect(board(mesh).counter.get('votes')).toBe(111);
    mesh.editAndTell(1, by(1_000));
    expect(board(mesh).counter.get('votes')).toBe(1_111);
  });

  test('SIBLING-4 what one took out of the cart is back, if another was shopping meanwhile', () => {
    const mesh = newClass();
    mesh.editAndTell(0, add('milk'));
    mesh.at(0).edit(add('eggs'));
    mesh.at(1).edit(remove('milk'));
    expect(mesh.at(1).engine.value().set.get('cart')).toEqual([]);
    mesh.meet();
    expect(board(mesh).set.get('cart')).toEqual(['eggs', 'milk']);
    mesh.editAndTell(1, remove('milk'));
    expect(board(mesh).set.get('cart')).toEqual(['eggs']);
  });

  test('SIBLING-4 what one dropped from a list is back, and what one moved is there twice', () => {
    const mesh = newClass();
    const insert = (item: string) => ({ do: 'insert', key: 'plan', position: 9, item }) as const;
    for (const item of ['a', 'b', 'c']) mesh.editAndTell(0, insert(item));
    mesh.at(0).edit({ do: 'drop', key: 'plan', position: 0 });
    mesh.at(0).edit({ do: 'move', key: 'plan', from: 1, to: 0 });
    expect(board(mesh).list.get('plan')).toEqual(['c', 'b']);
    mesh.at(1).edit(insert('d'));
    mesh.meet();
    expect(board(mesh).list.get('plan')).toEqual(['c', 'b', 'a', 'c', 'd']);
  });

  test('SIBLING-5 texts are read one after the other, and what they share is there twice', () => {
    const mesh = newClass();
    mesh.editAndTell(0, type(0, 'ab'));
    mesh.at(0).edit(type(2, '!'));
    mesh.at(1).edit(type(0, '?'));
    mesh.meet();
    expect(board(mesh).text.get('notes')).toBe('ab!?ab');
    expect(mesh.at(0).engine.provenance()[0]!.atoms).toHaveLength(6);
    mesh.editAndTell(1, { do: 'erase', key: 'notes', position: 3, count: 3 });
    expect(board(mesh).text.get('notes')).toBe('ab!');
  });

  test('SIBLING-5 a text that would be doubled beyond all measure shows each letter once', () => {
    const mesh = newClass();
    mesh.editAndTell(0, type(0, 'x'.repeat(1_000)));
    let longest = 0;
    for (let round = 0; round < 12; round++) {
      mesh.at(0).edit(type(0, 'a'));
      mesh.at(1).edit(type(0, 'b'));
      mesh.meet();
      longest = Math.max(longest, board(mesh).text.get('notes')!.length);
    }
    expect(longest).toBeGreaterThan(2_000);
    expect(longest).toBeLessThanOrEqual(MAX_DOUBLED_LENGTH);
    const letters = new Set(board(mesh).text.get('notes'));
    expect(letters).toEqual(new Set('abx'));
  });
});

const atomsOf = ({ engine }: Member) =>
  engine
    .provenance()
    .flatMap(({ atoms }) => atoms.map(({ intent, index }) => `${intent} ${index}`));

test('SIBLING-6 whatever is gone was taken by somebody who had seen it', () => {
  let gone = 0;
  fc.assert(
    fc.property(anySession, (session) => {
      const put = new Set<string>();
      const taken = new Set<string>();
      let before: readonly string[][] = [];
      const { mesh } = play(
        () => new Siblings(),
        session,
        ({ members }, step) => {
          const after = members.map(atomsOf);
          if (step.do === 'edit') {
            const [had, has] = [new Set(before[step.who]), new Set(after[step.who])];
            for (const atom of had) if (!has.has(atom)) taken.add(atom);
            for (const atom of has) if (!had.has(atom)) put.add(atom);
          }
          before = after;
        },
      );
      mesh.meet();
      const there = new Set(atomsOf(mesh.at(0)));
      const lost = [...put].filter((atom) => !there.has(atom) && !taken.has(atom));
      expect(lost).toEqual([]);
      gone += taken.size;
    }),
    { numRuns: 30 },
  );
  // Something was there to be lost.
  expect(gone).toBeGreaterThan(0);
});
