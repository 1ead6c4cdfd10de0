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

/** What is on the wire, in the order in which it is listed. A new protocol takes a line here. */
const LOOKS: ReadonlyMap<string, ProtocolLook> = new Map([
  ['gossip', { name: 'news', color: 'var(--hue-blue)' }],
  ['election', { name: 'elections', color: 'var(--hue-amber)' }],
  ['requests', { name: 'requests', color: 'var(--hue-amber)' }],
  ['channels', { name: 'apps', color: 'var(--ink-2)' }],
  ['membership', { name: 'heartbeats', color: 'var(--hue-green)' }],
  ['overlay', { name: 'views', color: 'var(--hue-olive)' }],
  ['adjacency', { name: 'routes', color: 'var(--mark)' }],
  ['timesync', { name: 'clock sync', color: 'var(--hue-pink)' }],
  // The textbook's examples, which the simulator and older recordings have.
  ['flood', { name: 'messages', color: 'var(--hue-blue)' }],
  ['ping', { name: 'pings', color: 'var(--hue-green)' }],
]);

/** They go on whatever a lesson does, and are most of what there is: drawn so that the rest stands out. */
const BACKGROUND: ReadonlySet<string> = new Set([
  'membership',
  'overlay',
  'adjacency',
  'timesync',
  'ping',
]);

/** Which is left for protocols that have no line of their own. */
const OTHER = 'var(--ink-2)';

export function lookOfProtocol(protocol: string): ProtocolLook {
  return LOOKS.get(protocol) ?? { name: protocol, color: OTHER };
}

/** What protocols call the messages that answer another. */
const REPLIES: ReadonlySet<string> = new Set(['pong', 'answer', 'ack', 'nack', 'reply']);

/** @param kind what the protocol calls the message; empty if it has only one */
export function isReply(kind: string): boolean {
  return REPLIES.has(kind);
}

export function isBackground(protocol: string): boolean {
  return BACKGROUND.has(protocol);
}

/** In the order in which they are listed; those without a line of their own come last. */
export function inOrder(protocols: Iterable<string>): readonly string[] {
  const seen = new Set(protocols);
  const known = [...LOOKS.keys()].filter((protocol) => seen.delete(protocol));
  return [...known, ...[...seen].sort()];
}
