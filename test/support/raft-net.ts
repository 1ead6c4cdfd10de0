import type { RaftMessage } from '../../src/election/raft/messages.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import { RaftBench, type BenchOptions } from './raft-bench.ts';

/** One way. */
const DELAY_MS: Milliseconds = 1;

/** Benches that hear each other, as far as the test lets them. */
export class RaftNet {
  readonly time = new VirtualTime();
  readonly benches: readonly RaftBench[];
  /** Whether this message arrives. */
  passes: (from: number, to: number, message: RaftMessage) => boolean = () => true;

  constructor(members: readonly BenchOptions[]) {
    const { time } = this;
    this.benches = members.map((options, index) => new RaftBench({ ...options, index, time }));
    for (const bench of this.benches)
      bench.onSend = (to, message) => this.carry(bench.index, to, message);
  }

  bench(index: number): RaftBench {
    return this.benches[index]!;
  }

  run(durationMs: Milliseconds): void {
    this.time.runFor(durationMs);
  }

  /** This one stands before all others, and has had time to win. */
  elect(index: number): void {
    this.impatient(index);
    this.run(20);
  }

  /** This one stands for election now. */
  impatient(index: number): void {
    for (const bench of this.benches) {
      bench.random = () => (bench.index === index ? 0 : 1);
      bench.step(() => bench.raft.resumed());
    }
    this.run(500);
  }

  /** Nothing gets to or from these. */
  cutOff(...indexes: number[]): void {
    this.passes = (from, to) => !indexes.includes(from) && !indexes.includes(to);
  }

  heal(): void {
    this.passes = () => true;
  }

  /** Those that think that they lead. */
  get leaders(): number[] {
    return this.benches.filter(({ state }) => state.role === 'leader').map(({ index }) => index);
  }

  private carry(from: number, to: number, message: RaftMessage): void {
    if (this.benches[to] === undefined || !this.passes(from, to, message)) return;
    this.time.after(DELAY_MS, () => this.benches[to]!.receives(from, message));
  }
}
