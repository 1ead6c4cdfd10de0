import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../../client/views/mesh/labels.ts';
import { distance, type Box, type Point } from '../../../../client/views/mesh/geometry.ts';
import { MeshLayout } from '../../../../client/views/mesh/layout.ts';

const box = (right: number, bottom: number): Box => ({ left: 0, top: 0, right, bottom });
const SIZES = [box(350, 420), box(1076, 560), box(1500, 800)];
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `n${String((i * 37) % 61).padStart(2, '0')}`);

function settled(ids: readonly string[], groups: readonly (readonly string[])[], size = SIZES[1]!) {
  const layout = new MeshLayout();
  layout.arrange({ ids, groups, box: size });
  layout.settle();
  return layout;
}

const copy = (layout: MeshLayout): Map<string, Point> =>
  new Map([...layout.places].map(([id, { x, y }]) => [id, { x, y }]));

describe('the layout of the mesh', () => {
  for (const size of SIZES)
    it(`2 to 60 nodes fill ${size.right}×${size.bottom}: apart, inside, over more than half of it`, () => {
      for (let count = 2; count <= 60; count++) {
        const { places, radius } = settled(names(count), [names(count)], size);
        const at = [...places.values()];
        for (const [i, a] of at.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(radius);
          expect(a.x).toBeLessThanOrEqual(size.right - radius);
          expect(a.y).toBeGreaterThanOrEqual(radius);
          expect(a.y).toBeLessThanOrEqual(size.bottom - radius);
          // On the smallest picture sixty discs touch; they never hide each other.
          for (const b of at.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(radius);
        }
        const wide = size.right > size.bottom;
        const along = at.map(({ x, y }) => (wide ? x : y));
        const spread = Math.max(...along) - Math.min(...along);
        expect(spread).toBeGreaterThan(Math.max(size.right, size.bottom) / 2 - 20);
      }
    });

  it('MESH-2 names that stand upright lie on no disc and on no other name', () => {
    for (const size of SIZES)
      for (const count of [2, 5, 8, 12, 16]) {
        const { places, radius } = settled(names(count), [names(count)], size);
        const labels = placeLabels(
          names(count).map((id) => ({ id, name: 'Nightingale' })),
          places,
          { radius, fontPx: 15, box: size },
        );
        const frames = [...labels.values()]
          .filter(({ side }) => side !== 'ray')
          .map(({ x, y, anchor, widthPx }) => {
            const width = Math.min(84, widthPx);
            const left = anchor === 'middle' ? x - width / 2 : anchor === 'start' ? x : x - width;
            return { left, right: left + width, top: y - 12, bottom: y + 4 };
          });
        const hit = (a: Box, b: Box): boolean =>
          a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        for (const [i, a] of frames.entries()) {
          for (const b of frames.slice(i + 1)) expect(hit(a, b)).toBe(false);
          for (const { x, y } of places.values())
            expect(
              hit(a, {
                left: x - radius,
                right: x + radius,
                top: y - radius,
                bottom: y + radius,
              }),
            ).toBe(false);
        }
      }
  });

  it('MESH-2 a name goes to another side of its disc where a disc is in its way, and stays there', () => {
    const spot = (x: number, y: number) => ({ x, y, turn: 0, crowded: false, land: null });
    const size = { radius: 20, fontPx: 15, box: box(600, 400) };
    const nodes = [
      { id: 'a', name: 'Otter' },
      { id: 'b', name: 'Heron' },
    ];
    const tight = new Map([
      ['a', spot(300, 150)],
      ['b', spot(300, 205)],
    ]);
    const labels = placeLabels(nodes, tight, size);
    expect([labels.get('a')!.side, labels.get('b')!.side]).toEqual(['above', 'below']);
    const wide = new Map([...tight, ['b', spot(300, 330)]]);
    expect(placeLabels(nodes, wide, size, labels).get('a')!.side).toBe('above');
    expect(placeLabels(nodes, wide, size).get('a')!.side).toBe('below');
  });

  it('MESH-1 stands still after it has settled, and the same calls give the same picture', () => {
    const one = settled(names(24), [names(24)]);
    const other = settled(names(24).toReversed(), [names(24)]);
    expect(one.step()).toBe(false);
    expect(copy(one)).toEqual(copy(other));
    const before = copy(one);
    one.arrange({ ids: names(24), groups: [names(24)], box: SIZES[1]! });
    expect(one.step()).toBe(false);
    expect(copy(one)).toEqual(before);
  });

  it('MESH-1 a newcomer, and one who leaves, moves nobody by more than the space between two', () => {
    for (const count of [3, 8, 24]) {
      const ids = names(count);
      const layout = settled(ids, [ids]);
      const spacing = 1700 / count;
      for (const next of [[...ids, 'newcomer'], ids, ids.slice(1)]) {
        const before = copy(layout);
        layout.arrange({ ids: next, groups: [next], box: SIZES[1]! });
        layout.settle();
        for (const [id, place] of layout.places)
          if (before.has(id)) expect(distance(place, before.get(id)!)).toBeLessThan(spacing);
        expect(layout.places.size).toBe(next.length);
      }
    }
  });

  it('MESH-2 groups go to their sides of the wall, and stay on the side that they were on', () => {
    const ids = names(8);
    const layout = settled(ids, [ids]);
    const byX = [...layout.places].toSorted(([, a], [, b]) => a.x - b.x).map(([id]) => id);
    const [left, right] = [byX.slice(0, 3), byX.slice(3)];
    layout.arrange({ ids, groups: [right, left], box: SIZES[1]! });
    layout.settle();
    const xs = (group: readonly string[]) => group.map((id) => layout.places.get(id)!.x);
    expect(Math.max(...xs(left)) + 2 * layout.radius).toBeLessThan(Math.min(...xs(right)));
  });

  it('MESH-2 a bridge stands between the groups that it joins', () => {
    const groups = [
      ['a', 'b', 'c', 'bridge'],
      ['d', 'e', 'f', 'bridge'],
    ];
    const layout = settled(['a', 'b', 'c', 'd', 'e', 'f', 'bridge'], groups);
    const x = (id: string): number => layout.places.get(id)!.x;
    const [first, second] = x('a') < x('d') ? [groups[0]!, groups[1]!] : [groups[1]!, groups[0]!];
    for (const id of first.slice(0, 3)) expect(x(id)).toBeLessThan(x('bridge'));
    for (const id of second.slice(0, 3)) expect(x(id)).toBeGreaterThan(x('bridge'));
  });

  it('MESH-2 a node that was dragged stays there until it is released, whoever comes or goes', () => {
    const ids = names(6);
    const layout = settled(ids, [ids]);
    const home = copy(layout).get(ids[0]!)!;
    layout.pin(ids[0]!, { x: 500, y: 250 });
    layout.arrange({ ids: [...ids, 'z'], groups: [[...ids, 'z']], box: SIZES[1]! });
    layout.settle();
    expect(copy(layout).get(ids[0]!)).toEqual({ x: 500, y: 250 });
    layout.release(ids[0]!);
    layout.arrange({ ids, groups: [ids], box: SIZES[1]! });
    layout.settle();
    expect(distance(copy(layout).get(ids[0]!)!, home)).toBeLessThan(1700 / 6);
  });
});
