import * as v from 'valibot';
import type { Store } from '../../runtime/host.ts';
import type { Json } from '../../vocabulary.ts';
import { NOBODY, type Config } from './config.ts';
import { chained } from './digest.ts';
import { configSchema, entrySchema, indexSchema, termSchema, type Entry } from './entry.ts';

const BASE_KEY = 'base';
const SNAPSHOT_KEY = 'snapshot';
const ENTRY_PREFIX = 'e/';

const digestSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffffffff));

/** Where a log begins: all up to `index` was taken away. */
const baseSchema = v.object({
  index: indexSchema,
  term: termSchema,
  /** The newest among what was taken away. */
  config: configSchema,
  digest: digestSchema,
});
type Base = {
  readonly index: number;
  readonly term: number;
  readonly config: Config;
  readonly digest: number;
};

/** What the entries up to `index` have made of the state machine. */
export const snapshotSchema = v.object({
  ...baseSchema.entries,
  state: v.custom<Json>((value) => value !== undefined),
});
export type Snapshot = Base & { readonly state: Json };

const BEGINNING: Base = { index: 0, term: 0, config: NOBODY, digest: 0 };

interface Kept {
  readonly entry: Entry;
  readonly digest: number;
}

/** The log of one member, on its disk. The first entry has index 1; before it there is term 0. */
export class Log {
  private readonly store: Store;
  private base = BEGINNING;
  /** Those after the base, in order. */
  private entries: Kept[] = [];
  /** Where among them configurations stand. */
  private configs: number[] = [];
  private newest: Snapshot | null = null;

  constructor(store: Store) {
    this.store = store;
    const snapshot = store.get(SNAPSHOT_KEY);
    if (snapshot !== undefined) this.newest = v.parse(snapshotSchema, snapshot);
    const base = store.get(BASE_KEY);
    if (base !== undefined) this.base = v.parse(baseSchema, base);
    for (let index = this.base.index + 1; ; index++) {
      const kept = store.get(ENTRY_PREFIX + index);
      if (kept === undefined) break;
      this.remember(v.parse(entrySchema, kept));
    }
  }

  /** What stands for the entries that are gone, and for some that are not. */
  get snapshot(): Snapshot | null {
    return this.newest;
  }

  /** The last of those that were taken away. */
  get baseIndex(): number {
    return this.base.index;
  }

  get lastIndex(): number {
    return this.base.index + this.entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex)!;
  }

  /** Undefined where the log has nothing, or no longer says what it had. */
  termAt(index: number): number | undefined {
    return index === this.base.index ? this.base.term : this.kept(index)?.entry.term;
  }

  entryAt(index: number): Entry | undefined {
    return this.kept(index)?.entry;
  }

  /** Of all entries up to this one: two logs with the same here have the same up to here. */
  digestAt(index: number): number | undefined {
    return index === this.base.index ? this.base.digest : this.kept(index)?.digest;
  }

  /** Up to `most` entries, from `first` on. */
  slice(first: number, most: number): readonly Entry[] {
    const from = first - this.base.index - 1;
    return this.entries.slice(from, from + most).map(({ entry }) => entry);
  }

  /** Where the newest configuration among the entries up to `last` stands. */
  configIndexAt(last: number): number {
    return this.configs.findLast((index) => index <= last) ?? this.base.index;
  }

  configAt(last: number): Config {
    const entry = this.entryAt(this.configIndexAt(last));
    return entry?.type === 'config' ? entry.config : this.base.config;
  }

  /** Whether a log that ends so is at least as complete as this one (RAFT-5). */
  isNoNewerThan(lastIndex: number, lastTerm: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
  }

  append(entry: Entry): number {
    this.remember(entry);
    this.store.put(ENTRY_PREFIX + this.lastIndex, entry);
    return this.lastIndex;
  }

  /** Takes away every entry from `first` on. */
  truncate(first: number): void {
    for (let index = first; index <= this.lastIndex; index++)
      this.store.delete(ENTRY_PREFIX + index);
    this.entries.length = Math.max(0, first - this.base.index - 1);
    this.configs = this.configs.filter((index) => index < first);
  }

  /** A snapshot of what has been applied up to `index`; entries up to `through` are taken away. */
  compact(index: number, state: Json, through: number): void {
    this.keep({ ...this.baseAt(index), state });
    if (through > this.base.index) this.rebase(this.baseAt(through), through);
  }

  /** In place of all that was there, but for entries that follow upon it. */
  install(snapshot: Snapshot): void {
    const { state: _, ...base } = snapshot;
    const follows = this.termAt(base.index) === base.term;
    this.keep(snapshot);
    this.rebase(base, follows ? base.index : this.lastIndex);
  }

  private keep(snapshot: Snapshot): void {
    this.newest = snapshot;
    this.store.put(SNAPSHOT_KEY, snapshot);
  }

  private baseAt(index: number): Base {
    const [term, digest] = [this.termAt(index)!, this.digestAt(index)!];
    return { index, term, config: this.configAt(index), digest };
  }

  private rebase(base: Base, through: number): void {
    for (let index = this.base.index + 1; index <= through; index++)
      this.store.delete(ENTRY_PREFIX + index);
    this.entries = this.entries.slice(through - this.base.index);
    this.configs = this.configs.filter(
      (index) => index > base.index && index <= base.index + this.entries.length,
    );
    this.base = base;
    this.store.put(BASE_KEY, base);
  }

  private kept(index: number): Kept | undefined {
    return this.entries[index - this.base.index - 1];
  }

  private remember(entry: Entry): void {
    const before = this.entries.at(-1)?.digest ?? this.base.digest;
    this.entries.push({ entry, digest: chained(before, textOf(entry)) });
    if (entry.type === 'config') this.configs.push(this.lastIndex);
  }
}

/** The same for the same entry, in whatever order its fields came. */
function textOf(entry: Entry): string {
  const said =
    entry.type === 'noop'
      ? null
      : entry.type === 'config'
        ? [entry.config.voters, entry.config.learners]
        : entry.command;
  return `${entry.term} ${entry.type} ${JSON.stringify(said)}`;
}
