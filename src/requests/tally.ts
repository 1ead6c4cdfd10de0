import type { Cancel, Detail } from '../runtime/host.ts';
import type { Milliseconds } from '../vocabulary.ts';

/** What is counted, each second anew. */
export interface Counts {
  /** As a caller. */
  offered: number;
  answered: number;
  failed: number;
  retries: number;
  /** Answers that came when nobody waited any more. */
  late: number;
  /** As a server: calls executed. */
  served: number;
  /** Calls that were known, and not executed again. */
  repeated: number;
  refused: number;
  /** Calls that nobody waited for when it was their turn. */
  dropped: number;
}

/** One second in which anything happened. */
export interface Second extends Readonly<Counts> {
  /** When it ended, by the node's own monotonic clock. */
  readonly at: Milliseconds;
  /** What waited at this server then. */
  readonly queue: number;
}

const SECOND_MS: Milliseconds = 1_000;

/** Five minutes: an outage, what came of it, and some time before and after. */
export const MAX_SECONDS = 300;

/** A storm makes hundreds of events a second; these few show how they look, and the rest is counted. */
export const NOTES_A_SECOND = 10;

interface TallyWorld {
  monotonic(): Milliseconds;
  after(delay: Milliseconds, callback: () => void): Cancel;
  record(kind: string, detail: Detail): void;
}

const NOTHING: Readonly<Counts> = {
  offered: 0,
  answered: 0,
  failed: 0,
  retries: 0,
  late: 0,
  served: 0,
  repeated: 0,
  refused: 0,
  dropped: 0,
};

/** Adds up what happens in each second, and lets only a few notes a second into the trace. */
export class Tally {
  private readonly world: TallyWorld;
  private readonly queue: () => number;
  private readonly past: Second[] = [];
  private now: Counts = { ...NOTHING };
  private notes = 0;
  private untold = 0;
  private isCounting = false;

  /** @param queue what waits at this server */
  constructor(world: TallyWorld, queue: () => number) {
    this.world = world;
    this.queue = queue;
  }

  /** The newest last. Seconds in which nothing happened are left out. */
  get seconds(): readonly Second[] {
    return this.past;
  }

  count(what: keyof Counts): void {
    this.begin();
    this.now[what] += 1;
  }

  note(kind: string, detail: Detail): void {
    this.begin();
    if (this.notes === NOTES_A_SECOND) {
      this.untold += 1;
      return;
    }
    this.notes += 1;
    this.world.record(kind, detail);
  }

  private begin(): void {
    if (this.isCounting) return;
    this.isCounting = true;
    this.world.after(SECOND_MS, () => this.end());
  }

  private end(): void {
    const second = { at: this.world.monotonic(), queue: this.queue(), ...this.now };
    const { at: _, ...counted } = second;
    if (this.past.length === MAX_SECONDS) this.past.shift();
    this.past.push(second);
    this.world.record('calls', { ...counted, untold: this.untold });
    this.now = { ...NOTHING };
    this.notes = 0;
    this.untold = 0;
    this.isCounting = false;
    if (second.queue > 0) this.begin();
  }
}
