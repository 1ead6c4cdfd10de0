/**
 * How the messages of each protocol are drawn, the same in every view: the colour is the protocol,
 * filled is a request or news, hollow is a reply.
 */
export interface ProtocolLook {
  /** In words, for legends and filters. */
  readonly name: string;
  /** A token of `ui/tokens.css` that holds 3:1 on every ground. */
  readonly color: string;
}

/** What is on the wire today. A new protocol takes a line here. */
const LOOKS: ReadonlyMap<string, ProtocolLook> = new Map([
  ['flood', { name: 'messages', color: 'var(--hue-blue)' }],
  ['ping', { name: 'pings', color: 'var(--hue-green)' }],
  ['timesync', { name: 'clock sync', color: 'var(--hue-pink)' }],
]);

/** Which is left for protocols that have no line of their own. */
const OTHER = 'var(--hue-amber)';

export function lookOfProtocol(protocol: string): ProtocolLook {
  return LOOKS.get(protocol) ?? { name: protocol, color: OTHER };
}

/** What protocols call the messages that answer another. */
const REPLIES: ReadonlySet<string> = new Set(['pong', 'answer', 'ack', 'reply']);

/** @param kind what the protocol calls the message; empty if it has only one */
export function isReply(kind: string): boolean {
  return REPLIES.has(kind);
}

/** In the order in which they are listed. */
export const PROTOCOLS: readonly string[] = [...LOOKS.keys()];
