import { ENGINE_WORDS } from './engine-words.ts';
import type { EnginePicture, Phrase } from './board-picture.ts';

type Counted = Pick<EnginePicture, 'name' | 'fates'>;

/** 'Last write wins lost 31 of 212 writes. Yjs lost 6. The rest lost none.' */
export function headlineOf(engines: readonly Counted[], writes: number): readonly Phrase[] {
  if (writes === 0) return [plain('Nothing on the board yet.')];
  const losers = engines.filter(({ fates }) => fates.lost > 0);
  const all = `${writes} ${writes === 1 ? 'write' : 'writes'}`;
  if (losers.length === 0) return [plain(`${all}, and no engine has lost any.`)];
  const told = losers.flatMap(({ name, fates }, nth) => {
    const { subject } = ENGINE_WORDS[name];
    const isFirst = nth === 0;
    const strong = isFirst ? `${fates.lost} of ${writes}` : String(fates.lost);
    const rest = isFirst ? (writes === 1 ? ' write. ' : ' writes. ') : '. ';
    return [plain(`${subject} lost `), { text: strong, strong: true }, plain(rest)];
  });
  const others = engines.length - losers.length;
  const rest = others === 0 ? '' : others === 1 ? lastOf(engines) : 'The rest lost none.';
  return rest === '' ? told : [...told, plain(rest)];
}

function lastOf(engines: readonly Counted[]): string {
  const { name } = engines.find(({ fates }) => fates.lost === 0)!;
  return `${ENGINE_WORDS[name].subject} lost none.`;
}

function plain(text: string): Phrase {
  return { text, strong: false };
}
