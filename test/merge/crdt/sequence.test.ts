import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sequence } from '../../../src/merge/crdt/sequence.ts';
import { play, dotOf, turns, type Subject } from './causal-session.ts';
import { NaiveFugue } from './naive-fugue.ts';
import { positionIn, text, type TextChange } from './subjects.ts';

const shown = (letters: Sequence<string>) => Array.from(letters.visible()).join('');

interface Both {
  readonly letters: Sequence<string>;
  readonly naive: NaiveFugue;
}

const both: Subject<Both, TextChange> = {
  make: () => ({ letters: text.make(), naive: new NaiveFugue() }),
  edit: ({ letters, naive }, dot, dice) => {
    const position = positionIn(letters.length, dice);
    const change = text.edit(letters, dot, dice);
    if (change !== null && 'place' in change) {
      expect(change.place).toEqual(naive.placeAt(position));
    }
    return change;
  },
  apply: ({ letters, naive }, change) => {
    text.apply(letters, change);
    if ('text' in change) naive.insert(change.dot, change.place, change.text);
    else change.ranges.forEach((range) => naive.erase(range));
  },
  view: ({ letters }) => shown(letters),
};

test('CRDT-7 a sequence is the tree that Fugue defines, read from left to right', () => {
  fc.assert(
    fc.property(turns, (script) => {
      play(both, script, ({ letters, naive }) => {
        expect(shown(letters)).toBe(naive.text);
        expect(letters.length).toBe(naive.text.length);
      });
    }),
    { numRuns: 150 },
  );
});

test('CRDT-7 what one person types and erases is what a plain text would be', () => {
  fc.assert(
    fc.property(turns, (script) => {
      const letters = text.make();
      let plain = '';
      for (const [i, { dice }] of script.entries()) {
        const [what, where, much] = dice;
        const position = where % (plain.length + 1);
        if (what % 4 === 0) {
          for (const range of letters.rangesAt(position, much)) letters.show(range, false);
          plain = plain.slice(0, position) + plain.slice(position + much);
        } else {
          const typed = `<${i}>`;
          const dot = dotOf(0, i + 1);
          letters.insert(dot, letters.placeAt(position), typed);
          plain = plain.slice(0, position) + typed + plain.slice(position);
        }
        expect(shown(letters)).toBe(plain);
      }
    }),
  );
});

/**
 * Each types a word at the position, letter by letter; then everybody hears all of it. The text that
 * was there before is by one of them, whose word may continue it.
 */
function typedTogether(words: readonly string[], position: number, isBackward: boolean): string[] {
  const start = { dot: dotOf(1, 1), text: '[]' };
  const replicas = words.map(() => {
    const letters = new Sequence('');
    letters.insert(start.dot, letters.placeAt(0), start.text);
    return letters;
  });
  const typed = words.map((word, who) => {
    const letters = replicas[who]!;
    return Array.from(isBackward ? Array.from(word).reverse() : word, (letter, i) => {
      const place = letters.placeAt(isBackward ? position : position + i);
      const dot = dotOf(who, i + 2);
      letters.insert(dot, place, letter);
      return { dot, place, letter };
    });
  });
  return replicas.map((letters, who) => {
    const others = typed.filter((_, i) => i !== who);
    for (const { dot, place, letter } of others.flat()) letters.insert(dot, place, letter);
    return shown(letters);
  });
}

describe('CRDT-8 words that are typed at one place at the same time stand one after the other', () => {
  const words = ['apples', 'pears', 'plums'];
  const position = fc.constantFrom(0, 1, 2);
  test.each([
    ['forward', false],
    ['backward', true],
  ])('typed %s', (_, isBackward) => {
    fc.assert(
      fc.property(position, fc.shuffledSubarray(words, { minLength: 2 }), (at, some) => {
        const texts = typedTogether(some, at, isBackward);
        for (const word of some) expect(texts[0]).toContain(word);
        expect(new Set(texts).size).toBe(1);
      }),
    );
  });
});

test('CRDT-9 what is typed in a row is one node, however many keys were struck', () => {
  const letters = new Sequence('');
  for (let i = 0; i < 500; i++) {
    const dot = dotOf(0, i + 1);
    letters.insert(dot, letters.placeAt(i), 'x');
  }
  expect(letters.nodes).toBe(1);
  for (const range of letters.rangesAt(100, 50)) letters.show(range, false);
  expect(letters.nodes).toBe(3);
  for (const range of letters.rangesAt(0, 450)) letters.show(range, false);
  expect(letters.nodes).toBe(1);
});

test('CRDT-9 positions are found among many runs as among few', () => {
  const letters = new Sequence('');
  let plain = '';
  for (let i = 0; i < 3_000; i++) {
    const position = (i * 7_919) % (plain.length + 1);
    const dot = dotOf(i % 4, i + 1);
    const letter = String.fromCharCode(97 + (i % 26));
    letters.insert(dot, letters.placeAt(position), letter);
    plain = plain.slice(0, position) + letter + plain.slice(position);
  }
  for (let i = 0; i < 2_900; i++) {
    const position = (i * 104_729) % plain.length;
    for (const range of letters.rangesAt(position, 1)) letters.show(range, false);
    plain = plain.slice(0, position) + plain.slice(position + 1);
  }
  expect(shown(letters)).toBe(plain);
  expect(letters.length).toBe(plain.length);
});

test('CRDT-13 an element whose parent nobody has is not put in', () => {
  const letters = new Sequence('');
  const parent = { author: dotOf(1, 1).author, clock: 3 };
  const dot = dotOf(0, 1);
  expect(letters.insert(dot, { parent, side: 'right' }, 'x')).toBeNull();
  expect(letters.insert(dot, { parent: null, side: 'left' }, 'x')).toBeNull();
  letters.show({ ...parent, length: 5 }, false);
  expect(shown(letters)).toBe('');
});
