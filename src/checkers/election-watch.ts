import type { Chronicle } from '../trace/chronicle.ts';
import type { TraceEvent } from '../trace/event.ts';
import { tickOf } from '../trace/timeline.ts';
import { MAX_COUNTED_NODES } from '../trace/traffic.ts';
import { ValueOverTime } from '../trace/value-over-time.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { promisesOneATerm } from './leaders.ts';
import { RaftInvariants, type RaftViolation } from './raft-invariants.ts';
import { raftNoteOf } from './raft-note.ts';

/** A group that is broken breaks a rule with every entry: the first ones say why. */
export const MAX_FINDINGS = 100;

/** With their vector clocks a few megabytes a group; the store of a lesson has some hundred entries. */
export const MAX_WATCHED_STATEMENTS = 5_000;

/** A rule that was broken, and when that was plain to see. */
export interface Finding extends RaftViolation {
  readonly since: Milliseconds;
}

/**
 * What an observer finds wrong with the elections of its chronicle, while it hears of them: the rules
 * WATCH-1 to WATCH-3 stand in README.md.
 */
export class ElectionWatch {
  private readonly chronicle: Chronicle;
  private readonly invariants = new RaftInvariants(MAX_WATCHED_STATEMENTS);
  private readonly found: Finding[] = [];
  private readonly standings = new Map<NodeId, ValueOverTime<TraceEvent>>();
  private unfollow: () => void = () => {};

  constructor(chronicle: Chronicle) {
    this.chronicle = chronicle;
  }

  /** Of all that is known, and of whatever comes. */
  start(): void {
    for (const [, events] of this.chronicle.rows()) for (const event of events) this.take(event);
    this.unfollow = this.chronicle.follow((event) => this.take(event));
  }

  stop(): void {
    this.unfollow();
  }

  /** What was plain by this time, the newest first. */
  findingsAt(time: Milliseconds): Finding[] {
    return this.found.filter(({ since }) => since <= time).sort((a, b) => b.since - a.since);
  }

  /** What a node last said of its own standing. */
  standingAt(node: NodeId, time: Milliseconds): TraceEvent | undefined {
    return this.standings.get(node)?.at(time);
  }

  private take(event: TraceEvent): void {
    const note = raftNoteOf(event);
    if (note === null) return;
    if (note.kind === 'role') this.stands(event);
    for (const violation of this.invariants.add(event)) this.find(violation);
  }

  private stands(event: TraceEvent): void {
    const known = this.standings.get(event.node);
    if (known === undefined && this.standings.size >= MAX_COUNTED_NODES) return;
    const standings = known ?? new ValueOverTime<TraceEvent>();
    standings.set(event.at, tickOf(event), event);
    this.standings.set(event.node, standings);
  }

  /** Two leaders are nothing wrong where nobody promised one. */
  private find(violation: RaftViolation): void {
    if (violation.rule === 'one leader a term' && !violation.events.every(isPromised)) return;
    if (this.found.length >= MAX_FINDINGS) return;
    this.found.push({ ...violation, since: Math.max(...violation.events.map(({ at }) => at)) });
  }
}

function isPromised(event: TraceEvent): boolean {
  return event.type === 'note' && promisesOneATerm(String(event.detail['algorithm']));
}
