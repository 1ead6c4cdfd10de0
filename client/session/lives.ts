import { MonotonicClock } from '../../src/clocks/monotonic-clock.ts';
import { WallClock } from '../../src/clocks/wall-clock.ts';
import type { Transport } from '../../src/network/transport.ts';
import type { Disk } from '../../src/runtime/disk.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import { Node } from '../../src/runtime/node.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Incarnation, Milliseconds, RoomCode } from '../../src/vocabulary.ts';
import { DiskFailure, type DiskTrouble } from '../platform/disk/disk-trouble.ts';
import { randomUnit } from '../platform/random.ts';
import { trueTime } from '../platform/true-time.ts';
import type { Timers } from '../platform/timers.ts';

/** A disk that outlives the lives of its node. */
export interface LastingDisk extends Disk {
  /** Between two lives; with `keep` false the next one finds it empty. Rejects with a DiskFailure. */
  reset(keep: boolean): Promise<void>;
  close(): void;
}

/** It works for others too, so it has to stand still when its node does. */
export interface LastingTransport extends Transport {
  freeze(): void;
  /** Ends a freeze, as the start of the next life does. */
  thaw(): void;
}

export interface LivesOptions<Protocols> {
  readonly room: RoomCode;
  readonly transport: LastingTransport;
  readonly timers: Timers;
  /** Rejects with a DiskFailure if there is none. */
  readonly openDisk: (lost: (trouble: DiskTrouble) => void) => Promise<LastingDisk>;
  /** The number of the life that begins. */
  readonly incarnation: () => Incarnation;
  readonly protocols: (node: Node) => Protocols;
  /** The node does not run a protocol that others speak, or that its disk keeps something of. */
  readonly lacks?: (protocol: string) => void;
  /** A life has begun, and its node runs. */
  readonly begun: (node: Node) => void;
  /** A life has ended: its links to others must go. */
  readonly ended: () => void;
  /** The next one is about to begin: `incarnation` must be higher from now on. */
  readonly renew: () => void;
  readonly trace: (event: TraceEvent) => void;
  readonly changed: () => void;
}

export type DiskView =
  | { readonly state: 'opening' | 'ready' }
  /** The node works without: whatever ends its life ends its memory. */
  | { readonly state: 'none'; readonly trouble: DiskTrouble };

/** The tab as a computer: its clocks and its disk, and the lives of the one node that runs on it. */
export class Lives<Protocols> {
  readonly monotonic: MonotonicClock;
  readonly wall: WallClock;
  state: 'starting' | 'up' | 'paused' | 'crashed' | 'stopped' = 'starting';
  disk: DiskView = { state: 'opening' };
  /** Null before the first life and between two. */
  node: Node | null = null;
  protocols: Protocols | null = null;
  /** When a commanded pause ends, in the tab's own time. */
  resumesAt: Milliseconds | null = null;

  #options: LivesOptions<Protocols>;
  #disk: LastingDisk | null = null;
  #wake: Cancel | null = null;
  #resume: Cancel | null = null;
  #restarting: Promise<void> | null = null;

  constructor(options: LivesOptions<Protocols>) {
    const { timers } = options;
    this.#options = options;
    this.monotonic = new MonotonicClock(() => timers.now());
    this.wall = new WallClock(() => performance.timeOrigin + timers.now());
  }

  /** The first life in this page begins when the disk is open, or is known not to be there. */
  async start(): Promise<void> {
    try {
      this.#disk = await this.#options.openDisk((trouble) => this.#diskLost(trouble));
      this.disk = { state: 'ready' };
    } catch (error) {
      this.disk = { state: 'none', trouble: troubleIn(error) };
    }
    if (this.state === 'starting') this.#begin();
    else this.#disk?.close();
  }

  /** With the page: its disk is kept. */
  stop(): void {
    this.node?.stop();
    this.#quiet();
    this.state = 'stopped';
    this.#disk?.close();
  }

  /** Freezes the node for so long. A pause within a pause replaces what was left of it. */
  pause(ms: Milliseconds): void {
    if (this.state !== 'up' && this.state !== 'paused') return;
    this.node?.pause();
    this.#options.transport.freeze();
    this.state = 'paused';
    this.resumesAt = this.#options.timers.now() + ms;
    this.#resume?.();
    this.#resume = this.#options.timers.after(ms, () => {
      this.state = 'up';
      this.resumesAt = null;
      this.#options.transport.thaw();
      this.node?.resume();
      this.#options.changed();
    });
    this.#options.changed();
  }

  /** The node dies in the middle of whatever it does. */
  crash(): void {
    if (this.state !== 'up' && this.state !== 'paused') return;
    this.node?.crash();
    this.#quiet();
    this.state = 'crashed';
    this.#options.ended();
    this.#options.changed();
  }

  /** A node that still lives is killed first. */
  restart(keepDisk: boolean): Promise<void> {
    this.crash();
    if (this.state !== 'crashed') return Promise.resolve();
    this.#restarting ??= this.#live(keepDisk).finally(() => (this.#restarting = null));
    return this.#restarting;
  }

  /** Both of its clocks; and what was to wake it at the old rate is asked for at the new one. */
  drift(ppm: number): void {
    this.monotonic.setRatePpm(ppm);
    this.wall.setDriftPpm(ppm);
    this.node?.wake();
  }

  async #live(keepDisk: boolean): Promise<void> {
    try {
      await this.#disk?.reset(keepDisk);
    } catch (error) {
      this.#disk = null;
      this.disk = { state: 'none', trouble: troubleIn(error) };
    }
    // The page may have gone meanwhile.
    if (this.state !== 'crashed') return;
    this.#options.renew();
    this.#begin();
  }

  #begin(): void {
    const { transport } = this.#options;
    const node = this.#boot();
    this.node = node;
    this.state = 'up';
    this.protocols = this.#options.protocols(node);
    transport.start({
      frame: (from, bytes) => node.receive(from, bytes),
      up: (neighbour) => node.up(neighbour),
      down: (neighbour, reason) => node.down(neighbour, reason),
    });
    node.start();
    this.#options.begun(node);
    for (const neighbour of transport.neighbours()) node.up(neighbour);
    this.#options.changed();
  }

  #boot(): Node {
    const { room, transport, lacks, trace } = this.#options;
    const node: Node = new Node({
      self: transport.self,
      incarnation: this.#options.incarnation(),
      room,
      neighbours: () => transport.neighbours(),
      send: (to, bytes, lane) => transport.send(to, bytes, lane),
      monotonic: this.monotonic.now,
      wallClock: this.wall.now,
      trueTime,
      random: randomUnit,
      wakeAt: (moment) => this.#wakeAt(node, moment),
      lacks,
      trace,
      ...(this.#disk && { disk: this.#disk }),
    });
    return node;
  }

  #wakeAt(node: Node, moment: Milliseconds | null): void {
    const { timers } = this.#options;
    this.#wake?.();
    this.#wake = null;
    if (moment === null) return;
    const delayMs = Math.max(0, this.monotonic.trueTimeOf(moment) - timers.now());
    this.#wake = timers.after(delayMs, () => node.wake());
  }

  /** A disk that failed makes the node fail with it: what waits for it must never be let out. */
  #diskLost(trouble: DiskTrouble): void {
    this.#disk = null;
    this.disk = { state: 'none', trouble };
    if (this.state === 'up' || this.state === 'paused') void this.restart(true);
    else this.#options.changed();
  }

  #quiet(): void {
    this.#wake?.();
    this.#resume?.();
    this.#wake = null;
    this.#resume = null;
    this.resumesAt = null;
    this.node = null;
    this.protocols = null;
  }
}

function troubleIn(error: unknown): DiskTrouble {
  if (error instanceof DiskFailure) return error.trouble;
  throw error;
}
