import type { RefusalCode } from '../../src/wire/refusals.ts';

/** The headline over the sentence that the server sends with a refusal. */
const TITLES: { readonly [Code in RefusalCode]?: string } = {
  'unknown-room': 'No such room',
  'room-full': 'The room is full',
  'room-locked': 'The room is locked',
  'room-ended': 'The room has ended',
  'too-many-rooms': 'No more rooms',
  'too-many-observers': 'Too many watch already',
  'wrong-key': 'Not the teacher’s key',
  'god-view-off': 'Not to be seen from above',
  'id-taken': 'This id is taken',
  superseded: 'Open in another tab',
  removed: 'Out of the room',
  'not-saved': 'Not saved',
  'too-fast': 'Too fast',
  closing: 'The server is closing',
};

/** For the codes that a person should never see, because they mean a fault in the page. */
const OTHER_TITLE = 'The server said no';

export function refusalTitle(code: RefusalCode): string {
  return TITLES[code] ?? OTHER_TITLE;
}

/** After these, the same attempt cannot succeed, so the way out is another room. */
export function isHopeless(code: RefusalCode): boolean {
  return code === 'unknown-room' || code === 'room-ended';
}
