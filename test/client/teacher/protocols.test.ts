import { describe, expect, it } from 'vitest';
import {
  CALLS,
  FULL_MESH,
  NEIGHBOURS,
  RUMOUR_FIELDS,
} from '../../../client/teacher/protocols/choice-fields.ts';
import { choicesSummary, linksNote } from '../../../client/teacher/protocols/choice-words.ts';
import { survivalOf } from '../../../client/teacher/protocols/survival.ts';
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

  it('says of a class how it is linked, and only what is true of it', () => {
    const note = (nodes: number, activeView: number): string =>
      linksNote({ fullMeshUpTo: 12, activeView }, nodes);
    expect(note(1, 8)).toBe('');
    expect(note(12, 8)).toBe(
      'With 12 nodes this class is a full mesh. From 13 on, each would keep 8.',
    );
    expect(note(13, 12)).toBe('With 13 nodes, 12 neighbours are all that there are.');
    expect(note(30, 2)).toMatch(/would hardly ever still be one mesh/);
    expect(note(30, 5)).toMatch(/would in [456] of 10 cases still be one mesh/);
    expect(note(30, 8)).toMatch(/would nearly always still be one mesh/);
  });

  it('bears a blow the better the more neighbours there are', () => {
    const shares = [2, 3, 4, 5, 6, 8].map((neighbours) => survivalOf(30, neighbours));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(survivalOf(30, 5)).toBe(survivalOf(30, 5));
    // All linked to all: whoever is left is linked to whoever is left.
    expect(survivalOf(8, 7)).toBe(1);
    expect(survivalOf(8, 1)).toBe(0);
  });
});
