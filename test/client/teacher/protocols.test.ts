import { describe, expect, it } from 'vitest';
import {
  CALLS,
  FULL_MESH,
  NEIGHBOURS,
  RUMOUR_FIELDS,
} from '../../../client/teacher/protocols/choice-fields.ts';
import { choicesSummary, linksNote } from '../../../client/teacher/protocols/choice-words.ts';
import { graphOf, survivalOf, type Graph } from '../../../client/teacher/protocols/survival.ts';
import { DEFAULT_CHOICES, roomChoicesSchema } from '../../../src/network/room-choices.ts';
import { safeParse } from 'valibot';
import { testNodeId } from '../../support/node-ids.ts';

const nameOf = (): string => 'Otter';

describe('what a teacher chooses', () => {
  it('is said in a line', () => {
    expect(choicesSummary(DEFAULT_CHOICES, 8, nameOf)).toBe(
      'SWIM suspects · all linked to all · news by tree, compared',
    );
    const others = {
      ...DEFAULT_CHOICES,
      fullMeshUpTo: 12,
      detector: 'phi',
      activeView: 1,
      relay: true,
      spread: 'rumour',
      antiEntropy: false,
      causal: true,
      service: testNodeId(3),
    } as const;
    expect(choicesSummary(others, 13, nameOf)).toBe(
      'Phi accrual suspects · 1 neighbour each, relaying · news by rumour, in causal order · everybody calls Otter',
    );
  });

  it('can be set with every slider from end to end', () => {
    for (const { name, stops, min, max } of [FULL_MESH, NEIGHBOURS, CALLS, ...RUMOUR_FIELDS]) {
      expect([stops[0], stops.at(-1)]).toEqual([min, max]);
      expect(stops).toContain(DEFAULT_CHOICES[name]);
      for (const stop of stops) {
        const { success } = safeParse(roomChoicesSchema, { ...DEFAULT_CHOICES, [name]: stop });
        expect({ name, stop, success }).toEqual({ name, stop, success: true });
      }
    }
  });

  it('says of a class how it is linked, and how the links that it has would bear a blow', () => {
    const note = (graph: Graph): string => linksNote({ fullMeshUpTo: 12, activeView: 8 }, graph);
    expect(note(ring(1, 1))).toBe('');
    expect(note(ring(12, 11))).toBe(
      'With 12 nodes this class is a full mesh. From 13 on, each would keep about 8.',
    );
    expect(note(ring(30, 1))).toBe(
      'Each has 2.0 links on average now. If half of the 30 died at once, the rest would hardly ever still be one mesh.',
    );
    expect(note(ring(30, 29))).toMatch(/would nearly always still be one mesh/);
    expect(note(ring(30, 3))).toMatch(/6.0 links .* would in [1-9] of 10 cases still be one mesh/);
  });

  it('bears a blow the better the more links there are', () => {
    const shares = [1, 2, 3, 4, 6].map((reach) => survivalOf(ring(30, reach)));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(new Set(shares).size).toBeGreaterThan(3);
    expect(survivalOf(ring(30, 3))).toBe(survivalOf(ring(30, 3)));
    expect(survivalOf(ring(8, 7))).toBe(1);
  });

  it('counts a link that either end reports as open, and no other', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id })) as [{ id: string }, { id: string }, { id: string }]; // prettier-ignore
    const links = [
      { a: 'a', b: 'b', fromA: 'open', fromB: null },
      { a: 'a', b: 'c', fromA: 'closed', fromB: 'connecting' },
    ];
    expect([...graphOf([a, b, c], links)]).toEqual([
      ['a', ['b']],
      ['b', ['a']],
      ['c', []],
    ]);
  });
});

/** So many in a round, each linked to the next few on both sides. */
function ring(nodes: number, reach: number): Graph {
  const ids = Array.from({ length: nodes }, (_, i) => String(i));
  const near = (i: number, j: number): boolean => {
    const apart = Math.abs(i - j);
    return apart > 0 && Math.min(apart, nodes - apart) <= reach;
  };
  return new Map(ids.map((id, i) => [id, ids.filter((_, j) => near(i, j))]));
}
