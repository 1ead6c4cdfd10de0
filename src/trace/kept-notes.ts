import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { tickOf } from './timeline.ts';
import { MAX_COUNTED_NODES } from './traffic.ts';
import { ValueOverTime, type Change } from './value-over-time.ts';

export interface NoteDetail {
  readonly [key: string]: string | number | boolean | null;
}

/** What a node may speak of in one kind of note; a board has six engines. */
const MAX_SUBJECTS = 16;

/**
 * Notes that stand until the next one: the last of each subject says what is the case. Kept for longer
 * than other events, and by time. Events may come in any order.
 */
export class KeptNotes {
  private readonly protocol: string;
  private readonly kind: string;
  private readonly about: string | null;
  private readonly nodes = new Map<NodeId, Map<string, ValueOverTime<NoteDetail>>>();

  /** @param about the field of the note that says what it speaks of; left out: all speak of the same */
  constructor(protocol: string, kind: string, about: string | null = null) {
    this.protocol = protocol;
    this.kind = kind;
    this.about = about;
  }

  add(event: TraceEvent): void {
    if (event.type !== 'note' || event.kind !== this.kind || event.protocol !== this.protocol)
      return;
    const subject = this.about === null ? '' : String(event.detail[this.about]);
    const subjects = this.nodes.get(event.node) ?? new Map<string, ValueOverTime<NoteDetail>>();
    const notes = subjects.get(subject) ?? new ValueOverTime<NoteDetail>();
    if (!this.nodes.has(event.node) && this.nodes.size >= MAX_COUNTED_NODES) return;
    if (!subjects.has(subject) && subjects.size >= MAX_SUBJECTS) return;
    this.nodes.set(event.node, subjects.set(subject, notes));
    notes.set(event.at, tickOf(event), event.detail);
  }

  /** Of every subject that the node has spoken of until then. */
  at(node: NodeId, time: Milliseconds): NoteDetail[] {
    return this.datedAt(node, time).map(({ value }) => value);
  }

  /** The same, each with when it was said. */
  datedAt(node: NodeId, time: Milliseconds): Change<NoteDetail>[] {
    const found: Change<NoteDetail>[] = [];
    for (const notes of this.nodes.get(node)?.values() ?? []) {
      const change = notes.changeAt(time);
      if (change !== undefined) found.push(change);
    }
    return found;
  }
}
