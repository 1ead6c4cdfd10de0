import type { IntentId, Kind } from '../intent.ts';
import type { Pieces } from '../whole/pieces.ts';

/**
 * Texts that are shown one after the other double what they share, with every new conflict once more:
 * thirty who type at once would fill a computer's memory within seconds. In what is longer than this,
 * a page or two, each letter is shown once.
 */
export const MAX_DOUBLED_LENGTH = 4_000;

/** What somebody sees, and writes in place of, who reads all siblings of a field. Nothing is left out. */
export function unite(kind: Kind, siblings: readonly Pieces[]): Pieces {
  if (siblings.length === 1) return siblings[0]!;
  const pieces = siblings.flat();
  return kind === 'text' && pieces.length <= MAX_DOUBLED_LENGTH ? pieces : distinct(pieces);
}

/** Each atom once, where it stands first. */
function distinct(pieces: Pieces): Pieces {
  const found = new Map<IntentId, Set<number>>();
  return pieces.filter(({ atom: { intent, index } }) => {
    const indexes = found.get(intent);
    if (indexes === undefined) found.set(intent, new Set([index]));
    else if (indexes.has(index)) return false;
    else indexes.add(index);
    return true;
  });
}
