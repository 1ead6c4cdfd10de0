import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { Cone } from '../../../src/trace/cone.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { ReceiveEvent, SendEvent } from '../../../src/trace/messages.ts';
import { levelOf, MAX_SAMPLING_LEVEL } from '../../../src/trace/sampling.ts';
import { tickOf } from '../../../src/trace/timeline.ts';
import type { Weight } from './picture.ts';

/**
 * Three for each pixel of a laptop's width: beyond it lines cover each other and nobody can follow
 * one, and they are most of what a frame costs.
 */
export const MAX_DRAWN_MESSAGES = 4_000;

/** Which sending a receipt is of, looked up once: it is asked anew in every frame. */
export class Pairs {
  private readonly known = new WeakMap<ReceiveEvent, SendEvent>();
  private readonly firsts = new WeakMap<SendEvent, ReceiveEvent>();

  sendOf(receive: ReceiveEvent, chronicle: Chronicle): SendEvent | undefined {
    let send = this.known.get(receive);
    if (send !== undefined) return send;
    send = chronicle.causality.sendOf(receive);
    if (send === undefined) return undefined;
    this.known.set(receive, send);
    const first = this.firsts.get(send);
    if (first === undefined || tickOf(receive) < tickOf(first)) this.firsts.set(send, receive);
    return send;
  }

  /** One that arrived before had the same message; two of one moment are told apart by their order. */
  isCopy(receive: ReceiveEvent, send: SendEvent, chronicle: Chronicle): boolean {
    const firstAt = chronicle.flight(send)?.arrivesAt ?? receive.at;
    return firstAt < receive.at || this.firsts.get(send) !== receive;
  }
}

/**
 * The least level at which no more messages are left than may be drawn. A message is drawn at all
 * levels up to its own, so while one scrolls none comes and goes.
 */
export function thinningLevel(levels: readonly number[], most = MAX_DRAWN_MESSAGES): number {
  const at = Array.from({ length: MAX_SAMPLING_LEVEL + 1 }, () => 0);
  for (const level of levels) at[level]! += 1;
  let left = levels.length;
  let level = 0;
  while (left > most && level < MAX_SAMPLING_LEVEL) left -= at[level++]!;
  return level;
}

export function levelOfMessage({ node, message }: SendEvent): number {
  return levelOf(node, message);
}

/** An event's own weight. */
export function weightOf(event: TraceEvent, cone: Cone | null): Weight {
  if (cone === null) return 'plain';
  const order = cone.orderOf(event);
  return order === 'concurrent' ? 'faint' : order === 'after' ? 'future' : 'past';
}

/** A message is in the past if its receipt is, and in the future if its sending is. */
export function weightOfMessage(
  send: SendEvent,
  receive: ReceiveEvent | null,
  cone: Cone | null,
): Weight {
  if (cone === null) return 'plain';
  if (receive !== null && weightOf(receive, cone) === 'past') return 'past';
  const order = cone.orderOf(send);
  return order === 'after' || order === 'equal' ? 'future' : 'faint';
}
