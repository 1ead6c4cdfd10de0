import { diskName, takeDisk } from '../../../client/platform/disk/disk-shelf.ts';
import type { TabDisk } from '../../../client/platform/disk/tab-disk.ts';
import { tidyShelf } from '../../../client/platform/disk/tidy-shelf.ts';
import { IdentityHolder } from '../../../client/platform/identity.ts';
import { TabTimers } from '../../../client/platform/timers.ts';
import { TEST_ROOM } from '../../support/node-ids.ts';
import type { Json, NodeId } from '../../../src/vocabulary.ts';

/** Disks without nodes: what a browser keeps, and in which order. */

const timers = new TabTimers();
timers.start();

const shelf = {
  /** Puts a disk on the shelf as a tab that is then closed does. */
  async leave(id: NodeId): Promise<void> {
    (await open(id)).close();
  },

  /** What a tab that goes on as this node does. */
  async hold(): Promise<NodeId> {
    const { id } = (await IdentityHolder.claim('node', timers)).identity;
    await shelf.leave(id);
    return id;
  },

  tidy: () => tidyShelf(timers),

  async kept(): Promise<(string | undefined)[]> {
    return (await indexedDB.databases()).map(({ name }) => name).sort();
  },

  nameOf: (id: NodeId) => diskName(TEST_ROOM, id),

  /** Writes the batches, and gives what another life finds. */
  async write(id: NodeId, batches: readonly (readonly [string, Json | null])[][]) {
    const disk = await open(id);
    disk.load();
    const order: number[] = [];
    await Promise.all(
      batches.map(
        (batch, i) =>
          new Promise<void>((resolve) => {
            const writes = batch.map(([key, value]) => ({ key, value: value ?? undefined }));
            disk.write(writes, () => {
              order.push(i);
              resolve();
            });
          }),
      ),
    );
    disk.close();
    const again = await open(id);
    const found = [...again.load()];
    again.close();
    return { order, found };
  },
};

function open(id: NodeId): Promise<TabDisk> {
  return takeDisk(TEST_ROOM, id, timers, (trouble) => {
    throw new Error(`the disk failed: ${trouble}`);
  });
}

declare global {
  interface Window {
    shelf?: typeof shelf;
  }
}

window.shelf = shelf;
