import type { NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';

/**
 * Which messages are told of when not all can be. Both ends of a message must choose alike, so a hash
 * of its sender and its number decides: at level k one in 2^k is kept, and whatever is kept at a
 * level is kept at all lower ones.
 */

/** One in 65,536: no tab sends so much that this would not be enough. */
export const MAX_SAMPLING_LEVEL = 16;

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The highest level at which this message is still kept. */
export function levelOf(sender: NodeId, message: number): number {
  let hash = FNV_START;
  for (let i = 0; i < sender.length; i++) {
    hash = Math.imul(hash ^ sender.charCodeAt(i), FNV_PRIME);
  }
  hash = Math.imul(hash ^ message, 0x9e3779b1);
  // The lowest bits of a product depend on few others: they are mixed with the highest.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  const zeros = Math.clz32(hash & -hash);
  return Math.min(MAX_SAMPLING_LEVEL, hash === 0 ? MAX_SAMPLING_LEVEL : 31 - zeros);
}

/** What may be left out: the rest is rare, and tells what the rest of the picture hangs on. */
export function isCommon(event: TraceEvent): event is MessageEvent {
  return event.type === 'send' || event.type === 'receive';
}
export type MessageEvent = Extract<TraceEvent, { type: 'send' | 'receive' }>;

export function levelOfEvent(event: MessageEvent): number {
  return levelOf(event.type === 'send' ? event.node : event.from, event.message);
}
