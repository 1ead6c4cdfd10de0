import type { ClockPicture } from '../../session/board/board-picture.ts';
import { duration } from '../words.ts';

/** More than these is a class whose clocks nobody has set. */
const MOST_NAMED = 2;

/** Which clocks are wrong, in a sentence. */
export function clockWords(clocks: readonly ClockPicture[]): string {
  const told = clocks.slice(0, MOST_NAMED).map(({ name, aheadMs }) => {
    const way = aheadMs > 0 ? 'ahead of' : 'behind';
    return `${name}’s clock is ${duration(Math.abs(aheadMs))} ${way} most.`;
  });
  const rest = clocks.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'is' : 'are'} wrong.`] : [])].join(
    ' ',
  );
}
