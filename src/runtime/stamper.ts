import { Lamport } from '../clocks/lamport.ts';
import type { Tick } from '../clocks/tick.ts';
import {
  entriesToJson,
  VectorClock,
  type VectorEntries,
  type VectorSnapshot,
} from '../clocks/vector.ts';
import type { Happening } from '../trace/event.ts';
import type { Milliseconds } from '../vocabulary.ts';
import type { Environment } from './environment.ts';

/** All clocks of a node at one moment. */
export interface ClockReadings {
  readonly wall: Milliseconds;
  readonly monotonic: Milliseconds;
  readonly lamport: number;
  readonly vector: { readonly [node: string]: Tick };
}

/** A node's logical clocks, and the events that they stamp on their way to the trace. */
export class Stamper {
  private readonly environment: Environment;
  private readonly lamportClock = new Lamport();
  private readonly vectorClock: VectorClock;
  private sequence = 0;

  constructor(environment: Environment) {
    this.environment = environment;
    this.vectorClock = new VectorClock(environment.self, environment.incarnation);
  }

  /** Does anybody look? If not, an event is not worth making. */
  get seen(): boolean {
    return this.environment.trace !== null;
  }

  get lamport(): number {
    return this.lamportClock.now;
  }

  /** In place: it changes with the next event. */
  get vector(): VectorEntries {
    return this.vectorClock.entries;
  }

  /** The vector as it is now, to keep. */
  snapshot(): VectorSnapshot {
    return this.vectorClock.snapshot();
  }

  readings(): ClockReadings {
    return {
      wall: this.environment.wallClock(),
      monotonic: this.environment.monotonic(),
      lamport: this.lamport,
      vector: entriesToJson(this.vector),
    };
  }

  /** Before the first event: a life that remembers an earlier one goes on above it. */
  startAt(lamport: number): void {
    if (lamport > 0) this.lamportClock.receive(lamport - 1);
  }

  /** Something happened in this node alone. */
  happened(happening: Happening): void {
    this.tick();
    this.emit(happening);
  }

  /** The arrival of a message: this node now knows all that its sender knew. `emit` must follow. */
  received(lamport: number, vector: VectorEntries): void {
    this.lamportClock.receive(lamport);
    this.vectorClock.merge(vector);
    this.vectorClock.tick();
    this.sequence += 1;
  }

  /** Begins an event whose outcome decides what it is called: `emit` must follow. */
  tick(): void {
    this.lamportClock.tick();
    this.vectorClock.tick();
    this.sequence += 1;
  }

  emit(happening: Happening): void {
    const { trace, self, incarnation } = this.environment;
    if (trace === null) return;
    const { sequence } = this;
    const at = this.environment.trueTime();
    trace({ node: self, incarnation, sequence, at, ...this.readings(), ...happening });
  }
}
