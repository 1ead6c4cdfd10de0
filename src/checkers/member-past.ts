import type { TraceEvent } from '../trace/event.ts';
import type { Incarnation, NodeId } from '../vocabulary.ts';
import type { RaftNote } from './raft-note.ts';

/** What a member said before, and now takes back. */
export interface TakenBack {
  readonly rule: 'terms do not fall' | 'one vote a term' | 'the committed stays';
  /** After the name of the member. */
  readonly text: string;
  readonly before: TraceEvent;
}

interface Remembered<Value> {
  readonly value: Value;
  readonly event: TraceEvent;
}

/** One member over all its lives: the disk is the same, so what it said holds over restarts. */
export class MemberPast {
  private life: Incarnation = 0;
  private sequence = 0;
  /** This life has said what it found on its disk, or was heard of only after that. */
  private hasBegun = false;
  /** Where it found its log to begin: after the snapshot that it named; null before that. */
  private base: number | null = null;
  /** Up to where it has said so; null while it has not, and where some of it was not heard. */
  private found: number | null = null;
  private term: Remembered<number> | null = null;
  private vote: Remembered<{ readonly term: number; readonly for: NodeId }> | null = null;
  private committed: Remembered<number> | null = null;

  /** Null for what it says as it should; what comes late is passed over. */
  add(note: RaftNote): TakenBack | null {
    const { event } = note;
    const isNewLife = event.incarnation > this.life;
    if (event.incarnation < this.life || (!isNewLife && event.sequence <= this.sequence))
      return null;
    if (isNewLife) this.begin(event.incarnation);
    if (event.sequence !== this.sequence + 1) this.missed();
    this.sequence = event.sequence;
    switch (note.kind) {
      case 'role':
        return this.stood(note);
      case 'vote':
        this.hasBegun = true;
        return this.voted(note);
      case 'log':
        return this.logged(note);
      case 'committed':
        this.hasBegun = true;
        this.commits(note.index, event);
        return null;
      case 'snapshot':
        this.commits(note.index, event);
        if (!this.hasBegun) this.base = note.index;
        return null;
      case 'applied':
        this.hasBegun = true;
        return null;
      case 'members':
        return null;
    }
  }

  private begin(life: Incarnation): void {
    this.life = life;
    this.hasBegun = false;
    this.missed();
  }

  /** What it found is known only if all that it says of it is heard. */
  private missed(): void {
    this.base = null;
    this.found = null;
  }

  private commits(index: number, event: TraceEvent): void {
    if (index > (this.committed?.value ?? 0)) this.committed = { value: index, event };
  }

  /** Its first standing in a life comes after all that it found. */
  private stood(note: RaftNote & { kind: 'role' }): TakenBack | null {
    const lost = this.hasBegun ? null : this.lost();
    this.hasBegun = true;
    return this.reached(note) ?? lost;
  }

  private lost(): TakenBack | null {
    const { found, committed } = this;
    if (committed === null || found === null || found >= committed.value) return null;
    const text = `came back without entry ${committed.value}, which it had said to be committed`;
    return { rule: 'the committed stays', text, before: committed.event };
  }

  private voted(note: RaftNote & { kind: 'vote' }): TakenBack | null {
    const { vote } = this;
    const { term, for: candidate, event } = note;
    this.vote = { value: { term, for: candidate }, event };
    if (vote !== null && vote.value.term === term && vote.value.for !== candidate)
      return { rule: 'one vote a term', text: `voted twice in term ${term}`, before: vote.event };
    return this.reached(note);
  }

  private reached({ term, event }: RaftNote & { kind: 'role' | 'vote' }): TakenBack | null {
    const before = this.term;
    if (before !== null && term < before.value) {
      const text = `went back from term ${before.value} to term ${term}`;
      return { rule: 'terms do not fall', text, before: before.event };
    }
    if (before === null || term > before.value) this.term = { value: term, event };
    return null;
  }

  private logged({ from, to }: RaftNote & { kind: 'log' }): TakenBack | null {
    if (!this.hasBegun) {
      const isWhole = from === 1 || from === (this.found ?? this.base ?? NaN) + 1;
      this.found = isWhole ? to : null;
      return null;
    }
    const { committed } = this;
    if (committed === null || from > committed.value) return null;
    const text = `has replaced entry ${from}, after it had said that entry ${committed.value} is committed`;
    return { rule: 'the committed stays', text, before: committed.event };
  }
}
