import type { ElsewherePicture, UnseenPicture } from '../../session/board/elsewhere.ts';

/** More names of one kind are a number. */
const MOST_NAMED = 3;

/** How the boards of others stand to this one, in a sentence or two; empty where there is none. */
export function elsewhereWords({ known, inReach, away, behind, edits }: ElsewherePicture): string {
  if (known === 0) return '';
  if (away.length === 0 && behind.length === 0)
    return `No difference is known to the ${inReach === 1 ? 'board of one other' : `boards of ${inReach} others`}.`;
  const told: string[] = [];
  if (away.length > 0) {
    told.push(
      `Out of reach: ${named(away)}. What they write meanwhile my node cannot know${
        edits === 0
          ? '.'
          : `, nor whether they have ${count(edits)} that ${edits === 1 ? 'is' : 'are'} here.`
      }`,
    );
  }
  if (behind.length > 0) {
    const verb = behind.length === 1 ? 'lacks' : 'lack';
    told.push(`${named(behind)} still ${verb} what my node has told.`);
  }
  return told.join(' ');
}

/** Of one field. */
export function unseenWords({ edits, by }: UnseenPicture): string {
  return `As far as my node knows, ${named(by)} ${by.length === 1 ? 'has' : 'have'} not got ${count(edits)} of this.`;
}

function count(edits: number): string {
  return edits === 1 ? 'one edit' : `${edits} edits`;
}

function named(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  if (rest > 1) return `${names.slice(0, MOST_NAMED).join(', ')} and ${rest} more`;
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
