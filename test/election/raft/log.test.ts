import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/election/raft/config.ts';
import { chained } from '../../../src/election/raft/digest.ts';
import type { Entry } from '../../../src/election/raft/entry.ts';
import { Log, type Snapshot } from '../../../src/election/raft/log.ts';
import { command, configEntry, configOf, entriesOf, noop } from '../../support/raft-bench.ts';
import { StepDisk } from '../../support/step-disk.ts';

const NOBODY = configOf([]);

/** All that a log ever was told, in one list, of which the first `base` are gone. */
class Model {
  entries: Entry[] = [];
  base = 0;
  snapshot: { readonly index: number; readonly state: number } | null = null;

  config(last: number): Config {
    const entry = this.entries.slice(0, last).findLast(({ type }) => type === 'config');
    return entry?.type === 'config' ? entry.config : NOBODY;
  }
}

type Act = { readonly act: 'append' | 'truncate' | 'compact' | 'install' | 'restart'; readonly roll: number; readonly share: number }; // prettier-ignore

const acts = fc.array(
  fc.record<Act>({
    act: fc.constantFrom('append', 'append', 'append', 'truncate', 'compact', 'install', 'restart'),
    roll: fc.nat(8),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 40 },
);

/** A log and its model, to which the same is done. */
class Twins {
  readonly model = new Model();
  readonly disk = new StepDisk();
  log = new Log(this.disk.store);
  private term = 1;
  private states = 0;

  do({ act, roll, share }: Act): void {
    this.disk.step(() => this[act](roll, share));
  }

  /** Within what the log still holds: 0 is its beginning, 1 its end. */
  private at(share: number): number {
    const { base, entries } = this.model;
    return base + Math.round(share * (entries.length - base));
  }

  private append(roll: number): void {
    if (roll > 5) this.term += 1;
    const { term } = this;
    const entry =
      roll % 3 === 0 ? configEntry(term, configOf([roll], [term])) : roll % 3 === 1 ? noop(term) : command(term, `c${roll}`); // prettier-ignore
    this.model.entries.push(entry);
    expect(this.log.append(entry)).toBe(this.model.entries.length);
  }

  private truncate(_: number, share: number): void {
    const first = this.at(share) + 1;
    if (first <= (this.model.snapshot?.index ?? 0)) return;
    this.model.entries.length = Math.min(this.model.entries.length, first - 1);
    this.log.truncate(first);
  }

  private compact(roll: number, share: number): void {
    const { model } = this;
    const index = this.at(share);
    if (index <= (model.snapshot?.index ?? 0)) return;
    this.states += 1;
    this.log.compact(index, this.states, index - roll);
    model.snapshot = { index, state: this.states };
    model.base = Math.max(model.base, index - roll);
  }

  /** One that agrees with the log, one that differs at its end, or one beyond it. */
  private install(roll: number, share: number): void {
    const { model } = this;
    const leader = this.leaderLog(roll, share);
    const index = leader.length;
    if (index <= (model.snapshot?.index ?? 0)) return;
    this.states += 1;
    const isSame = model.entries[index - 1]?.term === leader[index - 1]!.term;
    this.log.install(snapshotOf(leader, this.states));
    model.entries = isSame ? model.entries : leader;
    model.base = index;
    model.snapshot = { index, state: this.states };
  }

  private leaderLog(roll: number, share: number): Entry[] {
    const shared = this.model.entries.slice(0, this.at(share));
    if (roll < 3 && shared.length > this.model.base) return shared;
    this.term += 1;
    return [
      ...shared,
      ...entriesOf(Array(roll + 1).fill(this.term) as number[], shared.length + 1),
    ];
  }

  private restart(): void {
    this.disk.crash();
    this.log = new Log(this.disk.store);
  }

  check(): void {
    const { log, model } = this;
    const { base, entries } = model;
    expect([log.baseIndex, log.lastIndex]).toEqual([base, entries.length]);
    expect(log.lastTerm).toBe(entries.at(-1)?.term ?? 0);
    expect(log.slice(base + 1, Infinity)).toEqual(entries.slice(base));
    expect(log.slice(this.at(0.5) + 1, 2)).toEqual(entries.slice(this.at(0.5)).slice(0, 2));
    for (let index = 0; index <= entries.length + 1; index++) this.checkAt(index);
    const { snapshot } = log;
    expect(snapshot && { index: snapshot.index, state: snapshot.state }).toEqual(model.snapshot);
    if (snapshot !== null) expect(snapshot).toEqual(snapshotOf(entries.slice(0, snapshot.index), model.snapshot!.state)); // prettier-ignore
    const stored = this.disk.store.keys().filter((key) => key.startsWith('e/'));
    expect(stored).toHaveLength(entries.length - base);
  }

  private checkAt(index: number): void {
    const { log, model } = this;
    const { base, entries } = model;
    const isKept = index > base && index <= entries.length;
    const isKnown = isKept || index === base;
    expect(log.entryAt(index)).toEqual(isKept ? entries[index - 1] : undefined);
    expect(log.termAt(index)).toBe(isKnown ? (entries[index - 1]?.term ?? 0) : undefined);
    expect(log.digestAt(index)).toBe(isKnown ? digestOf(entries.slice(0, index)) : undefined);
    if (isKnown) expect(log.configAt(index)).toEqual(model.config(index));
    const newer = { term: log.lastTerm + 1, same: log.lastTerm };
    expect(log.isNoNewerThan(index, newer.term)).toBe(true);
    expect(log.isNoNewerThan(index, newer.same)).toBe(index >= entries.length);
    if (newer.same > 0) expect(log.isNoNewerThan(index + 99, newer.same - 1)).toBe(false);
  }
}

/** By another log, which nobody has shortened. */
function whole(entries: readonly Entry[]): Log {
  const log = new Log(new StepDisk().store);
  for (const entry of entries) log.append(entry);
  return log;
}

const digestOf = (entries: readonly Entry[]) => whole(entries).digestAt(entries.length)!;

function snapshotOf(entries: readonly Entry[], state: number): Snapshot {
  const log = whole(entries);
  const index = entries.length;
  const config = log.configAt(index);
  return { index, term: log.termAt(index)!, config, digest: log.digestAt(index)!, state };
}

describe('the log', () => {
  test('RAFT-12 is what a plain list is, through snapshots, what a leader installs and restarts', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const twins = new Twins();
        for (const act of list) {
          twins.do(act);
          twins.check();
        }
        twins.do({ act: 'restart', roll: 0, share: 0 });
        twins.check();
      }),
      { numRuns: 60 },
    );
  });

  test('RAFT-13 the newest configuration counts, and the one before it when it is taken away', () => {
    const log = whole([configEntry(1, configOf([0])), noop(1), configEntry(1, configOf([0, 1]))]);
    expect([log.configIndexAt(3), log.configAt(3)]).toEqual([3, configOf([0, 1])]);
    expect([log.configIndexAt(2), log.configAt(2)]).toEqual([1, configOf([0])]);
    log.truncate(3);
    expect(log.configAt(log.lastIndex)).toEqual(configOf([0]));
  });
});

describe('the digest', () => {
  const digestOfNames = (...names: string[]) => digestOf(names.map((name) => command(1, name)));

  test('RAFT-11 is another for another entry, another order, another term, another length', () => {
    const digests = [
      digestOf([]),
      digestOfNames('a'),
      digestOfNames('b'),
      digestOfNames('a', 'b'),
      digestOfNames('b', 'a'),
      digestOfNames('ab'),
      digestOf([command(2, 'a')]),
      digestOf([noop(1)]),
      digestOf([configEntry(1, configOf([0]))]),
      digestOf([configEntry(1, configOf([0], [1]))]),
      digestOf([configEntry(1, configOf([0, 1]))]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('RAFT-11 is the same whatever order the fields of an entry came in', () => {
    const { voters, learners } = configOf([0], [1]);
    const turned: Entry = { config: { learners, voters }, type: 'config', term: 1 };
    expect(digestOf([turned])).toBe(digestOf([configEntry(1, { voters, learners })]));
  });

  test('RAFT-11 is a whole number of 32 bits, and depends on all that was before', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.string({ minLength: 1 }), (before, text) => {
        const digest = chained(before, text);
        expect(digest).toBe(digest >>> 0);
        expect(chained((before + 1) >>> 0, text)).not.toBe(digest);
      }),
    );
  });
});
