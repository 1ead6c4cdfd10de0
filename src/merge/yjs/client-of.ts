import { crc32 } from '../../wire/crc32.ts';
import { encodeBody } from '../../wire/body.ts';
import { keyOf, type Replica } from '../intent.ts';

const HIGH_BITS = 2 ** 20;
const LOW_BITS = 2 ** 32;

/**
 * Yjs knows a replica by a number, and of two concurrent writes to a map keeps that of the higher one.
 * Usually it is drawn; here it follows from the replica, so that the same lesson replays alike. Of 52
 * bits: 4,096 replicas share one in half a billion rooms.
 */
export function clientOf(replica: Replica): number {
  const key = keyOf(replica);
  return (checksum(`netsplit ${key}`) % HIGH_BITS) * LOW_BITS + checksum(key);
}

function checksum(text: string): number {
  const bytes = encodeBody(text);
  return crc32(bytes, 0, bytes.length) >>> 0;
}
