import { deleteDB } from 'idb';
import type { NodeId, RoomCode } from '../../../src/vocabulary.ts';
import type { Timers } from '../timers.ts';
import { trueTime } from '../true-time.ts';
import type { DiskTrouble } from './disk-trouble.ts';
import { TabDisk } from './tab-disk.ts';

/**
 * The disks that this browser keeps, and since when each was not used. A tab that was closed for good
 * never says so, so its disk can only be thrown away by others, later.
 */

/** A browser that brings back its last windows brings back their nodes; few windows have more of them. */
export const MAX_KEPT_DISKS = 16;

const LAST_USED = 'netsplit.disk.';

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

/**
 * Throws away the disks that were not used for longest, so that few are kept beside those in use.
 *
 * @param inUse whether some tab is that node now; it is asked only of those that would be thrown away
 */
export async function tidyShelf(inUse: (id: NodeId) => Promise<boolean>): Promise<void> {
  // Side by side, for one that some tab has open after all is only deleted when it is closed.
  await Promise.all(
    shelved()
      .slice(MAX_KEPT_DISKS)
      .map(async ({ room, id }) => {
        if (await inUse(id)) return;
        await deleteDB(diskName(room, id));
        localStorage.removeItem(`${LAST_USED}${room}.${id}`);
      }),
  );
}

/** The one used last comes first. */
function shelved(): { readonly room: RoomCode; readonly id: NodeId }[] {
  return Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    .filter((key) => key.startsWith(LAST_USED))
    .map((key) => {
      const [room, id] = key.slice(LAST_USED.length).split('.') as [RoomCode, NodeId];
      return { room, id, usedAt: Number(localStorage.getItem(key)) };
    })
    .sort((a, b) => b.usedAt - a.usedAt);
}
