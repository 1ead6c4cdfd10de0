import { describe, expect, it } from 'vitest';
import {
  addLink,
  lookOfWhole,
  type LinkPaths,
  type LinkShape,
} from '../../../../client/views/mesh/link-paths.ts';

const OPEN = { a: 'open', b: 'open' } as const;
const shape = (change: Partial<LinkShape>): LinkShape => ({
  ends: OPEN,
  aToB: {},
  bToA: {},
  walled: false,
  ...change,
});

function drawn(change: Partial<LinkShape>): LinkPaths {
  const paths: LinkPaths = {};
  addLink(paths, shape(change), { x: 0, y: 0 }, { x: 200, y: 0 }, 20, 20);
  return paths;
}

describe('how a link is drawn', () => {
  it('MESH-6 as what befalls both of its ways, or by itself where they differ', () => {
    const looks: [Partial<LinkShape>, string][] = [
      [{}, 'clear'],
      [{ aToB: { latencyMs: 50 }, bToA: { bytesPerSecond: 9_000 } }, 'slow'],
      [{ aToB: { loss: 0.1 }, bToA: { loss: 0.1, latencyMs: 5 } }, 'lossy'],
      [{ aToB: { corrupt: 0.1 }, bToA: { reorder: 0.1 } }, 'garbled'],
      [{ aToB: { blackhole: true }, bToA: { blackhole: true } }, 'blackhole'],
      [{ aToB: { blackhole: true } }, 'one-way'],
      [{ aToB: { latencyMs: 50 } }, 'uneven'],
      [{ aToB: { cut: true }, bToA: { cut: true } }, 'cut'],
      [{ bToA: { cut: true } }, 'one-way'],
      [{ ends: { a: 'open', b: 'cut' }, bToA: { cut: true } }, 'one-way'],
      [{ aToB: { blackhole: true }, bToA: { cut: true } }, 'blackhole'],
      [{ ends: { a: 'connecting', b: 'closed' } }, 'connecting'],
      [{ ends: { a: 'open', b: 'closed' } }, 'split'],
    ];
    for (const [change, look] of looks) expect(lookOfWhole(shape(change))).toBe(look);
  });

  it('MESH-6 one way has its arrowhead at the end that is still reached', () => {
    const xs = (path: string | undefined) =>
      [...path!.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x));
    const toB = xs(drawn({ bToA: { blackhole: true } }).arrow);
    expect(Math.min(...toB)).toBeGreaterThan(150);
    const toA = xs(drawn({ aToB: { blackhole: true } }).arrow);
    expect(Math.max(...toA)).toBeLessThan(50);
  });

  it('MESH-6 across a wall it is two stubs, whatever closed it', () => {
    const walled = drawn({ walled: true, aToB: { cut: true }, bToA: { cut: true } });
    expect(Object.keys(walled)).toEqual(['stub']);
  });

  it('MESH-6 keeps clear of both discs', () => {
    expect(drawn({}).open).toBe('M20.0 0.0L180.0 0.0');
  });
});
