import type { TraceEvent } from '../../src/trace/event.ts';
import type { Told } from '../../src/trace/telling.ts';
import { eventLine, toldLine } from '../../src/trace/trace-file.ts';
import type { Untold } from '../../src/trace/traffic.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Chunk } from '../platform/recording-store.ts';

/** The lines that the next chunk will have. What a node says of its telling, again and again, is one line. */
export class RecordingLines {
  #lines: string[] = [];
  #events = 0;
  #told = 0;
  #characters = 0;
  #untold = new Map<NodeId, Told>();

  get characters(): number {
    return this.#characters;
  }

  event(event: TraceEvent): void {
    this.#put(eventLine(event));
    this.#events += 1;
  }

  account(node: NodeId, told: Told): void {
    const before = this.#untold.get(node);
    if (before !== undefined && before.level !== told.level) this.#putTold(node, before);
    const isSame = before?.level === told.level;
    this.#untold.set(node, isSame ? sumOf(before, told) : told);
  }

  /** All of it, and from now on anew; null if there is nothing. */
  take(): Chunk | null {
    for (const [node, told] of this.#untold) this.#putTold(node, told);
    this.#untold.clear();
    if (this.#lines.length === 0) return null;
    const chunk = { text: this.#lines.join(''), events: this.#events, told: this.#told };
    this.#lines = [];
    this.#events = 0;
    this.#told = 0;
    this.#characters = 0;
    return chunk;
  }

  #putTold(node: NodeId, told: Told): void {
    this.#put(toldLine({ node, told }));
    this.#told += 1;
  }

  #put(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
  }
}

function sumOf(a: Told, b: Told): Told {
  const leftOut = new Map<string, Untold>(a.leftOut);
  for (const [protocol, more] of b.leftOut) {
    const there = leftOut.get(protocol);
    leftOut.set(protocol, {
      sent: more.sent + (there?.sent ?? 0),
      sentBytes: more.sentBytes + (there?.sentBytes ?? 0),
      received: more.received + (there?.received ?? 0),
      receivedBytes: more.receivedBytes + (there?.receivedBytes ?? 0),
    });
  }
  return { ...b, events: a.events + b.events, lost: a.lost + b.lost, leftOut };
}
