import type { RegisterSetting } from '../../network/register-setting.ts';
import { refused, type Outcome } from '../outcome.ts';
import { MAX_KEY_LENGTH } from './cell.ts';

/** Nothing was sent. */
export function noQuorum(
  { n, sloppy }: RegisterSetting,
  what: 'read' | 'write',
  needs: number,
  reached: number,
): Outcome {
  const copies = sloppy ? 'copies and those that stand in for them' : 'copies';
  return refused(
    'no-quorum',
    `A ${what} needs ${needs} of the ${n} ${copies}, and this node reaches ${reached}. Try again when more can be reached.`,
  );
}

/** Of a write this is said only while nobody can have taken it. */
export function noAnswer(what: 'read' | 'write', needs: number, heard: number): Outcome {
  return refused(
    'no-answer',
    `A ${what} needs the answers of ${needs} copies, and ${heard} came in time. Try again.`,
  );
}

export const FULL = refused('full', 'Those that keep copies of this key have no room for another.');
export const BUSY = refused('busy', 'Too much is under way at this node. Wait for some of the answers, and try again.'); // prettier-ignore
export const CHANGED = refused('changed', 'The class has chosen another setting, whose registers begin empty. Try again.'); // prettier-ignore
export const NOT_CHOSEN = refused('not-chosen', 'This node has heard of no setting for the registers yet. Try again soon.'); // prettier-ignore
export const BAD_KEY = refused('bad-key', `A key is text of 1 to ${MAX_KEY_LENGTH} characters.`);
export const BAD_VALUE = refused('bad-value', 'A value is plain JSON of at most 4 KiB.');
