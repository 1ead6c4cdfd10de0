import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_COUNTED_NODES, type Untold } from './traffic.ts';
import { ValueOverTime } from './value-over-time.ts';

/** What a node says of one portion of its events. */
export interface Told {
  /** From then on. */
  readonly at: Milliseconds;
  /** One in 2^level of the messages was told. */
  readonly level: number;
  readonly events: number;
  readonly leftOut: ReadonlyMap<string, Untold>;
  /** Events that made room for newer ones before they could be told. */
  readonly lost: number;
}

/** The sum of it. */
export interface Account {
  readonly told: number;
  readonly leftOut: number;
  readonly lost: number;
  /** Of the newest portion. */
  readonly level: number;
}

const NOTHING: Account = { told: 0, leftOut: 0, lost: 0, level: 0 };

/** How much of what happened an observer was told, node by node. */
export class Telling {
  readonly accounts = new Map<NodeId, Account>();
  private readonly levels = new Map<NodeId, ValueOverTime<number>>();

  add(node: NodeId, { at, level, events, leftOut, lost }: Told): void {
    const known = this.accounts.get(node);
    if (known === undefined && this.accounts.size >= MAX_COUNTED_NODES) return;
    const before = known ?? NOTHING;
    let left = 0;
    for (const { sent, received } of leftOut.values()) left += sent + received;
    this.accounts.set(node, {
      told: before.told + events,
      leftOut: before.leftOut + left,
      lost: before.lost + lost,
      level,
    });
    if (known === undefined) this.levels.set(node, new ValueOverTime());
    if (known?.level !== level) this.levels.get(node)!.set(at, 0, level);
  }

  /** 0 of a node that never said anything of it: such as one in a file. */
  levelAt(node: NodeId, time: Milliseconds): number {
    return this.levels.get(node)?.at(time) ?? 0;
  }
}
