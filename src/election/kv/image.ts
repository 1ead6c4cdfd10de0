import type { Json } from '../../vocabulary.ts';
import { isKey, REFUSALS } from './commands.ts';
import type { KeptSession } from './sessions.ts';

/** All that a node holds of the store: what a snapshot says. */
export interface Image {
  /** The canonical text of what each key holds. */
  readonly entries: readonly (readonly [key: string, text: string])[];
  readonly sessions: readonly KeptSession[];
}

export const EMPTY: Image = { entries: [], sessions: [] };

export function isImage(state: Json): boolean {
  const { entries, sessions } = (state ?? {}) as { readonly [field: string]: Json | undefined };
  return isListOf(entries, isEntry) && isListOf(sessions, isSession);
}

function isEntry(entry: Json): boolean {
  return Array.isArray(entry) && isKey(entry[0]) && typeof entry[1] === 'string';
}

function isSession(session: Json): boolean {
  if (!Array.isArray(session)) return false;
  const [id, used, acked, answers] = session as readonly Json[];
  const counts = [used, acked].every(Number.isSafeInteger);
  return typeof id === 'string' && counts && isListOf(answers, isAnswer);
}

function isAnswer(answer: Json): boolean {
  if (!Array.isArray(answer)) return false;
  const [number, reason] = answer as readonly Json[];
  return (
    Number.isSafeInteger(number) &&
    (reason === null || (REFUSALS as readonly unknown[]).includes(reason))
  );
}

function isListOf(list: Json | undefined, isItem: (item: Json) => boolean): boolean {
  return Array.isArray(list) && (list as readonly Json[]).every(isItem);
}
