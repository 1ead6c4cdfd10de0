import type { Kept } from './board-store.ts';
import { EngineSet, type EngineFactory, type MeteredEngine } from './engine-set.ts';
import type { Replica } from './intent.ts';
import { IntentLog } from './intent-log.ts';
import type { IntentRecord } from './ledger/record.ts';

/** What a node took at once: an edit of its own, one that it was told, or all that a repair brought. */
export type ReplayStep = readonly Kept[];

/**
 * A board from its beginning, in engines of its own, step by step in the order in which its node took
 * it all. Played to its end it is equal to the board that it is of (MERGE-9). It only goes forward.
 */
export class Replay {
  readonly steps: readonly ReplayStep[];
  private readonly factories: readonly EngineFactory[];
  private readonly reader: Replica;
  private set: EngineSet;
  private log = new IntentLog();
  private taken = 0;

  /** @param reader a replica that has never edited */
  constructor(kept: readonly Kept[], factories: readonly EngineFactory[], reader: Replica) {
    this.steps = stepsOf(kept);
    this.factories = factories;
    this.reader = reader;
    this.set = this.emptyEngines();
  }

  /** How many steps have been taken. */
  get position(): number {
    return this.taken;
  }

  get engines(): readonly MeteredEngine[] {
    return this.set.all;
  }

  get records(): readonly IntentRecord[] {
    return this.log.records;
  }

  /** One step. At the end nothing happens. */
  advance(): void {
    const step = this.steps[this.taken];
    if (step === undefined) return;
    for (const kept of step) {
      if ('record' in kept) this.log.take(kept.record);
      else this.set.receive(kept.operation);
    }
    this.taken += 1;
  }

  rewind(): void {
    this.set = this.emptyEngines();
    this.log = new IntentLog();
    this.taken = 0;
  }

  /** Nobody edits here, so no clock is read and no chance is taken. */
  private emptyEngines(): EngineSet {
    return new EngineSet(this.factories, {
      self: this.reader,
      wallClock: () => 0,
      hybridClock: { tick: () => ({ physical: 0, logical: 0 }), heard: () => {} },
      random: () => 0,
    });
  }
}

/** Whatever is taken at once is kept records first. */
function stepsOf(kept: readonly Kept[]): ReplayStep[] {
  const steps: Kept[][] = [];
  let before: Kept | undefined;
  for (const each of kept) {
    const begins = before === undefined || ('record' in each && !('record' in before));
    if (begins) steps.push([each]);
    else steps.at(-1)!.push(each);
    before = each;
  }
  return steps;
}
