import type { Json } from '../../vocabulary.ts';
import type { StateMachine } from '../consensus.ts';
import type { Log } from './log.ts';
import type { RaftOptions } from './options.ts';

/** What the group has decided, as far as this member knows, and what that made of its state machine. */
export class Decided {
  /** Entries up to here will be in every later leader's log. */
  commit = 0;
  /** The state machine has executed the entries up to here. */
  applied = 0;
  private readonly log: Log;
  private readonly machine: StateMachine;
  private readonly options: RaftOptions;

  constructor(log: Log, machine: StateMachine, options: RaftOptions) {
    this.log = log;
    this.machine = machine;
    this.options = options;
    const { snapshot } = log;
    if (snapshot !== null) this.restore(snapshot.index, snapshot.state);
  }

  /** Entries up to `index` are committed: each is executed, in order. Says whether any was. */
  advance(index: number, onApplied: (index: number, answer: Json) => void): boolean {
    const commit = Math.min(index, this.log.lastIndex);
    if (commit <= this.commit) return false;
    this.commit = commit;
    while (this.applied < commit) {
      this.applied += 1;
      const entry = this.log.entryAt(this.applied)!;
      const isCommand = entry.type === 'command';
      onApplied(this.applied, isCommand ? this.machine.apply(entry.command, this.applied) : null);
    }
    return true;
  }

  /** Once enough was executed a snapshot takes the place of all but the newest entries. Says if it did. */
  compact(): boolean {
    const { snapshotAfter, keepBehind } = this.options;
    if (this.applied - (this.log.snapshot?.index ?? 0) < snapshotAfter) return false;
    this.log.compact(this.applied, this.machine.snapshot(), this.applied - keepBehind);
    return true;
  }

  /** What the entries up to `index` have made of the state machine, in place of what it is. */
  restore(index: number, state: Json): void {
    this.machine.restore(state);
    this.commit = Math.max(this.commit, index);
    this.applied = index;
  }
}
