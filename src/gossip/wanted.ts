import type { Cancel } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { idOf, runsOfAll, type Broadcast, type Source, type SourceRun } from './broadcast.ts';
import { MAX_RUNS } from './messages.ts';
import type { SpreadContext } from './spread.ts';

/** So long what was announced may still come over an eager link: the hint took its time already. */
export const GRAFT_AFTER_MS: Milliseconds = 250;

/** Then whoever announced it next is asked: a round trip over a bad link. */
export const NEXT_GRAFT_AFTER_MS: Milliseconds = 1_000;

/** A burst that one link swallowed. What is announced beyond it waits for the next hint or comparison. */
export const MAX_WANTED = 1_024;

/** Who has hinted at one broadcast is remembered so far: some of them will still be there. */
const MAX_ANNOUNCERS = 4;

interface Entry extends Source {
  readonly sequence: number;
  dueAt: Milliseconds;
  readonly announcers: NodeId[];
}

/** What neighbours have announced and has not come: after a while it is asked for, all at once. */
export class Wanted {
  private readonly context: SpreadContext;
  private readonly graft: (id: NodeId, runs: readonly SourceRun[]) => void;
  private readonly entries = new Map<string, Entry>();
  private cancel: Cancel | null = null;

  constructor(context: SpreadContext, graft: (id: NodeId, runs: readonly SourceRun[]) => void) {
    this.context = context;
    this.graft = graft;
  }

  get size(): number {
    return this.entries.size;
  }

  announced(by: NodeId, runs: readonly SourceRun[]): void {
    const { store, host } = this.context;
    const dueAt = host.monotonic() + GRAFT_AFTER_MS;
    for (const { origin, life, first, last } of runs.flatMap((run) => store.lacking(run))) {
      for (let sequence = first; sequence <= last; sequence++) {
        const id = idOf({ origin, life, sequence });
        const entry = this.entries.get(id);
        if (entry === undefined) {
          if (this.entries.size === MAX_WANTED) return;
          this.entries.set(id, { origin, life, sequence, dueAt, announcers: [by] });
        } else if (!entry.announcers.includes(by) && entry.announcers.length < MAX_ANNOUNCERS)
          entry.announcers.push(by);
      }
    }
    this.arm();
  }

  arrived(broadcast: Broadcast): void {
    if (this.entries.size > 0) this.entries.delete(idOf(broadcast));
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private arm(): void {
    if (this.entries.size === 0) return;
    this.cancel ??= this.context.host.after(GRAFT_AFTER_MS, () => {
      this.cancel = null;
      this.ask();
      this.arm();
    });
  }

  private ask(): void {
    const { host } = this.context;
    const now = host.monotonic();
    const open = new Set(host.neighbours());
    const asked = new Map<NodeId, Entry[]>();
    for (const [id, entry] of this.entries) {
      if (entry.dueAt > now) continue;
      const by = nextOf(entry.announcers, open);
      if (by === undefined) this.entries.delete(id);
      else asked.set(by, [...(asked.get(by) ?? []), entry]);
      entry.dueAt = now + NEXT_GRAFT_AFTER_MS;
    }
    for (const [by, entries] of asked) this.graft(by, runsOfAll(entries).slice(0, MAX_RUNS));
  }
}

function nextOf(announcers: NodeId[], open: ReadonlySet<NodeId>): NodeId | undefined {
  let next = announcers.shift();
  while (next !== undefined && !open.has(next)) next = announcers.shift();
  return next;
}
