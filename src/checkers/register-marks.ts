import type { Json } from '../vocabulary.ts';

/**
 * How new an answer of a register was, read from what was noted of it. It is told apart from what the
 * registers themselves do with their marks, which is what it judges.
 */

type Fields = { readonly [field: string]: Json };

/**
 * Did whoever answered with `mark` know what `earlier` wrote or returned? Marks of many lives
 * ({made, knew}) are compared life by life, marks of versions ({run, version}) within a run. Where
 * nothing can be said, nothing is held against it.
 */
export function coversMark(mark: Json, earlier: Json): boolean {
  if (!isFields(mark) || !isFields(earlier)) return true;
  const { knew, run, version } = mark;
  if (isFields(knew) && isFields(earlier['made']))
    return Object.entries(earlier['made']).every(
      ([life, count]) => numberOf(knew[life]) >= numberOf(count),
    );
  if (run === undefined || run !== earlier['run']) return true;
  return compareVersions(version, earlier['version']) >= 0;
}

function compareVersions(a: Json | undefined, b: Json | undefined): number {
  if (!isFields(a) || !isFields(b)) return Number(isFields(a)) - Number(isFields(b));
  const byCount = numberOf(a['count']) - numberOf(b['count']);
  if (byCount !== 0) return byCount;
  const [one, other] = [JSON.stringify(a['by']), JSON.stringify(b['by'])];
  if (one !== other) return one > other ? 1 : -1;
  return numberOf(a['life']) - numberOf(b['life']);
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
