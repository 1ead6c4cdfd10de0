import { encodeBody } from '../wire/body.ts';
import { crc32 } from '../wire/crc32.ts';
import type { BoardValue } from './engine.ts';
import { KINDS } from './intent.ts';

/** Short, and the same for boards that show the same: so that a class sees at a glance whether it agrees. */
export function stateMark(board: BoardValue): string {
  const fields = KINDS.flatMap((kind) =>
    [...board[kind]]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [kind, key, value] as const),
  );
  const bytes = encodeBody(fields);
  return crc32(bytes, 0, bytes.length).toString(16).padStart(8, '0');
}
