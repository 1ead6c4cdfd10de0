import { deleteDB } from 'idb';
import type { NodeId } from '../../../src/vocabulary.ts';
import { trueTime } from '../true-time.ts';

/**
 * Which nodes this browser keeps disks of, and since when each was not used. A tab that was closed
 * for good never says so, so its disk can only be thrown away by others, later.
 */

/** A browser that brings back its last windows brings back their nodes; few windows have more of them. */
export const MAX_KEPT_DISKS = 16;

const LAST_USED = 'netsplit.disk.';

export function diskName(id: NodeId): string {
  return `netsplit.node.${id}`;
}

/** Each node has an entry of its own, so that two tabs never write over each other's. */
export function noteUse(id: NodeId): void {
  localStorage.setItem(`${LAST_USED}${id}`, String(Math.round(trueTime())));
}

/**
 * Throws away the disks that were not used for longest, so that few are kept beside those in use.
 *
 * @param inUse whether some tab is that node now; it is asked only of those that would be thrown away
 */
export async function tidyShelf(inUse: (id: NodeId) => Promise<boolean>): Promise<void> {
  for (const id of shelved().slice(MAX_KEPT_DISKS)) {
    if (await inUse(id)) continue;
    await deleteDB(diskName(id));
    localStorage.removeItem(`${LAST_USED}${id}`);
  }
}

/** The one used last comes first. */
function shelved(): NodeId[] {
  return Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
    .filter((key) => key.startsWith(LAST_USED))
    .map((key) => ({
      id: key.slice(LAST_USED.length) as NodeId,
      usedAt: Number(localStorage.getItem(key)),
    }))
    .sort((a, b) => b.usedAt - a.usedAt)
    .map(({ id }) => id);
}
