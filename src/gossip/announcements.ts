import type { Cancel } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { runsOfAll, type Broadcast } from './broadcast.ts';
import { MAX_RUNS } from './messages.ts';
import type { SpreadContext } from './spread.ts';

/**
 * What is told eagerly comes within a few hops, so that a hint half a second later is rarely needed;
 * and half a second of a burst is one hint.
 */
export const HAVE_AFTER_MS: Milliseconds = 500;

/** More than a burst brings in half a second. The oldest are then not announced: a comparison finds them. */
const MAX_QUEUED = 4_096;

/**
 * Hints to neighbours that were not told by this node: 'I have these'. Where comparisons stand behind,
 * one neighbour gets the hint, the next one in turn each time: in a full mesh everyone hints, so that
 * each still gets one. Without them all must get it.
 */
export class Announcements {
  private readonly context: SpreadContext;
  private readonly isFor: (broadcast: Broadcast, id: NodeId) => boolean;
  private queue: Broadcast[] = [];
  private turn = 0;
  private cancel: Cancel | null = null;

  /** @param isFor whether a neighbour has a broadcast from elsewhere, if all is well */
  constructor(context: SpreadContext, isFor: (broadcast: Broadcast, id: NodeId) => boolean) {
    this.context = context;
    this.isFor = isFor;
  }

  add(broadcast: Broadcast): void {
    if (this.queue.length === MAX_QUEUED) this.queue.shift();
    this.queue.push(broadcast);
    this.cancel ??= this.context.host.after(HAVE_AFTER_MS, () => this.flush());
  }

  /** What it had not announced. */
  stop(): readonly Broadcast[] {
    this.cancel?.();
    this.cancel = null;
    return this.queue;
  }

  private flush(): void {
    const { host, isBackedUp } = this.context;
    const { queue } = this;
    this.queue = [];
    this.cancel = null;
    const neighbours = host.neighbours();
    for (let tried = 0; tried < neighbours.length; tried++) {
      const id = neighbours[this.turn++ % neighbours.length]!;
      const runs = runsOfAll(queue.filter((broadcast) => this.isFor(broadcast, id)));
      if (runs.length === 0) continue;
      host.send(id, { type: 'have', runs: runs.slice(0, MAX_RUNS) });
      if (isBackedUp()) return;
    }
  }
}
