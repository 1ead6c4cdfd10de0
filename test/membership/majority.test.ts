import { describe, expect, test } from 'vitest';
import { majorityVerdicts } from '../../src/membership/majority.ts';
import type { Verdict } from '../../src/membership/verdict.ts';
import { testNodeId } from '../support/node-ids.ts';

const [a, b, c, d] = [testNodeId(1), testNodeId(2), testNodeId(3), testNodeId(4)];

/** Who holds whom for what. */
function beliefs(held: { readonly [by: string]: { readonly [of: string]: Verdict } }) {
  const entries = Object.entries(held).map(
    ([by, of]) => [by, new Map(Object.entries(of))] as const,
  );
  return new Map(entries) as unknown as Parameters<typeof majorityVerdicts>[0];
}

describe('MEMBER-16 the majority verdict', () => {
  test('is what more than half of those who tell of a node hold', () => {
    const [verdict] = majorityVerdicts(
      beliefs({ [a]: { [d]: 'dead' }, [b]: { [d]: 'dead' }, [c]: { [d]: 'alive' } }),
    );
    expect(verdict).toEqual({
      id: d,
      verdict: 'dead',
      votes: { alive: [c], suspect: [], dead: [a, b] },
      disputed: true,
    });
  });

  test('half is no majority', () => {
    const [verdict] = majorityVerdicts(beliefs({ [a]: { [d]: 'dead' }, [b]: { [d]: 'alive' } }));
    expect(verdict).toMatchObject({ verdict: null, disputed: true });
  });

  test('nor is the largest of three parts', () => {
    const [verdict] = majorityVerdicts(
      beliefs({ [a]: { [d]: 'dead' }, [b]: { [d]: 'alive' }, [c]: { [d]: 'suspect' } }),
    );
    expect(verdict).toMatchObject({ verdict: null, disputed: true });
  });

  test('a node has no vote on itself, and is left out if nobody else tells of it', () => {
    const verdicts = majorityVerdicts(
      beliefs({ [a]: { [a]: 'alive', [b]: 'dead' }, [b]: { [b]: 'alive' }, [c]: { [b]: 'dead' } }),
    );
    expect(verdicts).toEqual([
      { id: b, verdict: 'dead', votes: { alive: [], suspect: [], dead: [a, c] }, disputed: false },
    ]);
  });

  test('who tells nothing of a node does not count', () => {
    const verdicts = majorityVerdicts(beliefs({ [a]: { [c]: 'suspect', [b]: 'alive' }, [b]: {} }));
    expect(verdicts.map(({ id, verdict, disputed }) => [id, verdict, disputed])).toEqual([
      [b, 'alive', false],
      [c, 'suspect', false],
    ]);
  });
});
