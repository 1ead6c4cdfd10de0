import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Burdens, TraceEvent } from './event.ts';
import { MAX_LINKS } from './latency.ts';
import { tickOf } from './timeline.ts';
import { MAX_COUNTED_NODES } from './traffic.ts';
import { ValueOverTime } from './value-over-time.ts';

/** As its events tell it. That a plug is pulled shows in the links that close, and not in the node. */
export type LifeState = 'never-seen' | 'up' | 'paused' | 'crashed' | 'stopped';

interface Life {
  readonly state: LifeState;
  readonly incarnation: Incarnation;
}

interface End {
  readonly up: boolean;
  readonly incarnation: Incarnation;
  /** Why it closed; empty while it is open. */
  readonly reason: string;
}

/** One end of a link, as the node at that end says. */
export interface LinkEnd {
  readonly node: NodeId;
  readonly peer: NodeId;
}

const NO_LIFE: Life = { state: 'never-seen', incarnation: 0 };
const UNBURDENED: Burdens = { links: [], node: {} };

/**
 * What a node was, what lay upon it and which of its links were open at any time: the few events that
 * change this, kept for longer than the many that do not. Events may come in any order.
 */
export class Milestones {
  private readonly lives = new Map<NodeId, ValueOverTime<Life>>();
  private readonly newest = new Map<NodeId, Incarnation>();
  private readonly burdens = new Map<NodeId, ValueOverTime<Burdens>>();
  private readonly ends = new Map<string, LinkEnd & { readonly open: ValueOverTime<End> }>();

  add(event: TraceEvent): void {
    const lives = this.livesOf(event.node);
    if (lives === undefined) return;
    this.live(event, lives);
    if (event.type === 'up') this.link(event, event.peer, true, '');
    if (event.type === 'down') this.link(event, event.peer, false, event.reason);
    if (event.type === 'order' && event.under !== null) {
      made(this.burdens, event.node, MAX_COUNTED_NODES)?.set(event.at, tickOf(event), event.under);
    }
  }

  lifeAt(node: NodeId, time: Milliseconds): Life {
    return this.lives.get(node)?.at(time) ?? NO_LIFE;
  }

  burdensAt(node: NodeId, time: Milliseconds): Burdens {
    return this.burdens.get(node)?.at(time) ?? UNBURDENED;
  }

  /** Is it open for the node at this end? A life that has ended closes all of its links. */
  isOpen(node: NodeId, peer: NodeId, time: Milliseconds): boolean {
    const end = this.ends.get(`${node}>${peer}`)?.open.at(time);
    if (end === undefined || !end.up) return false;
    const { state, incarnation } = this.lifeAt(node, time);
    return end.incarnation === incarnation && (state === 'up' || state === 'paused');
  }

  /** Why it last closed for this end; empty if it has not, null if the end has never said anything of it. */
  closedFor(node: NodeId, peer: NodeId, time: Milliseconds): string | null {
    return this.ends.get(`${node}>${peer}`)?.open.at(time)?.reason ?? null;
  }

  /** Every end that was open then. */
  openAt(time: Milliseconds): LinkEnd[] {
    return [...this.ends.values()].filter(({ node, peer }) => this.isOpen(node, peer, time));
  }

  /** In the order in which they were first heard of. */
  nodes(): IterableIterator<NodeId> {
    return this.lives.keys();
  }

  private live(event: TraceEvent, lives: ValueOverTime<Life>): void {
    const { at, incarnation } = event;
    const set = (state: LifeState, time = at, order = tickOf(event)) =>
      lives.set(time, order, { state, incarnation });
    const newest = this.newest.get(event.node) ?? 0;
    if (incarnation > newest) this.newest.set(event.node, incarnation);
    // Whoever does anything lives, though nobody saw it begin.
    if (incarnation > newest || at < lives.firstAt!) set('up');
    if (event.type === 'start') set('up');
    if (event.type === 'stop') set('stopped');
    if (event.type === 'crash') set('crashed');
    if (event.type === 'resume') set('up');
    if (event.type !== 'pause') return;
    if (event.lengthMs === null) return set('paused');
    set('paused', at - event.lengthMs, tickOf(event) - 1);
    set('up');
  }

  private link(
    { node, at, incarnation, sequence }: TraceEvent,
    peer: NodeId,
    up: boolean,
    reason: string,
  ): void {
    const key = `${node}>${peer}`;
    let end = this.ends.get(key);
    if (end === undefined) {
      if (this.ends.size >= MAX_LINKS) return;
      this.ends.set(key, (end = { node, peer, open: new ValueOverTime() }));
    }
    end.open.set(at, tickOf({ incarnation, sequence }), { up, incarnation, reason });
  }

  private livesOf(node: NodeId): ValueOverTime<Life> | undefined {
    return made(this.lives, node, MAX_COUNTED_NODES);
  }
}

function made<T>(
  map: Map<NodeId, ValueOverTime<T>>,
  node: NodeId,
  limit: number,
): ValueOverTime<T> | undefined {
  let value = map.get(node);
  if (value === undefined && map.size < limit) map.set(node, (value = new ValueOverTime()));
  return value;
}
