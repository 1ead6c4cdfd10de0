import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { PERIOD_MS } from './comparisons.ts';
import { keyOf, type Intent, type Replica, type ReplicaKey, type Seen } from './intent.ts';
import type { Count } from './intent-log.ts';

/** Neighbours that came and went included; of more, who spoke longest ago is forgotten. */
export const MAX_OTHERS = 256;

/** What is known here of what another board has. It may have more. */
export interface Other {
  /** What it has told that it has, or has made its own edits upon. */
  readonly seen: Seen;
  /** What was here a comparison of it ago: whatever of that it lacks it has been told since. */
  readonly owed: Seen;
}

const NOTHING: Seen = new Map();

/** From here nobody can say that it has this edit. Of one in reach that counts only if it was told. */
export function mayLack(
  { seen, owed }: Other,
  author: ReplicaKey,
  number: number,
  inReach: boolean,
): boolean {
  if (number <= (seen.get(author) ?? 0)) return false;
  return !inReach || number <= (owed.get(author) ?? 0);
}

interface Told {
  readonly seen: Map<ReplicaKey, number>;
  owed: Seen;
  /** What was here when it compared. */
  here: Seen;
  at: Milliseconds;
}

/** What other boards have said of themselves. It costs no message: they say it when they compare, tell and repair. */
export class KnownOfOthers {
  private readonly told = new Map<NodeId, Told>();

  /** It has compared, and so said all that it has. */
  compared(node: NodeId, log: readonly Count[], here: Seen, now: Milliseconds): void {
    const before = this.told.get(node);
    const seen = new Map(log.map((count) => [keyOf(count), count.count]));
    const isAnswered = before !== undefined && now - before.at >= PERIOD_MS;
    // An answer takes a moment: what it compares meanwhile says nothing of it.
    const { owed, here: then, at } = before ?? { owed: NOTHING, here: new Map(here), at: now };
    this.keep(
      node,
      isAnswered
        ? { seen, owed: then, here: new Map(here), at: now }
        : { seen, owed, here: then, at },
    );
  }

  /** It has told of this, so it has it, and all before it by the same author. */
  has(node: NodeId, { number, ...author }: Replica & Pick<Intent, 'number'>): void {
    const { seen, ...rest } = this.told.get(node) ?? { seen: new Map<ReplicaKey, number>(), owed: NOTHING, here: NOTHING, at: -Infinity }; // prettier-ignore
    raise(seen, keyOf(author), number);
    this.keep(node, { seen, ...rest });
  }

  /** Of all who have said anything. @param edits the newest of each author's that is known here */
  all(edits: Iterable<Intent>): ReadonlyMap<NodeId, Other> {
    const others = new Map<NodeId, Other & Pick<Told, 'seen'>>();
    const of = (node: NodeId) => {
      const { seen, owed } = this.told.get(node) ?? { seen: NOTHING, owed: NOTHING };
      return others.get(node) ?? { seen: new Map(seen), owed };
    };
    for (const node of this.told.keys()) others.set(node, of(node));
    for (const { author, seen } of edits) {
      const other = of(author.node);
      for (const [key, count] of seen) raise(other.seen, key, count);
      others.set(author.node, other);
    }
    return others;
  }

  private keep(node: NodeId, told: Told): void {
    this.told.delete(node);
    this.told.set(node, told);
    const [longestAgo] = this.told.keys();
    if (this.told.size > MAX_OTHERS) this.told.delete(longestAgo!);
  }
}

function raise(seen: Map<ReplicaKey, number>, key: ReplicaKey, count: number): void {
  seen.set(key, Math.max(count, seen.get(key) ?? 0));
}
