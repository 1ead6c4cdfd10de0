import type { ClassSheet, SheetRow } from './class-sheet.ts';

/** More names of one side are a number. */
const MAX_NAMES = 4;

/** Who shows the same board as whom, in a sentence. */
export function agreement({ rows, groups }: ClassSheet): string {
  const without = rows.length - groups.flat().length;
  const rest = without === 0 ? '' : ` ${without} ${without === 1 ? 'has' : 'have'} no board yet.`;
  const [first, ...others] = groups;
  if (first === undefined) return `Nobody has a board yet.`;
  if (others.length === 0)
    return first.length === 1
      ? `Only ${first[0]!.name} has a board.${rest}`
      : `All ${first.length} show the same.${rest}`;
  return `${groups.length} different boards: ${groups.map(namesOf).join(' | ')}.${rest}`;
}

function namesOf(group: readonly SheetRow[]): string {
  const names = group.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = group.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
