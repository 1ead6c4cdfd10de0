import { UNKNOWN, type Outcome } from '../../../src/coordination/outcome.ts';
import { lockOver, type AcquireOptions, type Lock } from '../../../src/coordination/lock/lock.ts';
import type { LogStore } from '../../../src/coordination/lock/log-store.ts';
import type { AcquireOutcome, WriteOutcome } from '../../../src/coordination/lock/words.ts';
import type { OnEnd } from '../../../src/coordination/outcome.ts';
import type { Node } from '../../../src/runtime/node.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Json, Milliseconds } from '../../../src/vocabulary.ts';

/** A frame takes so long one way, and so does a word to the log. */
export const DELAY_MS: Milliseconds = 10;

type Note = Extract<TraceEvent, { type: 'note' }>;

/** What the log does with the next operations: answers, acts and says nothing, or refuses. */
type Mood = 'answers' | 'acts in silence' | 'does nothing' | 'refuses';

/** How long it is waited for, as by a client of the store. */
const SILENCE_MS: Milliseconds = 200;

/** Nodes with locks over a log that never fails unless it is told to; linked each to each. */
export class LockRig {
  readonly cluster: Cluster<Lock>;
  readonly events: TraceEvent[] = [];
  readonly entries = new Map<string, Json>();
  private readonly deaf = new Set<number>();
  mood: Mood = 'answers';
  /** So many operations in the log's mood; then it answers again. */
  moody = Infinity;

  constructor({ nodes = 3 } = {}) {
    this.cluster = new Cluster<Lock>({
      nodes,
      seed: 1,
      protocols: (node, _life, index) => node.add(lockOver(this.logOf(node, index))),
      delay: () => DELAY_MS,
      maxWriteMs: 1,
      trace: (event) => this.events.push(event),
    });
    this.cluster.linkAll();
  }

  get time() {
    return this.cluster.time;
  }

  at(index: number): Lock {
    return this.cluster.members[index]!.protocols;
  }

  idOf(index: number) {
    return this.cluster.members[index]!.id;
  }

  indexOf(id: unknown): number {
    return this.cluster.members.findIndex((member) => member.id === id);
  }

  acquire(index: number, options: AcquireOptions = {}, name = 'door'): AcquireOutcome[] {
    const ends: AcquireOutcome[] = [];
    this.step(index, (lock) => lock.acquire(name, options, (end) => ends.push(end)));
    return ends;
  }

  write(index: number, token: number, value: Json, name = 'door'): WriteOutcome[] {
    const ends: WriteOutcome[] = [];
    this.step(index, (lock) => lock.write(name, token, value, (end) => ends.push(end)));
    return ends;
  }

  release(index: number, token: number, name = 'door'): Outcome[] {
    const ends: Outcome[] = [];
    this.step(index, (lock) => lock.release(name, token, (end) => ends.push(end)));
    return ends;
  }

  runFor(ms: Milliseconds): void {
    this.time.runFor(ms);
  }

  /** Acquires, and waits until it is had. */
  held(index: number, options: AcquireOptions = {}): number {
    const ends = this.acquire(index, options);
    this.runFor(20 * DELAY_MS);
    const [end] = ends;
    if (end === undefined || !('ok' in end) || !end.ok) throw new Error('the lock was not had');
    return end.token;
  }

  holders(name = 'door'): number[] {
    return this.cluster.members.flatMap(({ protocols }, index) =>
      (protocols.state(name)?.held ?? null) === null ? [] : [index],
    );
  }

  /** The node that keeps what the lock guards. */
  keeper(name = 'door'): number {
    return this.indexOf((this.entries.get(`lock/${name}`) as { keeper: string }).keeper);
  }

  notes(kind: string): Note[] {
    return this.events.filter(
      (event): event is Note => event.type === 'note' && event.kind === kind,
    );
  }

  step(index: number, act: (lock: Lock) => void): void {
    const { node, protocols } = this.cluster.members[index]!;
    node.step(() => act(protocols));
  }

  /** Whether the log hears this node. */
  setRenewals(index: number, hears: boolean): void {
    if (hears) this.deaf.delete(index);
    else this.deaf.add(index);
  }

  private logOf(node: Pick<Node, 'told'>, index: number): LogStore {
    const ask = (act: () => Outcome, onEnd: OnEnd) => {
      this.time.after(DELAY_MS, () => {
        const outcome = this.deaf.has(index) ? UNKNOWN : this.moodily(act);
        const ms = 'unknown' in outcome ? SILENCE_MS : DELAY_MS;
        this.time.after(ms, () => node.told(() => onEnd(outcome)));
      });
    };
    return {
      get: (key, onEnd) => ask(() => ({ ok: true, value: this.entries.get(key) ?? null }), onEnd),
      cas: (key, from, to, onEnd) =>
        ask(() => {
          const is = JSON.stringify(this.entries.get(key) ?? null) === JSON.stringify(from);
          if (!is) return { ok: false, reason: 'no-match', why: 'Another value.' };
          this.entries.set(key, to);
          return { ok: true };
        }, onEnd),
    };
  }

  private moodily(act: () => Outcome): Outcome {
    const { mood } = this;
    if (mood === 'answers') return act();
    this.moody -= 1;
    if (this.moody === 0) this.mood = 'answers';
    if (mood === 'acts in silence') act();
    return mood === 'refuses'
      ? { ok: false, reason: 'no-leader', why: 'Nobody leads.' }
      : { unknown: true };
  }
}
