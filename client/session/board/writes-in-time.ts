import { firstTick } from '../../../src/clocks/tick.ts';
import { idOf, kindOf, type Intent, type IntentId, type Seen } from '../../../src/merge/intent.ts';
import type { ClockOff } from '../../../src/merge/ledger/ledger.ts';
import type { IntentRecord } from '../../../src/merge/ledger/record.ts';
import { replicaOf } from '../../../src/merge/told-record.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';

/** Of a field that was written oftener, those nearest to the two in question. */
export const MAX_WRITES_DRAWN = 2_000;

/** All writes of one field as events of their authors, two of which are in question: plain data. */
export interface WritesInTime {
  readonly key: string;
  readonly events: readonly TraceEvent[];
  readonly authors: readonly { readonly id: NodeId; readonly name: string }[];
  readonly first: TraceEvent;
  readonly second: TraceEvent;
}

export interface TimeContext {
  readonly nameOf: (node: NodeId) => string;
  readonly clockOff: ClockOff;
}

/**
 * How two writes of a field stand to each other and to all others of it, as far as this node knows.
 * What a write had seen is its vector clock, counted in writes. When it was made is its author's own
 * time, put right where it is known how wrong that clock was. Null if one of them is not known here.
 */
export function writesInTime(
  records: readonly IntentRecord[],
  [one, other]: readonly [IntentId, IntentId],
  { nameOf, clockOff }: TimeContext,
): WritesInTime | null {
  const found = [one, other].map((id) => records.find(({ intent }) => idOf(intent) === id)?.intent);
  const [a, b] = found;
  if (!a || !b) return null;
  const timeOf = (intent: Intent) => intent.wall - (clockOff(intent) ?? 0);
  const middle = (timeOf(a) + timeOf(b)) / 2;
  const ofField = records.flatMap(({ intent }) => (isOfField(intent, a) ? [intent] : []));
  const away = (intent: Intent) =>
    intent === a || intent === b ? -1 : Math.abs(timeOf(intent) - middle);
  const near = new Set([...ofField].sort((x, y) => away(x) - away(y)).slice(0, MAX_WRITES_DRAWN));
  const events = eventsOf(
    ofField.filter((intent) => near.has(intent)),
    timeOf,
  );
  const ids = [...new Set(Array.from(near, ({ author }) => author.node))];
  const authors = ids.map((id) => ({ id, name: nameOf(id) }));
  return {
    key: a.deed.key,
    events: [...events.values()],
    authors: authors.sort((x, y) => (x.name < y.name ? -1 : 1)),
    ...{ first: events.get(a)!, second: events.get(b)! },
  };
}

function isOfField({ deed }: Intent, { deed: other }: Intent): boolean {
  return deed.key === other.key && kindOf(deed) === kindOf(other);
}

/** @param intents each after all that its author had seen */
function eventsOf(
  intents: readonly Intent[],
  timeOf: (intent: Intent) => Milliseconds,
): ReadonlyMap<Intent, TraceEvent> {
  const latest = new Map<NodeId, Milliseconds>();
  const events = new Map<Intent, TraceEvent>();
  for (const intent of intents) {
    const { author, number, seen, wall, deed } = intent;
    // A clock that was set back under an author's hands turns no order around.
    const at = Math.max(timeOf(intent), latest.get(author.node) ?? -Infinity);
    latest.set(author.node, at);
    events.set(intent, {
      ...{ node: author.node, incarnation: author.life, sequence: number },
      ...{ vector: vectorOf(seen), lamport: writesIn(seen), at, wall, monotonic: NaN },
      ...{ type: 'note', protocol: 'board', kind: 'edit', detail: { ...deed } },
    });
  }
  return events;
}

function vectorOf(seen: Seen): TraceEvent['vector'] {
  const vector: { [node: string]: number } = {};
  for (const [key, count] of seen) {
    const { node, life } = replicaOf(key);
    vector[node] = Math.max(vector[node] ?? 0, firstTick(life) + count);
  }
  return vector;
}

/** A count of all that was seen rises with whatever is seen, as Lamport's clock does. */
function writesIn(seen: Seen): number {
  return [...seen.values()].reduce((sum, count) => sum + count, 0);
}
