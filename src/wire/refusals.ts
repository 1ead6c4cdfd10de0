// What pages say of themselves stands alone: the rest comes with the server's answer, and is fetched by no tab.
export const ROOM_FULL_TEXT = 'This room is full. Ask your teacher to raise its size.';
export const ROOM_LOCKED_TEXT =
  'This room is locked. Ask your teacher to unlock it, then try again.';
export const ROOM_ENDED_TEXT = 'This room has ended. Ask your teacher for a new code.';
export const TOO_LARGE_TEXT = 'This message is larger than the server takes.';

/**
 * Every way in which the server says no, by name, with the sentence that a person sees: what
 * happened and what to do. Counters and tests use the names.
 */
export const REFUSALS = {
  'unknown-room': 'There is no room with this code. Check the six letters on the board.',
  'room-full': ROOM_FULL_TEXT,
  'room-locked': ROOM_LOCKED_TEXT,
  'room-ended': ROOM_ENDED_TEXT,
  'too-many-rooms': 'This server holds as many rooms as it may. End one that is no longer used.',
  'too-many-observers': 'Too many pages already watch this room. Close one of them.',
  'wrong-key':
    'This is not the teacher’s key of this room. Open the Teach link that the server printed.',
  'god-view-off':
    'Your teacher does not allow this room to be seen from above now. Reload this page when it is allowed.',
  'id-taken': 'Another tab holds this node’s id. This tab takes a new one.',
  superseded: 'This node is now open in another tab. Close this one, or start here as a new node.',
  removed: 'Your teacher removed this node from the room.',
  'not-entered': 'Enter a room first.',
  'not-you': 'A message claimed to come from another node. It was dropped.',
  'not-teacher': 'Only the teacher may do this.',
  'unknown-node': 'No such node is in this room now.',
  'bad-rule': 'A figure is out of its bounds. Nothing was changed.',
  'too-many-rules': 'So many rules are more than a room takes. Heal what is no longer needed.',
  'changed-meanwhile': 'The network was changed meanwhile, so there is nothing to take back.',
  'not-done': 'The node did not do it.',
  'no-answer': 'This node’s tab did not answer in time. It may be frozen.',
  'link-cut': 'The teacher has cut the link between these two nodes.',
  'stale-nonce': 'A signal of an older connection attempt was dropped.',
  'bad-message': 'The server could not read this message. It was dropped.',
  'too-large': TOO_LARGE_TEXT,
  'too-fast': 'Too many messages at once. Wait a moment.',
  'not-saved':
    'The server could not write this to its disk. Ask whoever runs it to make room there.',
  closing: 'The server is shutting down.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;
