import type { NodeId } from '../vocabulary.ts';
import type { Broadcast } from './broadcast.ts';
import {
  MAX_TOGETHER,
  MAX_TOGETHER_BYTES,
  type GossipMessage,
  type Kind,
  type Told,
} from './messages.ts';

/** A broadcast as it travels, and about how many bytes it takes. */
export interface Parcelled {
  readonly told: Told;
  readonly bytes: number;
}

/** Beside its payload: names of fields, ids, numbers. */
const BYTES_OF_A_HEAD = 80;
const BYTES_OF_A_PAST = 32;
const BYTES_OF_AN_ID = 11;

export function sizeOf(payloadBytes: number, pasts: number): number {
  return BYTES_OF_A_HEAD + payloadBytes + pasts * BYTES_OF_A_PAST;
}

/** @param to who is told it in the same go, if that has to be said */
export function parcelOf(broadcast: Broadcast, to: readonly NodeId[] = []): Parcelled {
  const { origin, life, sequence, payload, hops, after } = broadcast;
  return {
    told: { origin, life, sequence, payload, after: [...after], hops, told: [...to] },
    bytes: broadcast.bytes + to.length * BYTES_OF_AN_ID,
  };
}

/** Broadcasts in as few messages as their size allows. */
export function tellMessages(
  how: Kind<'tell'>['how'],
  parcels: readonly Parcelled[],
): GossipMessage[] {
  return inParts(parcels).map((part) => ({
    ...{ type: 'tell', how },
    broadcasts: part.map(({ told }) => told),
  }));
}

/** The same things in their order, in parts that fit into a message each. */
export function inParts<Item extends { readonly bytes: number }>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    bytes += item.bytes;
    if (bytes > MAX_TOGETHER_BYTES || parts.at(-1)!.length === MAX_TOGETHER) {
      parts.push([]);
      bytes = item.bytes;
    }
    parts.at(-1)!.push(item);
  }
  return parts;
}
