import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Broadcast } from './broadcast.ts';
import { MAX_TOGETHER_BYTES, type GossipMessage } from './messages.ts';
import { parcelOf, tellMessages, type Parcelled } from './telling.ts';

/**
 * After a message so long passes until the next. News at the pace of people leaves at once; in a burst
 * dozens go together, and nobody sees a hundredth of a second.
 */
export const GAP_MS: Milliseconds = 10;

/** Tells neighbours what is new: the first at once, what follows closely together with what follows that. */
export class TellQueue {
  private readonly host: Host<GossipMessage>;
  private readonly waiting = new Map<NodeId, Parcelled[]>();
  private waitingBytes = 0;
  private toldAt: Milliseconds = -Infinity;
  private cancel: Cancel | null = null;

  constructor(host: Host<GossipMessage>) {
    this.host = host;
  }

  /** @param told who they are, if that has to be said to each of them */
  tell(broadcast: Broadcast, to: readonly NodeId[], told: readonly NodeId[]): void {
    if (to.length === 0) return;
    const parcelled = parcelOf(broadcast, told);
    if (this.waitingBytes + parcelled.bytes > MAX_TOGETHER_BYTES) this.flush();
    for (const id of to) {
      const queue = this.waiting.get(id);
      if (queue === undefined) this.waiting.set(id, [parcelled]);
      else queue.push(parcelled);
    }
    this.waitingBytes += parcelled.bytes;
    const wait = this.toldAt + GAP_MS - this.host.monotonic();
    if (this.cancel !== null) return;
    if (wait <= 0) this.flush();
    else this.cancel = this.host.after(wait, () => this.flush());
  }

  forget(id: NodeId): void {
    this.waiting.delete(id);
  }

  private flush(): void {
    this.cancel?.();
    this.cancel = null;
    this.toldAt = this.host.monotonic();
    let last: readonly Parcelled[] = [];
    let messages: readonly GossipMessage[] = [];
    for (const [id, queue] of this.waiting) {
      // Mostly all are told the same, which is then made once.
      if (!isSame(queue, last)) messages = tellMessages('eager', queue);
      last = queue;
      for (const message of messages) this.host.send(id, message);
    }
    this.waiting.clear();
    this.waitingBytes = 0;
  }
}

function isSame(a: readonly Parcelled[], b: readonly Parcelled[]): boolean {
  return a.length === b.length && a.every((parcelled, i) => parcelled === b[i]);
}
