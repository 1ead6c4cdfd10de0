import { idOf, type Intent, type IntentId } from '../../../src/merge/intent.ts';
import type { IntentRecord } from '../../../src/merge/ledger/record.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { ClockPicture } from './board-picture.ts';

/** Of fewer nobody can say which is wrong. */
const LEAST_CLOCKS = 3;

/** No two clocks of a class agree to less. */
const WORTH_TELLING_MS: Milliseconds = 500;

/**
 * How wrong the clock of an edit's author was, as this node knows it: by how much it was ahead of most
 * clocks when the edit was first seen here. A clock that is set right later changes nothing of that.
 */
export class ClockNotes {
  private readonly notes = new Map<IntentId, Milliseconds>();
  /** Edits whose author's clock was not known. */
  private waiting: Intent[] = [];
  private seen = 0;
  private ahead: ReadonlyMap<NodeId, Milliseconds> = new Map();

  /**
   * @param records all that the node knows, in the order in which they came
   * @param offsets how far each known clock is ahead of this node's; its own is among them, with 0
   */
  look(records: readonly IntentRecord[], offsets: ReadonlyMap<NodeId, Milliseconds>): void {
    this.ahead = aheadOfMost(offsets);
    const open = [...this.waiting, ...records.slice(this.seen).map(({ intent }) => intent)];
    this.seen = records.length;
    this.waiting = [];
    for (const intent of open) {
      const ahead = this.ahead.get(intent.author.node);
      if (ahead === undefined) this.waiting.push(intent);
      else this.notes.set(idOf(intent), ahead);
    }
  }

  /** Null where nobody knows. */
  readonly off = (intent: Intent): Milliseconds | null => this.notes.get(idOf(intent)) ?? null;

  /** Those that are clearly wrong now, the worst first. */
  wrong(nameOf: (node: NodeId) => string): ClockPicture[] {
    return Array.from(this.ahead, ([node, aheadMs]) => ({ name: nameOf(node), aheadMs }))
      .filter(({ aheadMs }) => Math.abs(aheadMs) >= WORTH_TELLING_MS)
      .sort((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
  }
}

/** The middle clock is taken for right. */
function aheadOfMost(
  offsets: ReadonlyMap<NodeId, Milliseconds>,
): ReadonlyMap<NodeId, Milliseconds> {
  if (offsets.size < LEAST_CLOCKS) return new Map();
  const sorted = [...offsets.values()].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1]!;
  return new Map(Array.from(offsets, ([node, offset]) => [node, offset - middle] as const));
}
