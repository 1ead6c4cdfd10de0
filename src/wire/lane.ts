/**
 * The two ways to a neighbour that carry protocols. A third, `management`, is beneath the node: it
 * is never shaped and never seen by a protocol.
 *
 * - `stream`: ordered and reliable while the link is open; for bulk and for what must arrive.
 * - `datagram`: unordered, no retransmits; for heartbeats and gossip, where late is worse than lost.
 */
export type Lane = 'stream' | 'datagram';

/** A data channel message that every browser delivers whole, and small enough that lanes can take turns. */
export const CHUNK_BYTES = 16 * 1024;

/** The largest frame. A class never sends more in one message; a sender that claims more is wrong or hostile. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** What fits in one chunk goes as one datagram; a larger frame travels on the stream whatever its lane. */
export const MAX_DATAGRAM_BYTES = CHUNK_BYTES;

/** Where rules act, each frame carries in front which network its sender obeys (`network/label.ts`). */
export const LABEL_BYTES = 4;

/** So much a transport carries in one piece: the largest frame of a node, and a label. */
export const MAX_CARRIED_BYTES: { readonly [L in Lane]: number } = {
  stream: MAX_FRAME_BYTES + LABEL_BYTES,
  datagram: MAX_DATAGRAM_BYTES + LABEL_BYTES,
};

/**
 * What became of a frame that was handed over. `sent` promises nothing about its arrival; the
 * others say that it certainly will not arrive.
 */
export type SendOutcome =
  | 'sent'
  /** No open link to that node. */
  | 'no-link'
  /** The queue to that neighbour is full: the sender is faster than the link. */
  | 'overflow'
  /** Larger than what is carried. */
  | 'too-large';
