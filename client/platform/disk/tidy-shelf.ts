import type { NodeId, RoomCode } from '../../../src/vocabulary.ts';
import { IdentityHolder } from '../identity.ts';
import type { Timers } from '../timers.ts';
import { diskName, LAST_USED } from './disk-shelf.ts';

/** Fetched some time after the tab has joined: nothing that a tab needs to start. */

/** A browser that brings back its last windows brings back their nodes; few windows have more of them. */
export const MAX_KEPT_DISKS = 16;

/** Throws away the disks that were not used for longest, so that few are kept beside those in use. */
export async function tidyShelf(timers: Timers): Promise<void> {
  // Side by side, for one that some tab has open after all is only deleted when it is closed.
  await Promise.all(
    shelved()
      .slice(MAX_KEPT_DISKS)
      .map(async ({ room, id }) => {
        if (await IdentityHolder.isHeld(id, timers)) return;
        await deleted(indexedDB.deleteDatabase(diskName(room, id)));
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

/** Without the library, which the node's own disk needs, and which would then be cut in two. */
function deleted(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error!);
  });
}
