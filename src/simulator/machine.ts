import { MonotonicClock } from '../clocks/monotonic-clock.ts';
import { WallClock } from '../clocks/wall-clock.ts';
import type { MemoryListener, MemoryTransport } from '../network/memory.ts';
import type { Cancel } from '../runtime/host.ts';
import { Node } from '../runtime/node.ts';
import type { TraceEvent } from '../trace/event.ts';
import { parseRoomCode, type Incarnation, type NodeId } from '../vocabulary.ts';
import { MemoryDisk } from './memory-disk.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

const ROOM = parseRoomCode('ACDEFG')!;

export interface MachineOptions<Protocols> {
  readonly protocols: (node: Node, life: Incarnation) => Protocols;
  /** A write to the disk takes up to so long. Null: no disk, and a crash forgets everything. */
  readonly maxWriteMs: number | null;
  readonly trace: ((event: TraceEvent) => void) | null;
  /** A link of the present life has closed. */
  readonly broke: (neighbour: NodeId) => void;
  /** It has crashed. */
  readonly died: () => void;
}

/** One computer: its clocks and its disk, and the lives of the one node that runs on it. */
export class Machine<Protocols> {
  readonly id: NodeId;
  readonly transport: MemoryTransport;
  readonly monotonic: MonotonicClock;
  readonly wall: WallClock;
  node!: Node;
  protocols!: Protocols;
  life: Incarnation = 0;
  private state: 'up' | 'paused' | 'down' = 'down';
  private readonly time: VirtualTime;
  private readonly random: Random;
  private readonly disk: MemoryDisk | undefined;
  private readonly options: MachineOptions<Protocols>;
  private cancelWake: Cancel = () => {};

  constructor(
    transport: MemoryTransport,
    time: VirtualTime,
    random: Random,
    options: MachineOptions<Protocols>,
  ) {
    const { maxWriteMs } = options;
    this.id = transport.self;
    this.transport = transport;
    this.time = time;
    this.random = random;
    this.options = options;
    this.monotonic = new MonotonicClock(time.now);
    this.wall = new WallClock(time.now);
    this.disk =
      maxWriteMs === null ? undefined : new MemoryDisk(time, random.fork('disk'), maxWriteMs);
  }

  /** It runs, and nothing keeps it from answering. */
  get responsive(): boolean {
    return this.state === 'up';
  }

  /** It runs, or is frozen. */
  get alive(): boolean {
    return this.state !== 'down';
  }

  /** Begins a life. */
  start(): void {
    this.life += 1;
    this.state = 'up';
    const { life, random } = this;
    const node = this.boot(life === 1 ? random : random.fork(`life ${life}`));
    this.node = node;
    this.protocols = this.options.protocols(node, life);
    this.transport.start(listenerOf(node, this.options.broke));
    node.start();
  }

  pause(): void {
    if (this.state !== 'up') return;
    this.state = 'paused';
    this.node.pause();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'up';
    this.node.resume();
  }

  /** Dies without a word: its links stay open until somebody closes them. */
  crash(): void {
    if (this.state === 'down') return;
    this.state = 'down';
    this.node.crash();
    this.disk?.crash();
    this.options.died();
  }

  /** Closes what links the dead life had; the cluster links it anew. Says whether it was down. */
  restart(keepDisk: boolean): boolean {
    if (this.state !== 'down') return false;
    if (!keepDisk) this.disk?.wipe();
    this.transport.stop();
    this.start();
    return true;
  }

  /** Wake-ups asked for at the old rate are asked for again at the new one. */
  drift(ppm: number): void {
    this.monotonic.setRatePpm(ppm);
    this.wall.setDriftPpm(ppm);
    if (this.state === 'up') this.node.wake();
  }

  private boot(random: Random): Node {
    const { time, monotonic, transport, disk } = this;
    this.cancelWake();
    const node: Node = new Node({
      self: this.id,
      incarnation: this.life,
      room: ROOM,
      monotonic: monotonic.now,
      wallClock: this.wall.now,
      trueTime: time.now,
      random: random.next,
      neighbours: () => transport.neighbours(),
      send: (to, bytes, lane) => transport.send(to, bytes, lane),
      sendParcel: (to, parcel, lane) => transport.sendParcel(to, parcel, lane),
      wakeAt: (moment) => {
        this.cancelWake();
        this.cancelWake =
          moment === null ? () => {} : time.alarm(monotonic.trueTimeOf(moment), () => node.wake());
      },
      trace: this.options.trace,
      ...(disk && { disk }),
    });
    return node;
  }
}

/** A life hears of the end of its own links alone, and not of those that died with the life before. */
function listenerOf(node: Node, broke: (neighbour: NodeId) => void): MemoryListener {
  const mine = new Set<NodeId>();
  return {
    frame: (from, bytes) => node.receive(from, bytes),
    parcel: (from, parcel) => node.receive(from, parcel),
    up: (neighbour) => {
      mine.add(neighbour);
      node.up(neighbour);
    },
    down: (neighbour, reason) => {
      if (!mine.delete(neighbour)) return;
      node.down(neighbour, reason);
      broke(neighbour);
    },
  };
}
