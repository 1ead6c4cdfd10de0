import { describe, expect, it } from 'vitest';
import { fitText } from '../../../client/views/mesh/fit-text.ts';
import { placeOnRing } from '../../../client/views/mesh/ring.ts';

const SIZES = [
  { width: 350, height: 520 },
  { width: 350, height: 360 },
  { width: 680, height: 740 },
  { width: 1076, height: 760 },
  { width: 1500, height: 940 },
];
const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `n${String((i * 37) % 61).padStart(2, '0')}`);

describe('the ring of a mesh picture', () => {
  for (const { width, height } of SIZES)
    it(`discs stay apart and inside ${width}×${height} from 1 to 60 nodes`, () => {
      for (let count = 1; count <= 60; count++) {
        const { places, radius } = placeOnRing(ids(count), width, height);
        const at = [...places.values()];
        expect(at).toHaveLength(count);
        for (const [i, a] of at.entries()) {
          expect(a.x - radius).toBeGreaterThanOrEqual(0);
          expect(a.x + radius).toBeLessThanOrEqual(width);
          expect(a.y - radius).toBeGreaterThanOrEqual(0);
          expect(a.y + radius).toBeLessThanOrEqual(height);
          // On the smallest picture sixty discs touch; they never hide each other.
          for (const b of at.slice(i + 1))
            expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(radius);
        }
      }
    });

  it('the order around the ring is that of the ids, whatever order they come in', () => {
    const forward = placeOnRing(['a', 'b', 'c', 'd'], 800, 600);
    const shuffled = placeOnRing(['c', 'a', 'd', 'b'], 800, 600);
    expect(shuffled.places).toEqual(forward.places);
  });

  it('a node that goes leaves the others in their order', () => {
    const clockwise = (names: string[]): string[] => {
      const { places, centre } = placeOnRing(names, 800, 600);
      const turn = (id: string): number => {
        const { x, y } = places.get(id)!;
        return (Math.atan2(y - centre.y, x - centre.x) + 2.5 * Math.PI) % (2 * Math.PI);
      };
      // Half a degree before the top counts as the top.
      return names.toSorted((a, b) => ((turn(a) + 0.01) % 6.2832) - ((turn(b) + 0.01) % 6.2832));
    };
    const all = clockwise(ids(9));
    const without = clockwise(ids(9).filter((id) => id !== all[4]));
    expect(without).toEqual(all.filter((id) => id !== all[4]));
  });
});

describe('a name cut to its room', () => {
  it('is left alone where it fits, and ends with an ellipsis where it does not', () => {
    expect(fitText('Heron', 118, 15)).toBe('Heron');
    expect(fitText('Wilhelmina Mammoth-Wwwww', 118, 15)).toMatch(/^Wilhelm.*…$/);
  });

  it('never splits a letter that takes two code units', () => {
    for (let widthPx = 20; widthPx < 120; widthPx += 5) {
      const cut = fitText('𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜', widthPx, 15);
      // Throws on half a letter.
      expect(() => encodeURIComponent(cut)).not.toThrow();
      expect(cut.endsWith('…')).toBe(true);
    }
  });
});
