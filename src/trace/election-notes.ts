import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { ByTime } from './by-time.ts';
import type { TraceEvent } from './event.ts';
import { KeptNotes, type NoteDetail } from './kept-notes.ts';
import { MAX_COUNTED_NODES } from './traffic.ts';

const PROTOCOL = 'election';

/** Changes of one node's log that are remembered: an hour of a busy class. */
export const MAX_LOG_NOTES = 4_000;

/** Entries next to each other that one leader made. */
export interface LogRun {
  readonly from: number;
  readonly to: number;
  readonly term: number;
}

/** What a node has in its log, as it said itself. */
export interface LogImage {
  /** Which run of the election it belongs to. */
  readonly group: string;
  /** The entries up to here were taken away; 0 for none. */
  readonly baseIndex: number;
  readonly baseTerm: number;
  /** In order and without gaps. */
  readonly runs: readonly LogRun[];
}

/** What an observer knows of who leads, and of what stands in the logs: at any time, from notes alone. */
export class ElectionNotes {
  /** What it holds of who leads: {group, algorithm, role, term, leader}. */
  readonly roles = new KeptNotes(PROTOCOL, 'role');
  readonly votes = new KeptNotes(PROTOCOL, 'vote');
  /** How the votes for it stand. */
  readonly counts = new KeptNotes(PROTOCOL, 'count');
  readonly members = new KeptNotes(PROTOCOL, 'members');
  readonly committed = new KeptNotes(PROTOCOL, 'committed');
  /** What the copies of the store hold, by key. */
  readonly holdings = new KeptNotes('kv', 'holds', 'key');
  private readonly kept = [this.roles, this.votes, this.counts, this.members, this.committed];
  private readonly logs = new Map<NodeId, ByTime<LogNote>>();
  /** What each log is by its last note, until another comes: live pages ask for it with every picture. */
  private readonly newest = new Map<NodeId, LogImage | null>();

  add(event: TraceEvent): void {
    this.holdings.add(event);
    if (event.type !== 'note' || event.protocol !== PROTOCOL) return;
    for (const notes of this.kept) notes.add(event);
    if (event.kind === 'log' || event.kind === 'snapshot')
      this.logChanged(event.node, { at: event.at, kind: event.kind, detail: event.detail });
  }

  /** The newest of a kind; undefined before the first. */
  last(notes: KeptNotes, node: NodeId, time: Milliseconds): NoteDetail | undefined {
    return notes.at(node, time)[0];
  }

  /** Null for who has said nothing of a log until then. */
  logAt(node: NodeId, time: Milliseconds): LogImage | null {
    const notes = this.logs.get(node);
    if (notes?.last === undefined) return null;
    if (time < notes.last.at) return imageOf(notes.between(-Infinity, time));
    let image = this.newest.get(node);
    if (image === undefined) {
      image = imageOf(notes.between(-Infinity, time));
      this.newest.set(node, image);
    }
    return image;
  }

  private logChanged(node: NodeId, note: LogNote): void {
    const notes = this.logs.get(node) ?? new ByTime<LogNote>(({ at }) => at);
    if (!this.logs.has(node) && this.logs.size >= MAX_COUNTED_NODES) return;
    this.logs.set(node, notes);
    notes.add(note);
    this.newest.delete(node);
    if (notes.size > MAX_LOG_NOTES) notes.remove(notes.first!);
  }
}

interface LogNote {
  readonly at: Milliseconds;
  readonly kind: string;
  readonly detail: NoteDetail;
}

function imageOf(notes: readonly LogNote[]): LogImage | null {
  return notes.reduce<LogImage | null>(changed, null);
}

function changed(before: LogImage | null, { kind, detail }: LogNote): LogImage | null {
  const group = String(detail['group']);
  const known = before?.group === group ? before : emptyLog(group);
  return (kind === 'log' ? withRun(known, detail) : withBase(known, detail)) ?? before;
}

function emptyLog(group: string): LogImage {
  return { group, baseIndex: 0, baseTerm: 0, runs: [] };
}

/** Entries that stand there now, and none after them. Whatever a node says: what makes no sense is left out. */
function withRun(log: LogImage, { from, to, term }: NoteDetail): LogImage | null {
  if (!isCount(from) || !isCount(to) || !isCount(term) || from > to) return null;
  const before = log.runs
    .filter((run) => run.from < from)
    .map((run) => ({ ...run, to: Math.min(run.to, from - 1) }));
  const end = before.at(-1)?.to ?? log.baseIndex;
  // Some note in between was not told: only what is whole is shown.
  const whole = end === from - 1 ? log : { ...log, baseIndex: from - 1, baseTerm: 0 };
  const runs = end === from - 1 ? before : [];
  const last = runs.at(-1);
  if (last?.term !== term) return { ...whole, runs: [...runs, { from, to, term }] };
  return { ...whole, runs: [...runs.slice(0, -1), { ...last, to }] };
}

/** The log begins after it. */
function withBase(log: LogImage, { index, term }: NoteDetail): LogImage | null {
  if (!isCount(index) || !isCount(term)) return null;
  const runs = log.runs
    .filter((run) => run.to > index)
    .map((run) => ({ ...run, from: Math.max(run.from, index + 1) }));
  return { ...log, baseIndex: index, baseTerm: term, runs };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
