import type { NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { tickOf } from './timeline.ts';

export type SendEvent = Extract<TraceEvent, { type: 'send' }>;
export type ReceiveEvent = Extract<TraceEvent, { type: 'receive' }>;

/**
 * Which receipt is of which sending. Messages are numbered anew in each life of their sender, and a
 * receipt does not say of which life its message was; but a sending that the receipt does not know of
 * is not its own. All is O(1) but for the few lives or copies that share a number.
 */
export class Messages {
  private readonly sends = new Map<string, SendEvent[]>();
  private readonly receipts = new Map<string, ReceiveEvent[]>();

  add(event: TraceEvent): void {
    if (event.type === 'send') put(this.sends, keyOfSend(event), event);
    if (event.type === 'receive') put(this.receipts, keyOfReceive(event), event);
  }

  remove(event: TraceEvent): void {
    if (event.type === 'send') take(this.sends, keyOfSend(event), event);
    if (event.type === 'receive') take(this.receipts, keyOfReceive(event), event);
  }

  /** Of the newest life that fits, if several do; undefined if it was not recorded. */
  sendOf(receive: ReceiveEvent): SendEvent | undefined {
    let newest: SendEvent | undefined;
    for (const send of this.sends.get(keyOfReceive(receive)) ?? []) {
      if (!mayBe(send, receive)) continue;
      if (newest === undefined || send.incarnation > newest.incarnation) newest = send;
    }
    return newest;
  }

  /** None for a message that was lost or whose receipt was not recorded, several for one with copies. */
  receiptsOf(send: SendEvent): readonly ReceiveEvent[] {
    const all = this.receipts.get(keyOfSend(send)) ?? [];
    return all.filter((receive) => this.sendOf(receive) === send);
  }
}

function mayBe(send: SendEvent, receive: ReceiveEvent): boolean {
  if (send.protocol !== receive.protocol || send.bytes !== receive.bytes) return false;
  const known = receive.vector[send.node];
  // A clock that was full when the sender was new to it has no entry of the sender.
  return known === undefined ? send.lamport < receive.lamport : tickOf(send) <= known;
}

function keyOfSend({ node, to, message }: SendEvent): string {
  return keyOf(node, to, message);
}

function keyOfReceive({ from, node, message }: ReceiveEvent): string {
  return keyOf(from, node, message);
}

function keyOf(from: NodeId, to: NodeId, message: number): string {
  return `${from}>${to}#${message}`;
}

function put<T>(map: Map<string, T[]>, key: string, item: T): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [item]);
  else there.push(item);
}

function take<T>(map: Map<string, T[]>, key: string, item: T): void {
  const left = (map.get(key) ?? []).filter((other) => other !== item);
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
}
