import * as v from 'valibot';
import type { ElectionWorld, Role } from '../../src/election/election.ts';
import type { Config } from '../../src/election/raft/config.ts';
import type { Entry } from '../../src/election/raft/entry.ts';
import { Log, type Snapshot } from '../../src/election/raft/log.ts';
import { memberId, type MemberId } from '../../src/election/raft/member.ts';
import { raftSchema, type RaftMessage, type Said } from '../../src/election/raft/messages.ts';
import { DEFAULT_OPTIONS, type RaftOptions } from '../../src/election/raft/options.ts';
import { Raft, type Legacy } from '../../src/election/raft/raft.ts';
import type { Detail } from '../../src/runtime/host.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from './node-ids.ts';
import { Chronicler } from './raft-class.ts';
import { StepDisk } from './step-disk.ts';

export interface BenchOptions {
  /** Which node it is. */
  readonly index?: number;
  /** What its configuration says before any entry: so many, or these. */
  readonly voters?: number | readonly number[];
  readonly learners?: readonly number[];
  /** What its log holds: a command of each of these terms, or these entries. */
  readonly log?: readonly (number | Entry)[];
  readonly term?: number;
  readonly vote?: number | null;
  /** It brings no disk and founds the group. */
  readonly founds?: boolean;
  readonly legacy?: Legacy;
  readonly options?: Partial<RaftOptions>;
  readonly time?: VirtualTime;
  /** 0 waits the least for a leader, 1 the longest. */
  readonly random?: () => number;
}

/** What left it, as a test writes it down: for which node, and without births. */
export type Letter<Type extends Said['type'] = Said['type']> = { readonly to: number } & Extract<
  Said,
  { readonly type: Type }
>;

interface State {
  readonly role: Role;
  readonly leader: NodeId | null;
  readonly term: number;
  readonly vote: MemberId | null;
  readonly commit: number;
  readonly applied: number;
  readonly baseIndex: number;
  readonly lastIndex: number;
  readonly config: Config;
  readonly votes: readonly { readonly member: MemberId; readonly granted: boolean }[] | null;
  readonly followers:
    | readonly { readonly member: MemberId; readonly mode: string; readonly match: number; readonly next: number }[]
    | null; // prettier-ignore
}

export const member = (index: number, birth = 1): MemberId => memberId(testNodeId(index), birth);

export const configOf = (voters: readonly number[], learners: readonly number[] = []): Config => ({
  voters: voters.map((index) => member(index)),
  learners: learners.map((index) => member(index)),
});

/** A command that tells where it was meant to stand. */
export const command = (term: number, name: string): Entry => ({ type: 'command', term, command: name }); // prettier-ignore

export const noop = (term: number): Entry => ({ type: 'noop', term });

export const configEntry = (term: number, config: Config): Entry => ({ type: 'config', term, config }); // prettier-ignore

/** Commands of these terms, the first of which stands at `first`. */
export const entriesOf = (terms: readonly number[], first = 1): Entry[] =>
  terms.map((term, offset) => command(term, `${first + offset}.${term}`));

/**
 * One member of a group on a workbench: time passes when the test says so, what it sends is collected
 * when it is durable, and what it hears is what the test makes up. All others exist on paper alone.
 */
export class RaftBench {
  readonly time: VirtualTime;
  readonly index: number;
  readonly disk = new StepDisk();
  readonly notes: { readonly kind: string; readonly detail: Detail }[] = [];
  machine!: Chronicler;
  raft!: Raft;
  random: () => number;
  /** Told of each message as it leaves. */
  onSend: (to: number, message: RaftMessage) => void = () => {};
  private readonly options: BenchOptions;
  private readonly others: readonly number[];
  /** To how many it has said that it is there. */
  joins = 0;
  private letters: Letter[] = [];
  private life = 0;

  constructor(options: BenchOptions = {}) {
    const { voters = 3, learners = [], index = 0, founds = false } = options;
    const ids = typeof voters === 'number' ? [...Array(voters).keys()] : voters;
    this.options = options;
    this.index = index;
    this.time = options.time ?? new VirtualTime();
    this.random = options.random ?? (() => 0.5);
    this.others = [...new Set([...ids, ...learners])].filter((other) => other !== index);
    if (!founds) this.furnish(configOf(ids, learners));
    this.boot();
  }

  get state(): State {
    return this.raft.inspect() as unknown as State;
  }

  /** Its log as the disk has it. */
  get log(): Log {
    return new Log(this.disk.durableStore);
  }

  /** The terms of the entries that the disk has. */
  get terms(): number[] {
    return this.entries.map(({ term }) => term);
  }

  get entries(): readonly Entry[] {
    const { log } = this;
    return log.slice(log.baseIndex + 1, Infinity);
  }

  pass(durationMs: Milliseconds): void {
    this.time.runFor(durationMs);
  }

  step<Result>(act: () => Result): Result {
    return this.disk.step(act);
  }

  /** Somebody says this to it. */
  hears(from: number, said: Said, births: { from?: number; to?: number } = {}): void {
    this.receives(from, { ...said, from: births.from ?? 1, to: births.to ?? 1 } as RaftMessage);
  }

  receives(from: number, message: RaftMessage): void {
    const copy = v.parse(raftSchema, JSON.parse(JSON.stringify(message)));
    this.step(() => this.raft.receive(testNodeId(from), copy));
  }

  /** What has left it since the last call; only these kinds, if any are named. */
  take<Type extends Said['type']>(...types: Type[]): Letter<Type>[] {
    const taken = this.letters;
    this.letters = [];
    return taken.filter(
      ({ type }) => types.length === 0 || (types as string[]).includes(type),
    ) as Letter<Type>[];
  }

  /** The power fails: all that is not durable is gone. A new life begins, on this disk or an empty one. */
  restart(keepsDisk = true): void {
    this.letters = [];
    if (keepsDisk) this.disk.crash();
    else this.disk.wipe();
    this.boot();
  }

  propose(command: Json): { readonly result: unknown } {
    const end: { result: unknown } = { result: 'none yet' };
    this.step(() => this.raft.propose(command, (result) => (end.result = result)));
    this.pass(0);
    return end;
  }

  read(): { readonly ok: boolean | null } {
    const end: { ok: boolean | null } = { ok: null };
    this.step(() => this.raft.read((ok) => (end.ok = ok)));
    this.pass(0);
    return end;
  }

  /** It has waited for a leader as long as it will. */
  losePatience(): void {
    this.time.runUntil(this.raft.timer()!.endsAt);
  }

  /** It stands for election: all others would vote for it, and have not yet. What it asks is left to take. */
  stand(): void {
    this.losePatience();
    if (this.state.role !== 'candidate' || !this.asksFirst) return;
    this.take();
    const term = this.state.term + 1;
    for (const other of this.others)
      this.hears(other, { type: 'vote', term, isPre: true, granted: true });
  }

  /** It is elected. What it said as a leader is left to take. */
  lead(): void {
    this.stand();
    this.take();
    const { term } = this.state;
    for (const other of this.others)
      this.hears(other, { type: 'vote', term, isPre: false, granted: true });
    this.pass(0);
  }

  /** It is elected, and everybody has all that it has; nothing is left to take. */
  settle(): void {
    this.lead();
    this.acknowledge();
    this.pass(0);
    this.take();
  }

  /** These, or all, take what it sent them and say so. */
  acknowledge(who: readonly number[] = this.others): void {
    for (const { to, term, prevIndex, entries, round } of this.take('append'))
      if (who.includes(to))
        this.hears(to, { type: 'appended', term, match: prevIndex + entries.length, round });
  }

  /** What the group had executed up to here stands in a snapshot, in place of these entries. */
  keepSnapshot(snapshot: Snapshot): void {
    this.step(() => new Log(this.disk.store).install(snapshot));
    this.restart();
  }

  private get asksFirst(): boolean {
    return this.options.options?.preVote ?? DEFAULT_OPTIONS.preVote;
  }

  /** What it has from an earlier life. */
  private furnish(config: Config): void {
    const { log = [], term = 0, vote = null } = this.options;
    const entries = log.flatMap((one, offset) =>
      typeof one === 'number' ? entriesOf([one], offset + 1) : [one],
    );
    const { store } = this.disk;
    this.step(() => {
      store.put('birth', 1);
      store.put('base', { index: 0, term: 0, config, digest: 0 });
      store.put('ballot', { term, vote: vote === null ? null : member(vote) });
      for (const [offset, entry] of entries.entries()) store.put(`e/${offset + 1}`, entry);
    });
  }

  private boot(): void {
    this.life += 1;
    this.machine = new Chronicler();
    const { legacy = null, options = {} } = this.options;
    this.step(() => {
      const { machine } = this;
      this.raft = new Raft(this.world(), machine, legacy, { ...DEFAULT_OPTIONS, ...options });
      this.raft.start();
    });
  }

  private world(): ElectionWorld<RaftMessage> {
    const { life, time, options } = this;
    const isAlive = () => life === this.life;
    return {
      self: testNodeId(this.index),
      incarnation: life,
      choice: {
        algorithm: 'raft',
        turn: 1,
        by: { id: testNodeId(options.founds ? this.index : 99), life: 1 },
      },
      neighbours: () => this.others.map(testNodeId),
      monotonic: time.now,
      random: () => this.random(),
      after: (delayMs, callback) =>
        time.after(delayMs, () => {
          if (isAlive()) this.step(callback);
        }),
      record: (kind, detail) => {
        this.notes.push({ kind, detail });
      },
      store: this.disk.store,
      send: (to, message) => {
        const copy = v.parse(raftSchema, JSON.parse(JSON.stringify(message)));
        this.disk.leave(() => this.sent(Number(to.slice(1)), copy));
      },
    };
  }

  private sent(to: number, message: RaftMessage): void {
    this.onSend(to, message);
    if (message.type === 'join') {
      this.joins += 1;
      return;
    }
    const { from: _from, to: _to, ...said } = message;
    this.letters.push({ ...said, to } as Letter);
  }
}
