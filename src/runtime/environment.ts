import type { TraceEvent } from '../trace/event.ts';
import type { Incarnation, Milliseconds, NodeId, RoomCode } from '../vocabulary.ts';
import type { Lane, SendOutcome } from '../wire/lane.ts';
import type { Parcel } from '../wire/parcel.ts';
import type { Disk } from './disk.ts';

/**
 * What a Node stands on: a browser tab, or the simulator. It calls the node's `receive`, `up`,
 * `down` and `wake`, one at a time, and never from within one of these calls.
 */
export interface Environment {
  readonly self: NodeId;
  /** Higher than in any earlier life of this node. */
  readonly incarnation: Incarnation;
  readonly room: RoomCode;

  /** This node's own clock, which never goes back. */
  monotonic(): Milliseconds;

  /** Time of day as this node believes it. */
  wallClock(): Milliseconds;

  /** True time since 1970, or since the beginning of a simulated world. Only the trace gets to see it. */
  trueTime(): Milliseconds;

  /** Uniform in [0, 1). */
  random(): number;

  /** The nodes with an open link, in a stable order. */
  neighbours(): readonly NodeId[];

  /** Takes a whole frame; the bytes are its own from now on. */
  send(to: NodeId, bytes: Uint8Array, lane: Lane): SendOutcome;

  /** The same without bytes, where both ends share a program; it then prefers this. */
  readonly sendParcel?: (to: NodeId, parcel: Parcel, lane: Lane) => SendOutcome;

  /** Asks for one `wake` at or soon after this moment, in place of the one asked for before. */
  wakeAt(monotonic: Milliseconds | null): void;

  /** What survives a crash. Without one the node works as well, and a crash forgets everything. */
  readonly disk?: Disk;

  /**
   * Others speak that protocol, or the disk keeps something of it, and the node does not run it. Told
   * within a step, with each frame; it may be added later (`Node.add`).
   */
  readonly lacks?: ((protocol: string) => void) | undefined;

  /** Takes every event of the node. Null where nobody looks: events then cost nothing. */
  readonly trace: ((event: TraceEvent) => void) | null;
}
