import type { Json, NodeId } from '../vocabulary.ts';
import type { Arrival, Broadcast } from './broadcast.ts';
import type { Spread, SpreadContext } from './spread.ts';

/** The plainest way, as in `flood.ts`: every neighbour is told, but the one it came from. */
export class FloodSpread implements Spread {
  private readonly context: SpreadContext;

  constructor(context: SpreadContext) {
    this.context = context;
  }

  start(): void {}

  stop(): readonly Broadcast[] {
    return [];
  }

  learnt(broadcast: Broadcast, how: Arrival, from: NodeId | null): void {
    if (how === 'repair') return;
    const { host, queue } = this.context;
    const others = host.neighbours().filter((id) => id !== from);
    queue.tell(broadcast, others, []);
  }

  passesOn(): readonly NodeId[] {
    return this.context.host.neighbours();
  }

  inspect(): { readonly [key: string]: Json } {
    return {};
  }
}
