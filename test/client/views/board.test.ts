import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { applyChange, changeBetween, rebased } from '../../../client/session/board/text-change.ts';
import { BAR_KINDS } from '../../../client/views/board/bar-acts.ts';
import { clockWords } from '../../../client/views/board/clock-sentence.ts';
import { bytes, micros, overhead } from '../../../client/views/board/figures.ts';
import { TextDesk, type Area } from '../../../client/views/board/text-desk.svelte.ts';
import { checkedDeed } from '../../../src/merge/edit-check.ts';
import { KINDS } from '../../../src/merge/intent.ts';

/** A textarea, and a board of one text that may refuse. */
function typing(text: string) {
  const board = { text, refuses: null as string | null };
  const area: Area & { type(added: string): void } = {
    value: '',
    selectionStart: 0,
    selectionEnd: 0,
    setSelectionRange: (start, end) => Object.assign(area, { selectionStart: start, selectionEnd: end }), // prettier-ignore
    type(added) {
      const at = area.selectionEnd;
      area.value = area.value.slice(0, at) + added + area.value.slice(at);
      area.setSelectionRange(at + added.length, at + added.length);
    },
  };
  const desk = new TextDesk({
    read: () => board.text,
    edit: (before, after) => {
      const own = changeBetween(before, after)!;
      const wanted = applyChange(board.text, rebased(own, changeBetween(before, board.text)));
      if (board.refuses === null) board.text = wanted;
      return { text: board.text, wanted, refused: board.refuses };
    },
  });
  desk.isOpen = true;
  area.value = desk.open();
  area.setSelectionRange(text.length, text.length);
  return { board, area, desk };
}

describe('a text that is typed into', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('LAB-4 goes to the board when the hands rest, a word at a time', () => {
    const { board, area, desk } = typing('we');
    for (const letter of ' won') {
      area.type(letter);
      desk.typed(area, false);
      vi.advanceTimersByTime(200);
    }
    expect(board.text).toBe('we');
    vi.advanceTimersByTime(250);
    expect(board.text).toBe('we won');
  });

  test('does not wait for ever for hands that never rest', () => {
    const { board, area, desk } = typing('');
    for (let n = 0; n < 10; n++) {
      area.type('x');
      desk.typed(area, false);
      vi.advanceTimersByTime(200);
    }
    expect(board.text).not.toBe('');
  });

  test('LAB-4 takes in what others type, with the caret where it was', () => {
    const { board, area, desk } = typing('we won');
    area.type('!');
    desk.typed(area, false);
    board.text = 'today we won';
    desk.changedElsewhere(area);
    expect([area.value, area.selectionEnd]).toEqual(['today we won!', 13]);
    desk.leave();
    expect([board.text, desk.isOpen]).toEqual(['today we won!', false]);
  });

  test('LAB-3 loses nothing to a refusal, says why, and tries again with what is typed next', () => {
    const { board, area, desk } = typing('we won');
    board.refuses = 'This board is full.';
    area.type(' 3:1');
    desk.typed(area, false);
    desk.leave();
    board.text = 'We won';
    desk.changedElsewhere(area);
    expect([area.value, desk.refused, desk.isOpen]).toEqual(['We won 3:1', 'This board is full.', true]); // prettier-ignore
    board.refuses = null;
    area.type('.');
    desk.typed(area, false);
    desk.leave();
    expect([board.text, desk.refused, desk.isOpen]).toEqual(['We won 3:1.', null, false]);
  });

  test('LAB-4 is left alone while a letter is composed of several keys', () => {
    const { board, area, desk } = typing('a');
    area.type('´');
    desk.typed(area, true);
    vi.advanceTimersByTime(5_000);
    board.text = 'ba';
    desk.changedElsewhere(area);
    expect([board.text, area.value]).toEqual(['ba', 'a´']);
  });
});

test('every kind of field can be edited by the bar, with edits that a board takes', () => {
  expect(BAR_KINDS.map(({ value }) => value)).toEqual([...KINDS]);
  for (const { acts, example } of BAR_KINDS)
    for (const { deed } of acts) checkedDeed(deed(example, 'what'));
});

test('figures are short', () => {
  expect([812, 14_130, 1_240_000].map(bytes)).toEqual(['812', '14.1 k', '1.2 M']);
  expect([null, 3.14, 140.2, 1_400].map(micros)).toEqual(['–', '3.1 µs', '140 µs', '1.4 ms']);
  const size = { stateBytes: 30, contentBytes: 0 } as Parameters<typeof overhead>[0];
  expect([overhead(size), overhead({ ...size, contentBytes: 10 })]).toEqual([null, 3]);
});

test('wrong clocks are named, and many counted', () => {
  const clock = (name: string, aheadMs: number) => ({ name, aheadMs });
  expect(clockWords([])).toBe('');
  expect(clockWords([clock('Heron', 5_000), clock('Tern', -700), clock('Ibex', 600)])).toBe(
    'Heron’s clock is 5.0 s ahead of most. Tern’s clock is 700 ms behind most. 1 more is wrong.',
  );
});
