import {
  keyOf,
  MAX_INTENTS,
  type Intent,
  type Replica,
  type ReplicaKey,
  type Seen,
} from './intent.ts';
import type { IntentRecord } from './ledger/record.ts';
import { MAX_REPLICAS, type ToldRecord } from './messages.ts';
import { fromTold, replicaOf } from './told-record.ts';

/** How many of one replica are known. */
export interface Count extends Replica {
  readonly count: number;
}

/** From here on nobody edits. What others did before they knew that it is full still fits. */
export const FULL_BOARD_INTENTS = 0.9 * MAX_INTENTS;

const NOTHING: Seen = new Map();

/** `gap`: something that its author had seen has not come. `full`: there is no room for it. */
export type Taking = 'new' | 'known' | 'gap' | 'full';

/**
 * All intents that a node knows, each after all that its author had seen. So one count an author says
 * which they are, and whoever looks at one knows all that it came of.
 */
export class IntentLog {
  private readonly counts = new Map<ReplicaKey, number>();
  private readonly newest = new Map<ReplicaKey, IntentRecord>();
  /** As they came, and as they are told. */
  private readonly known: IntentRecord[] = [];
  private readonly told: ToldRecord[] = [];

  get size(): number {
    return this.known.length;
  }

  get seen(): Seen {
    return this.counts;
  }

  get records(): readonly IntentRecord[] {
    return this.known;
  }

  /** What this author had seen at its newest intent that is known here. */
  seenBy(author: Replica): Seen {
    return this.newest.get(keyOf(author))?.intent.seen ?? NOTHING;
  }

  /** Of each author the newest intent. */
  newestOfEach(): readonly Intent[] {
    return Array.from(this.newest.values(), ({ intent }) => intent);
  }

  get isFull(): boolean {
    return this.known.length >= FULL_BOARD_INTENTS;
  }

  /** What `take` would say of it. */
  judge({ number, news, ...author }: Replica & Pick<ToldRecord, 'number' | 'news'>): Taking {
    const count = this.countOf(author);
    if (number <= count) return 'known';
    // Whatever it had seen before its news, its predecessor had seen too.
    if (number > count + 1 || news.some((one) => one.count > this.countOf(one))) return 'gap';
    const isCrowded = count === 0 && this.counts.size === MAX_REPLICAS;
    return isCrowded || this.known.length === MAX_INTENTS ? 'full' : 'new';
  }

  take(told: ToldRecord): Taking {
    const taking = this.judge(told);
    if (taking !== 'new') return taking;
    const record = fromTold(told, this.seenBy(told));
    const key = keyOf(told);
    this.counts.set(key, told.number);
    this.newest.set(key, record);
    this.known.push(record);
    this.told.push(told);
    return 'new';
  }

  digest(): Count[] {
    return Array.from(this.counts, ([key, count]) => ({ ...replicaOf(key), count }));
  }

  /** What whoever sent that digest lacks, each after its past, for they came so. */
  missing(digest: readonly Count[]): ToldRecord[] {
    const has = new Map(digest.map(({ count, ...replica }) => [keyOf(replica), count]));
    return this.told.filter((told) => told.number > (has.get(keyOf(told)) ?? 0));
  }

  /** Does whoever sent that digest have something that this log lacks? */
  lacksOf(digest: readonly Count[]): boolean {
    return digest.some((one) => one.count > this.countOf(one));
  }

  private countOf(author: Replica): number {
    return this.counts.get(keyOf(author)) ?? 0;
  }
}
