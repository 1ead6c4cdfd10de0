import type { NodeId, RoomCode } from '../../../src/vocabulary.ts';
import type { Timers } from '../timers.ts';
import { trueTime } from '../true-time.ts';
import type { DiskTrouble } from './disk-trouble.ts';
import { TabDisk } from './tab-disk.ts';

/**
 * The disks that this browser keeps, and since when each was not used. A tab that was closed for good
 * never says so, so its disk can only be thrown away by others, later: see `tidy-shelf.ts`.
 */

/** What the time is stored under, before room and id. */
export const LAST_USED = 'netsplit.disk.';

/** A tab keeps its id from room to room, and in each it is another node: it begins with nothing. */
export function diskName(room: RoomCode, id: NodeId): string {
  return `netsplit.node.${room}.${id}`;
}

/** Takes the node's disk from the shelf, or a new one. See `TabDisk.open`. */
export async function takeDisk(
  room: RoomCode,
  id: NodeId,
  timers: Timers,
  lost: (trouble: DiskTrouble) => void,
): Promise<TabDisk> {
  const disk = await TabDisk.open(diskName(room, id), timers, lost);
  try {
    // An entry for each disk, so that two tabs never write over each other's.
    localStorage.setItem(`${LAST_USED}${room}.${id}`, String(Math.round(trueTime())));
  } catch {
    // No room for that little: then nobody will throw the disk away, and that is all.
  }
  return disk;
}
