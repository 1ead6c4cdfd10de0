import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pacer } from '../../../client/platform/pacer.ts';

describe('turns of calls', () => {
  test('lets as many in as it may, and the next when one has left', () => {
    const pacer = new Pacer(2);
    const begun: string[] = [];
    const [leaveA] = ['a', 'b', 'c', 'd'].map((name) => pacer.enter(() => begun.push(name)));
    expect(begun).toEqual(['a', 'b']);
    leaveA!();
    leaveA!();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('one that leaves the queue never begins', () => {
    const pacer = new Pacer(1);
    const begun: string[] = [];
    const leaves = ['a', 'b', 'c'].map((name) => pacer.enter(() => begun.push(name)));
    leaves[1]!();
    leaves[0]!();
    expect(begun).toEqual(['a', 'c']);
  });

  test('whatever comes and goes, never more than the limit are inside, and nobody waits beside a free place', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 4 }), (steps, limit) => {
        const pacer = new Pacer(limit);
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
});
