import { refused } from '../outcome.ts';
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from './cell.ts';

export const BAD_KEY = refused('bad-key', `A key is text of 1 to ${MAX_KEY_LENGTH} characters.`);
export const BAD_VALUE = refused('bad-value', `A value is plain JSON of at most ${MAX_VALUE_LENGTH} characters.`); // prettier-ignore
export const BUSY = refused('busy', 'Too much is under way. Wait for some of the answers, and try again.'); // prettier-ignore
export const UNREACHABLE = refused('unreachable', 'The node that was to answer cannot be reached. Ask another one.'); // prettier-ignore
export const NO_ANSWER = refused('no-answer', 'No answer came in time, so nothing was read. Try again.'); // prettier-ignore
export const BEHIND = refused('behind', 'Nobody who was asked has all yet that this client has written and seen. Try again later.'); // prettier-ignore
