import { describe, expect, test } from 'vitest';
import { MAX_AHEAD_MS, MAX_PHYSICAL } from '../../src/clocks/hybrid.ts';
import { LastWriteWins } from '../../src/merge/lww/lww.ts';
import { byHybridClock, byWallClock, compareStamps } from '../../src/merge/lww/stamp.ts';
import { testNodeId } from '../support/node-ids.ts';
import { MergeClass, newcomer, type MakeEngine } from '../support/merge-class.ts';

const byWall: MakeEngine = (world) => new LastWriteWins(byWallClock, world);
const byHybrid: MakeEngine = (world) => new LastWriteWins(byHybridClock, world);
const both = [
  { name: 'lww', make: byWall },
  { name: 'lww-hybrid', make: byHybrid },
];

const title = (value: string) => ({ do: 'set', key: 'title', value }) as const;
const oneMore = { do: 'increment', key: 'votes', by: 1 } as const;
const add = { do: 'add', key: 'cart', item: 'milk' } as const;
const remove = { do: 'remove', key: 'cart', item: 'milk' } as const;
const type = (position: number, text: string) =>
  ({ do: 'type', key: 'notes', position, text }) as const;

const titles = ({ members }: MergeClass) =>
  members.map(({ engine }) => engine.value().value.get('title'));
const cart = (mesh: MergeClass) => mesh.at(0).engine.value().set.get('cart');
const atoms = (mesh: MergeClass) =>
  mesh
    .at(0)
    .engine.provenance()[0]!
    .atoms.map(({ intent, index }) => `${intent.slice(9)} ${index}`);

describe.each(both)('$name', ({ make }) => {
  test('LWW-1 of equal times the higher node wins, then the higher life, then the higher number', () => {
    const mesh = new MergeClass({ make, replicas: 2 });
    const high = mesh.at(1).edit(title('of the higher node'));
    const low = mesh.at(0).edit(title('of the lower node'));
    mesh.at(1).take(low);
    mesh.at(0).take(high);
    expect(titles(mesh)).toEqual(['of the higher node', 'of the higher node']);

    const stamp = (index: number, life: number, number: number) => ({
      ...{ time: { physical: 1, logical: 0 }, number },
      author: { node: testNodeId(index), life },
    });
    expect(compareStamps(stamp(2, 1, 1), stamp(1, 10, 9))).toBeGreaterThan(0);
    expect(compareStamps(stamp(1, 10, 1), stamp(1, 9, 9))).toBeGreaterThan(0);
    expect(compareStamps(stamp(1, 1, 10), stamp(1, 1, 9))).toBeGreaterThan(0);
  });

  test('LWW-2 of concurrent increments one is lost, although both were shown to be there', () => {
    const mesh = new MergeClass({ make, replicas: 2 });
    mesh.editAndTell(0, oneMore);
    mesh.pass(1);
    for (const index of [0, 1]) {
      mesh.at(index).edit(oneMore);
      expect(mesh.at(index).engine.value().counter.get('votes')).toBe(2);
    }
    mesh.meet();
    expect(mesh.members.map(({ engine }) => engine.value().counter.get('votes'))).toEqual([2, 2]);
    expect(atoms(mesh)).toEqual(['0/1/1 0', '1/1/1 0']);
    expect(mesh.at(0).engine.conflicts()).toEqual([]);
  });

  test('LWW-2 of two who type at once only one has typed', () => {
    const mesh = new MergeClass({ make, replicas: 2 });
    mesh.editAndTell(0, type(0, 'ab'));
    mesh.pass(1);
    mesh.at(0).edit(type(0, 'xx'));
    mesh.at(1).edit(type(1, 'YZ'));
    mesh.meet();
    expect(mesh.at(0).engine.value().text.get('notes')).toBe('aYZb');
    expect(atoms(mesh)).toEqual(['0/1/1 0', '1/1/1 0', '1/1/1 1', '0/1/1 1']);
  });

  test('LWW-6 additions of the same item are all there; a removal that has seen them takes all', () => {
    const mesh = new MergeClass({ make, replicas: 2 });
    mesh.at(0).edit(add);
    mesh.at(1).edit(add);
    mesh.meet();
    expect([cart(mesh), atoms(mesh)]).toEqual([['milk'], ['0/1/1 0', '1/1/1 0']]);
    mesh.editAndTell(0, remove);
    expect([cart(mesh), atoms(mesh)]).toEqual([[], []]);
    mesh.editAndTell(1, add);
    expect([cart(mesh), atoms(mesh)]).toEqual([['milk'], ['1/1/2 0']]);
  });

  test('LWW-6 a tombstone keeps out an addition of a lower stamp that comes late', () => {
    const mesh = new MergeClass({ make, replicas: 2 });
    mesh.at(0).edit(add);
    mesh.pass(1);
    mesh.at(1).edit(remove);
    mesh.meet();
    expect(cart(mesh)).toEqual([]);
    expect(mesh.at(1).engine.value().set.get('cart')).toEqual([]);
  });

  test('LWW-7 a write whose read one has not come waits for it', () => {
    const mesh = new MergeClass({ make, replicas: 1 });
    const [first, second] = [mesh.at(0).edit(type(0, 'a')), mesh.at(0).edit(type(1, 'b'))];
    const late = newcomer(make);
    late.take(second);
    expect([late.engine.value().text.size, late.engine.size().pending]).toEqual([0, 1]);
    late.take(first);
    expect([late.engine.value().text.get('notes'), late.engine.size().pending]).toEqual(['ab', 0]);
  });

  test('LWW-7 a write over one that lost is made of that one, and not of what won', () => {
    const mesh = new MergeClass({ make, replicas: 3, skewMs: [0, 0, 200] });
    const [a, b] = [mesh.at(0).edit(type(0, 'a')), mesh.at(2).edit(type(0, 'won'))];
    mesh.pass(500);
    const c = mesh.at(0).edit(type(1, 'c'));
    mesh.at(1).take(a);
    mesh.at(1).take(b);
    mesh.at(1).take(c);
    expect(mesh.at(1).engine.value().text.get('notes')).toBe('ac');
  });
});

describe('a wall clock that is 5 s fast', () => {
  const fast = (make: MakeEngine) => new MergeClass({ make, replicas: 2, skewMs: [5_000, 0] });

  test('LWW-3 LWW-4 erases what is written later by one who has seen its write', () => {
    const mesh = fast(byWall);
    mesh.editAndTell(0, title('fast'));
    mesh.pass(1_000);
    mesh.at(1).edit(title('later'));
    expect(titles(mesh)).toEqual(['fast', 'fast']);
    mesh.meet();
    expect(titles(mesh)).toEqual(['fast', 'fast']);
    mesh.pass(5_000);
    mesh.editAndTell(1, title('when true time has caught up'));
    expect(titles(mesh)[0]).toBe('when true time has caught up');
  });

  test('LWW-4 keeps whoever has right time from removing what it added', () => {
    const mesh = fast(byWall);
    mesh.editAndTell(0, add);
    mesh.editAndTell(1, remove);
    expect(cart(mesh)).toEqual(['milk']);
  });

  test('LWW-5 does no harm by the hybrid clock to one who has seen its write', () => {
    const mesh = fast(byHybrid);
    mesh.editAndTell(0, title('fast'));
    mesh.editAndTell(1, title('later'));
    expect(titles(mesh)).toEqual(['later', 'later']);
    mesh.editAndTell(0, add);
    mesh.editAndTell(1, remove);
    expect(cart(mesh)).toEqual([]);
  });

  test.each(both)('LWW-5 erases by $name what is written later by one who has not', ({ make }) => {
    const mesh = fast(make);
    mesh.at(0).edit(title('fast'));
    mesh.pass(1_000);
    mesh.at(1).edit(title('later'));
    mesh.meet();
    expect(titles(mesh)).toEqual(['fast', 'fast']);
  });

  test('LWW-5 is not followed by the hybrid clock if it is a minute fast and more', () => {
    const mesh = new MergeClass({ make: byHybrid, replicas: 2, skewMs: [MAX_AHEAD_MS + 2, 0] });
    mesh.editAndTell(0, title('fast'));
    mesh.at(1).edit(title('later'));
    expect(titles(mesh)).toEqual(['fast', 'fast']);
  });
});

test.each(both)('LWW-3 a stamp that is no time is refused by $name', ({ make }) => {
  const operationAt = (physical: number) => {
    const stamping = { ...byWallClock, stamp: () => ({ physical, logical: 0 }) };
    return newcomer((world) => new LastWriteWins(stamping, world)).edit(title('x')).operation;
  };
  expect([operationAt(Infinity), operationAt(NaN)]).toEqual([null, null]);
  for (const odd of [-1, 0.5, MAX_PHYSICAL + 1]) {
    const { engine } = newcomer(make);
    expect(engine.receive(operationAt(odd)!)).toBe(engine.name === 'lww');
  }
});
