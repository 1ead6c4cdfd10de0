import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyChange,
  carried,
  changeBetween,
  deedsOf,
  rebased,
} from '../../../../client/session/board/text-change.ts';
import { checkedDeed } from '../../../../src/merge/edit-check.ts';
import type { Deed } from '../../../../src/merge/intent.ts';

/** Letters whose surrogates are alike, so that a careless comparison would tear them. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '🦦', '🦧', '🂡', 'é'), maxLength: 12 });

const isWhole = (part: string) => !/\p{Surrogate}/u.test(part);

function perform(before: string, deeds: readonly Deed[]): string {
  return deeds.reduce((now, deed) => {
    if (deed.do === 'type') return applyChange(now, { ...deed, erased: 0, typed: deed.text });
    if (deed.do === 'erase') return applyChange(now, { ...deed, erased: deed.count, typed: '' });
    throw new Error('no edit of a text');
  }, before);
}

describe('what an edit of a text did', () => {
  test('is nothing where nothing changed', () => {
    expect(changeBetween('otter', 'otter')).toBeNull();
  });

  test.each([
    ['we won', 'we all won', { position: 3, erased: 0, typed: 'all ' }],
    ['we won', 'won', { position: 1, erased: 3, typed: '' }],
    ['at half time', 'at full time', { position: 3, erased: 4, typed: 'full' }],
    ['aaa', 'aa', { position: 2, erased: 1, typed: '' }],
    ['a🦦b', 'a🦧b', { position: 1, erased: 2, typed: '🦧' }],
    ['🦦🦦', '🦦', { position: 2, erased: 2, typed: '' }],
  ])('%s to %s', (before, after, change) => {
    expect(changeBetween(before, after)).toEqual(change);
  });

  test('LAB-4 makes the one of the other, tears no character, and is done by the board in parts', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = changeBetween(before, after);
        if (change === null) return before === after;
        const removed = before.slice(change.position, change.position + change.erased);
        return (
          applyChange(before, change) === after &&
          perform(before, deedsOf('k', change)) === after &&
          isWhole(change.typed) &&
          isWhole(removed)
        );
      }),
    );
  });

  test('is cut into edits that a board takes, between characters', () => {
    const change = { position: 2, erased: 9_500, typed: `x${'🦦'.repeat(1_200)}` };
    const deeds = deedsOf('report', change);
    for (const deed of deeds) checkedDeed(deed);
    const typed = deeds.flatMap((deed) => (deed.do === 'type' ? [deed.text] : []));
    expect(typed.join('')).toBe(change.typed);
    expect(typed.every(isWhole)).toBe(true);
    expect(deeds.filter((deed) => deed.do === 'erase')).toHaveLength(3);
  });
});

describe('a change to a text that has changed meanwhile', () => {
  const all = 'we won at half time';
  const change = changeBetween(all, 'we won big at half time')!;

  test('keeps its place behind what came and what went before it', () => {
    const longer = changeBetween(all, 'yesterday we won at half time')!;
    expect(applyChange(applyChange(all, longer), rebased(change, longer))).toBe(
      'yesterday we won big at half time',
    );
    const shorter = changeBetween(all, 'won at half time')!;
    expect(applyChange(applyChange(all, shorter), rebased(change, shorter))).toBe(
      'won big at half time',
    );
  });

  test('is the same where nothing changed, or only what comes after it', () => {
    expect(rebased(change, null)).toEqual(change);
    expect(rebased(change, changeBetween(all, 'we won at full time'))).toEqual(change);
  });

  test('erases once what both erased, and nothing that the other has typed beside it', () => {
    const mine = changeBetween('abcdef', 'abf')!;
    const theirs = changeBetween('abcdef', 'abXef')!;
    expect(applyChange('abXef', rebased(mine, theirs))).toBe('abXf');
  });

  test('stays within the text, whatever the other did', () => {
    fc.assert(
      fc.property(text, text, text, (before, mine, theirs) => {
        const own = changeBetween(before, mine);
        if (own === null) return true;
        const { position, erased } = rebased(own, changeBetween(before, theirs));
        return position >= 0 && erased >= 0 && position + erased <= theirs.length;
      }),
    );
  });

  test('a caret stays between the letters between which it was', () => {
    const longer = changeBetween('we won', 'yes, we won')!;
    expect(carried(3, longer)).toBe(8);
    const gone = changeBetween('we have won', 'we won')!;
    expect(carried(8, gone)).toBe(3);
    expect(carried(0, longer)).toBe(0);
  });
});
