import type { BoardValue } from './engine.ts';

/** Of what people see on a board, in UTF-8 and with nothing between: texts, items, and values as written. */
export function contentBytes(board: BoardValue): number {
  const shown = [
    ...[...board.value.values()].flat().map(String),
    ...Array.from(board.counter.values(), String),
    ...[...board.set.values()].flat(),
    ...board.text.values(),
    ...[...board.list.values()].flat(),
  ];
  return shown.reduce((sum, text) => sum + utf8Bytes(text), 0);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
