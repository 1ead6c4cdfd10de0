import type { NodeId } from '../../src/vocabulary.ts';

/**
 * The life of a link to one other tab. Only one of the two calls, so two calls never cross; the other
 * waits to be called, and knocks when the call does not come.
 *
 *            want (caller)               joined
 *     idle ───────────────► connecting ─────────► open
 *      │                      ▲   │ lost           │ lost
 *      │ want (callee)  offer │   ▼                ▼
 *      └────────────► expecting ◄────── (callee) ──┤
 *                           resting ◄── (caller) ──┘
 *                             │ retry, knock
 *                             └───────► connecting
 *
 * `unwant` leads to idle from everywhere. A phase that is entered again begins anew: a fresh call, a
 * fresh knock, a fresh rest.
 */
export type LinkPhase = 'idle' | 'resting' | 'expecting' | 'connecting' | 'open';

export type LinkEvent =
  /** The other tab should be linked. */
  | 'want'
  /** It should not: unplugged, gone, removed, or this tab is. */
  | 'unwant'
  /** The wait of a resting or expecting link is over. */
  | 'retry'
  /** The other asks to be called. */
  | 'knock'
  /** The other calls, in an attempt not seen before. */
  | 'offer'
  /** Both have said hello. */
  | 'joined'
  /** The attempt failed, or the open link closed. */
  | 'lost';

/** `null`: nothing changes. A phase, even the present one: it is entered. */
type Table = Record<LinkPhase, Record<LinkEvent, LinkPhase | null>>;

const CALLER: Table = {
  idle: {
    want: 'connecting',
    unwant: null,
    retry: null,
    knock: null,
    offer: null,
    joined: null,
    lost: null,
  },
  resting: {
    want: null,
    unwant: 'idle',
    retry: 'connecting',
    knock: 'connecting',
    offer: null,
    joined: null,
    lost: null,
  },
  expecting: {
    want: null,
    unwant: 'idle',
    retry: 'connecting',
    knock: 'connecting',
    offer: null,
    joined: null,
    lost: null,
  },
  connecting: {
    want: null,
    unwant: 'idle',
    retry: null,
    knock: null,
    offer: null,
    joined: 'open',
    lost: 'resting',
  },
  open: {
    want: null,
    unwant: 'idle',
    retry: null,
    knock: 'connecting',
    offer: null,
    joined: null,
    lost: 'resting',
  },
};

const CALLEE: Table = {
  idle: {
    want: 'expecting',
    unwant: null,
    retry: null,
    knock: null,
    offer: null,
    joined: null,
    lost: null,
  },
  resting: {
    want: null,
    unwant: 'idle',
    retry: 'expecting',
    knock: null,
    offer: 'connecting',
    joined: null,
    lost: null,
  },
  expecting: {
    want: null,
    unwant: 'idle',
    retry: 'expecting',
    knock: null,
    offer: 'connecting',
    joined: null,
    lost: null,
  },
  connecting: {
    want: null,
    unwant: 'idle',
    retry: null,
    knock: null,
    offer: 'connecting',
    joined: 'open',
    lost: 'expecting',
  },
  open: {
    want: null,
    unwant: 'idle',
    retry: null,
    knock: null,
    offer: 'connecting',
    joined: null,
    lost: 'expecting',
  },
};

/**
 * Which of two tabs calls the other, known to both: of every two it is one, and everybody calls about
 * half of the others. Were it always the lower id, the lowest would call all of a class, and be waited for.
 */
export function callsOther(self: NodeId, other: NodeId): boolean {
  const even = (lastCharacter(self) + lastCharacter(other)) % 2 === 0;
  return even === self < other;
}

function lastCharacter(id: NodeId): number {
  return id.charCodeAt(id.length - 1);
}

export function nextPhase(calls: boolean, phase: LinkPhase, event: LinkEvent): LinkPhase | null {
  return (calls ? CALLER : CALLEE)[phase][event];
}
