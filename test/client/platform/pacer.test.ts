import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BRISK_MS, Pacer } from '../../../client/platform/pacer.ts';

/** Each call is done in no time. */
const still = () => 0;

describe('turns of calls', () => {
  test('lets as many in as it may, and the next when one has left', () => {
    const pacer = new Pacer(2, still);
    const begun: string[] = [];
    const [leaveA] = ['a', 'b', 'c', 'd'].map((name) => pacer.enter(() => begun.push(name)));
    expect(begun).toEqual(['a', 'b']);
    leaveA!();
    leaveA!();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('one that leaves the queue never begins', () => {
    const pacer = new Pacer(1, still);
    const begun: string[] = [];
    const leaves = ['a', 'b', 'c'].map((name) => pacer.enter(() => begun.push(name)));
    leaves[1]!();
    leaves[0]!();
    expect(begun).toEqual(['a', 'c']);
  });

  test('whatever comes and goes, never more than the limit are inside, and nobody waits beside a free place', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 4 }), (steps, limit) => {
        const pacer = new Pacer(limit, still);
        const inside = new Set<number>();
        const leaves = new Map<number, () => void>();
        steps.forEach((step, number) => {
          const known = [...leaves.keys()];
          const leaver = known[step % (known.length + 1)];
          if (leaver === undefined)
            leaves.set(
              number,
              pacer.enter(() => inside.add(number)),
            );
          else {
            const leave = leaves.get(leaver)!;
            leaves.delete(leaver);
            inside.delete(leaver);
            leave();
          }
          expect(inside.size).toBe(Math.min(limit, leaves.size));
        });
      }),
    );
  });

  test('slow calls let fewer in, down to one; brisk ones let more in again, up to the most', () => {
    let now = 0;
    const pacer = new Pacer(4, () => now);
    const inside: number[] = [];
    const leaves = Array.from({ length: 100 }, (_, call) => pacer.enter(() => inside.push(call)));
    /** The first of those inside is done after so long. @returns how many are inside then */
    const done = (tookMs: number): number => {
      now += tookMs;
      leaves[inside.shift()!]!();
      return inside.length;
    };
    expect(inside).toHaveLength(4);
    expect(Array.from({ length: 5 }, () => done(BRISK_MS + 1))).toEqual([3, 2, 1, 1, 1]);
    const grown = Array.from({ length: 12 }, () => done(0));
    expect(grown).toEqual([...grown].sort());
    expect(grown.at(-1)).toBe(4);
  });
});
