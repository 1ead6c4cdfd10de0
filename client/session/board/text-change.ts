import { MAX_TYPED_LENGTH, type Deed } from '../../../src/merge/intent.ts';
import { MAX_TAKEN } from '../../../src/merge/messages.ts';

/**
 * What one edit of a text did: at one place some UTF-16 units went, and others came. Pure; no pair of
 * surrogates is ever torn.
 */
export interface TextChange {
  readonly position: number;
  readonly erased: number;
  readonly typed: string;
}

/** The least that makes one text of the other; null if they are equal. */
export function changeBetween(before: string, after: string): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  if (tears(before, start) || tears(after, start)) start -= 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (tears(before, before.length - end) || tears(after, after.length - end)) end -= 1;
  return {
    position: start,
    erased: before.length - end - start,
    typed: after.slice(start, after.length - end),
  };
}

export function applyChange(text: string, { position, erased, typed }: TextChange): string {
  return text.slice(0, position) + typed + text.slice(position + erased);
}

/**
 * The same change to a text that another has changed meanwhile: what both erased is erased once, and
 * what the other typed just before it or behind it stays.
 */
export function rebased(change: TextChange, other: TextChange | null): TextChange {
  if (other === null) return change;
  const isBehind = change.erased > 0 && change.position === other.position;
  const position = carried(change.position, other) + (isBehind ? other.typed.length : 0);
  const end = carriedEnd(change.position + change.erased, other);
  return { ...change, position, erased: Math.max(0, end - position) };
}

/** Where a place of the text is after the change; one within what was erased is at its end. */
export function carried(position: number, { position: at, erased, typed }: TextChange): number {
  if (position <= at) return position;
  return Math.max(position - erased, at) + typed.length;
}

/** As `carried`, for the end of what is erased: it is before what is typed there. */
function carriedEnd(position: number, change: TextChange): number {
  const { position: at, erased } = change;
  return position <= at + erased ? Math.min(position, at) : carried(position, change);
}

/** As the board takes it: in parts, where one edit may not have as much. */
export function deedsOf(key: string, { position, erased, typed }: TextChange): Deed[] {
  const deeds: Deed[] = [];
  for (let left = erased; left > 0; left -= MAX_TAKEN)
    deeds.push({ do: 'erase', key, position, count: Math.min(left, MAX_TAKEN) });
  let at = position;
  for (const text of partsOf(typed)) {
    deeds.push({ do: 'type', key, position: at, text });
    at += text.length;
  }
  return deeds;
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const whole = Math.min(text.length, start + MAX_TYPED_LENGTH);
    const end = tears(text, whole) ? whole - 1 : whole;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** A cut there would leave half a character on either side. */
function tears(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));
}
