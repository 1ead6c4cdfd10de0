import type { TraceEvent } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';
import { FirstSaid, MAX_STATEMENTS } from './first-said.ts';
import { MemberPast } from './member-past.ts';
import { raftNoteOf, type RaftNote } from './raft-note.ts';

/** A lesson switches some times; the group that was heard of first is forgotten first. */
export const MAX_GROUPS = 8;

/** Of a group, with all that came back with an empty disk. */
export const MAX_WATCHED_MEMBERS = 256;

export type RaftRule =
  | 'one leader a term'
  | 'terms do not fall'
  | 'one vote a term'
  | 'logs match'
  | 'the committed stays'
  | 'state machines agree';

type NameOf = (node: NodeId) => string;

export interface RaftViolation {
  readonly rule: RaftRule;
  /** What is wrong, and who shows it, in one line. */
  readonly say: (nameOf: NameOf) => string;
  /** The same, with ids for names. */
  readonly text: string;
  /** Who shows it; of two that contradict each other, first the one that was heard first. */
  readonly witnesses: readonly NodeId[];
  /** The notes that do. */
  readonly events: readonly TraceEvent[];
}

/** All that members of one group have said and may contradict. */
interface Group {
  /** By term: which member leads. */
  readonly leaders: FirstSaid<number, string>;
  /** By index and term: the digest of all up to there. */
  readonly entries: FirstSaid<string, number>;
  /** By index, the same. */
  readonly committed: FirstSaid<number, number>;
  /** By index: the digest of the state. */
  readonly states: FirstSaid<number, number>;
  readonly members: Map<string, MemberPast>;
}

/**
 * Watches what members of a group note of themselves for what must never be: the rules INV-1 to INV-6
 * stand in README.md. Events of one node come in their order, those of several in any; doubled ones and
 * holes do no harm.
 */
export class RaftInvariants {
  private readonly groups = new Map<string, Group>();
  private readonly statements: number;

  /** @param statements how many of each kind are remembered */
  constructor(statements = MAX_STATEMENTS) {
    this.statements = statements;
  }

  /** What this event shows to be wrong. Each contradiction is told once. */
  add(event: TraceEvent): readonly RaftViolation[] {
    const note = raftNoteOf(event);
    if (note === null) return [];
    const group = this.group(note.group);
    return [this.contradiction(group, note), this.takenBack(group, note)].flat();
  }

  private contradiction(group: Group, note: RaftNote): RaftViolation[] {
    switch (note.kind) {
      case 'role':
        return note.role === 'leader' ? this.leads(group, note) : [];
      case 'vote':
      case 'members':
        return [];
      case 'log':
        return this.matches(group, note.to, note);
      case 'committed':
      case 'snapshot':
        return [...this.matches(group, note.index, note), ...this.commits(group, note)];
      case 'applied':
        return this.applies(group, note);
    }
  }

  private leads({ leaders }: Group, { term, event, birth }: RaftNote & { kind: 'role' }) {
    const before = leaders.contradicted(term, `${event.node}.${birth}`, event);
    const say = (who: string) => `two leaders in term ${term}: ${who}`;
    return between('one leader a term', before, event, ', ', say);
  }

  private matches(
    { entries }: Group,
    index: number,
    { term, digest, event }: RaftNote & { kind: 'log' | 'committed' | 'snapshot' },
  ) {
    const before = entries.contradicted(`${index} ${term}`, digest, event);
    const say = (who: string) => `the logs of ${who} differ before entry ${index} of term ${term}`;
    return between('logs match', before, event, ' and ', say);
  }

  private commits(
    { committed }: Group,
    { index, digest, event }: RaftNote & { kind: 'committed' | 'snapshot' },
  ) {
    const before = committed.contradicted(index, digest, event);
    const say = (who: string) => `${who} have committed different entries up to ${index}`;
    return between('the committed stays', before, event, ' and ', say);
  }

  private applies({ states }: Group, { index, state, event }: RaftNote & { kind: 'applied' }) {
    const before = states.contradicted(index, state, event);
    const say = (who: string) => `the state machines of ${who} differ after entry ${index}`;
    return between('state machines agree', before, event, ' and ', say);
  }

  private takenBack({ members }: Group, note: RaftNote): RaftViolation[] {
    const { event, birth } = note;
    const key = `${event.node}.${birth}`;
    const past = members.get(key) ?? new MemberPast();
    if (!members.has(key)) bounded(members, MAX_WATCHED_MEMBERS).set(key, past);
    const taken = past.add(note);
    if (taken === null) return [];
    const { rule, before, text } = taken;
    return [violation(rule, [event.node], [before, event], (who) => `${who} ${text}`)];
  }

  private group(name: string): Group {
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const { statements } = this;
    const group: Group = {
      leaders: new FirstSaid(statements),
      entries: new FirstSaid(statements),
      committed: new FirstSaid(statements),
      states: new FirstSaid(statements),
      members: new Map(),
    };
    bounded(this.groups, MAX_GROUPS).set(name, group);
    return group;
  }
}

function between(
  rule: RaftRule,
  before: TraceEvent | null,
  event: TraceEvent,
  glue: string,
  say: (who: string) => string,
): RaftViolation[] {
  if (before === null) return [];
  return [violation(rule, [before.node, event.node], [before, event], say, glue)];
}

function violation(
  rule: RaftRule,
  witnesses: readonly NodeId[],
  events: readonly TraceEvent[],
  sayOf: (who: string) => string,
  glue = '',
): RaftViolation {
  const say = (nameOf: NameOf) => sayOf(witnesses.map(nameOf).join(glue));
  return { rule, witnesses, events, say, text: say((node) => node) };
}

/** With room for one more: the oldest goes. */
function bounded<Value>(map: Map<string, Value>, most: number): Map<string, Value> {
  if (map.size >= most) map.delete(map.keys().next().value!);
  return map;
}
