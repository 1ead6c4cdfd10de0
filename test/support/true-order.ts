import type { Node } from '../../src/runtime/node.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { decodeFrame, type FrameHeader } from '../../src/wire/frame.ts';
import { Parcel } from '../../src/wire/parcel.ts';
import { TEST_ROOM } from './node-ids.ts';

/**
 * What truly happened before what in a simulated run. It hears of the events in the order in which
 * they happen, sees which frame a node is handling when it notes a receipt, and looks at no clock:
 * an event comes after the one before it on its node, whatever life, and a receipt after the sending
 * of that very frame.
 */
export class TrueOrder {
  readonly events: TraceEvent[] = [];
  /** By event, one bit for each event before it. */
  private readonly pasts: Uint32Array[] = [];
  /** By event, its direct causes. */
  readonly causes: (readonly number[])[] = [];
  private readonly newest = new Map<NodeId, number>();
  private readonly sendings = new Map<string, number>();
  private handling = '';

  /** Before it starts. */
  watch(node: Node): void {
    const receive = node.receive.bind(node);
    node.receive = (from, arrived) => {
      const frame = headerOf(arrived);
      this.handling = frame ? frameKey(frame.sender, frame.incarnation, frame.message) : '';
      receive(from, arrived);
    };
  }

  readonly trace = (event: TraceEvent): void => {
    const index = this.events.push(event) - 1;
    const { node, incarnation } = event;
    const causes: number[] = [];
    const before = this.newest.get(node);
    if (before !== undefined) causes.push(before);
    if (event.type === 'receive') causes.push(this.sendings.get(this.handling)!);
    if (event.type === 'send') {
      this.sendings.set(frameKey(node, incarnation, event.message), index);
    }
    this.newest.set(node, index);
    this.causes.push(causes);
    this.pasts.push(this.pastOf(causes, index));
  };

  isBefore(a: number, b: number): boolean {
    return a < b && (this.pasts[b]![a >> 5]! & (1 << (a & 31))) !== 0;
  }

  order(a: number, b: number): 'before' | 'after' | 'equal' | 'concurrent' {
    if (a === b) return 'equal';
    if (this.isBefore(a, b)) return 'before';
    return this.isBefore(b, a) ? 'after' : 'concurrent';
  }

  private pastOf(causes: readonly number[], index: number): Uint32Array {
    const past = new Uint32Array((index >> 5) + 1);
    for (const cause of causes) {
      this.pasts[cause]!.forEach((word, at) => (past[at]! |= word));
      past[cause >> 5]! |= 1 << (cause & 31);
    }
    return past;
  }
}

/** A node counts all that it sends in a life, to whomever. */
function frameKey(from: NodeId, life: number, message: number): string {
  return `${from}/${life}#${message}`;
}

function headerOf(arrived: Uint8Array | Parcel): FrameHeader | undefined {
  if (arrived instanceof Parcel) return arrived;
  const decoded = decodeFrame(arrived, TEST_ROOM);
  return decoded.ok ? decoded.frame : undefined;
}
