import { makeNodeId, parseRoomCode, type NodeId } from '../../../src/vocabulary.ts';
import type { RoomInfo } from '../../../src/wire/signaling-messages.ts';

/** Sixty animals, the first the shortest; one of the longest names that there can be. */
export const ANIMALS =
  `Heron Ibex Tern Otter Lynx Mole Wren Newt Crow Dove Finch Gecko Hare Jackdaw Kestrel Lapwing
Marten Nightingale Osprey Plover Quail Raven Stoat Toad Vole Weasel Yak Zebra Adder Badger Civet Dormouse Eel Ferret
Grebe Hoopoe Impala Jay Kite Lemur Moose Narwhal Oryx Pika Rook Seal Tapir Urial Viper Wombat Alpaca Bison Curlew
Dingo Ermine Falcon Gull Hyena Jerboa Koala`.split(/\s+/);

export const LONG_NAME = 'Wilhelmina Mammoth-Wwwww';

export function idOf(index: number): NodeId {
  // Scattered, so that the order of ids is not the order of names, as in a class. The alphabet of
  // ids has 32 letters, so the second letter tells apart what the first repeats.
  const bytes = new Uint8Array(10).fill(7);
  bytes[0] = index * 13;
  bytes[1] = Math.floor(index / 32);
  return makeNodeId(bytes);
}

const code = parseRoomCode('K7MHTA');
if (code === undefined) throw new Error('the fixtures need a valid code');
export const CODE = code;

export const ROOM: RoomInfo = {
  code: CODE,
  name: 'Physics 9b, every Monday',
  locked: false,
  capacity: 12,
  godView: false,
};
