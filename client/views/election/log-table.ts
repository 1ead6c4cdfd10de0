import { majorityOf } from '../../../src/election/raft/config.ts';
import { turnOf } from '../../../src/network/runs.ts';
import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { LogImage } from '../../../src/trace/election-notes.ts';
import type { NoteDetail } from '../../../src/trace/kept-notes.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';

/** The logs of a class side by side, by what their nodes have said of them. */
export interface LogTable {
  /** The indexes that are shown, the newest last. */
  readonly columns: readonly number[];
  /** Voters first, then those who only learn. */
  readonly rows: readonly LogRow[];
  /** What the whole of it says, in a sentence or two. */
  readonly summary: string;
  /** So few voters are there that nothing can be decided. */
  readonly isStuck: boolean;
}

export interface LogRow {
  readonly id: NodeId;
  readonly name: string;
  readonly isVoter: boolean;
  readonly isLeader: boolean;
  /** It runs: what it says of itself is so now. */
  readonly isUp: boolean;
  /** What it is, in a word. */
  readonly role: string;
  /** The same, with whom it follows or voted for. */
  readonly words: string;
  /** The last entry that it has, in its log or in its snapshot. */
  readonly lastIndex: number;
  /** One a column. */
  readonly cells: readonly LogCell[];
}

export interface LogCell {
  readonly index: number;
  /** Null where it has nothing. */
  readonly term: number | null;
  readonly isCommitted: boolean;
  /** No longer kept by itself: a snapshot stands for it. */
  readonly isInSnapshot: boolean;
}

/** Who is drawn. */
export interface Named {
  readonly id: NodeId;
  readonly name: string;
  /** False for one whose tab is gone: it may not have said so. */
  readonly present?: boolean;
}

/** @param width how many entries fit */
export function logTable(
  nodes: readonly Named[],
  chronicle: Chronicle,
  time: Milliseconds,
  width: number,
): LogTable {
  const view: View = { nodes, chronicle, time, voters: votersAt(nodes, chronicle, time) };
  const { elections } = chronicle;
  const known = nodes.flatMap((node) => {
    const log = elections.logAt(node.id, time);
    return log === null ? [] : [{ ...node, log }];
  });
  const group = newestGroup(known.map(({ log }) => log.group));
  const present = known.filter(({ log }) => log.group === group);
  const newest = Math.max(0, ...present.map(({ log }) => lastIndexOf(log)));
  const first = Math.max(1, newest - width + 1);
  const columns = Array.from({ length: newest - first + 1 }, (_, i) => first + i);
  const rows = present.map(({ id, name, log }): LogRow => {
    const commit = numberOf(elections.last(elections.committed, id, time), 'index');
    return {
      id,
      name,
      isVoter: view.voters.has(id),
      lastIndex: lastIndexOf(log),
      cells: columns.map((index) => cellOf(log, index, commit)),
      ...standingOf(id, view),
    };
  });
  const sorted = [...rows.filter((row) => row.isVoter), ...rows.filter((row) => !row.isVoter)];
  return { columns, rows: sorted, ...verdictOn(sorted, view.voters.size) };
}

/** Who could found a new group with the least loss, where nothing can be decided any more; else null. */
export function survivorOf({ rows, isStuck }: LogTable): LogRow | null {
  if (!isStuck) return null;
  const there = rows.filter((row) => row.isUp);
  return there.sort((a, b) => b.lastIndex - a.lastIndex)[0] ?? null;
}

/** What a row is made of, beside its node. */
interface View {
  readonly nodes: readonly Named[];
  readonly chronicle: Chronicle;
  readonly time: Milliseconds;
  readonly voters: ReadonlySet<NodeId>;
}

function cellOf({ runs, baseIndex }: LogImage, index: number, commit: number): LogCell {
  const term = runs.find((run) => run.from <= index && index <= run.to)?.term ?? null;
  return { index, term, isCommitted: index <= commit, isInSnapshot: index <= baseIndex };
}

function lastIndexOf({ runs, baseIndex }: LogImage): number {
  return runs.at(-1)?.to ?? baseIndex;
}

/** Groups are named by their turn first: the class is in the newest. */
function newestGroup(groups: readonly string[]): string | undefined {
  return [...groups].sort((a, b) => turnOf(b) - turnOf(a))[0];
}

/** As whoever has the newest term of the newest group says: terms of two groups say nothing of each other. */
function votersAt(
  nodes: readonly Named[],
  { elections }: Chronicle,
  time: Milliseconds,
): ReadonlySet<NodeId> {
  const said = nodes.flatMap(({ id }) => {
    const members = elections.last(elections.members, id, time);
    if (typeof members?.['voters'] !== 'string') return [];
    const held = elections.last(elections.roles, id, time);
    const term = held?.['group'] === members['group'] ? numberOf(held, 'term') : 0;
    return [{ turn: turnOf(String(members['group'])), term, voters: members['voters'] }];
  });
  const [newest] = said.sort((a, b) => b.turn - a.turn || b.term - a.term);
  return new Set((newest?.voters ?? '').split(' ').filter(Boolean) as NodeId[]);
}

type RowStanding = Pick<LogRow, 'isLeader' | 'isUp' | 'role' | 'words'>;

function standingOf(id: NodeId, view: View): RowStanding {
  const { nodes, chronicle, time } = view;
  const state = chronicle.stateAt(id, time);
  const isGone = nodes.some((node) => node.id === id && node.present === false);
  const away = isGone ? 'gone' : state;
  if (away !== 'up') return { isLeader: false, isUp: false, role: away, words: away };
  const said = chronicle.elections.last(chronicle.elections.roles, id, time);
  const role = typeof said?.['role'] === 'string' ? said['role'] : 'silent';
  const words = said === undefined ? 'says nothing' : wordsOf(id, said, view);
  return { isLeader: role === 'leader', isUp: true, role, words };
}

function wordsOf(id: NodeId, said: NoteDetail, { nodes, chronicle, time, voters }: View): string {
  const { elections } = chronicle;
  const nameOf = (other: unknown) =>
    nodes.find((node) => node.id === other)?.name ?? 'someone who left';
  const term = numberOf(said, 'term');
  const { role, leader } = said;
  if (role === 'leader') return `leads term ${term}`;
  if (role === 'learner') return leader === null ? 'learns, hears no leader' : 'learns';
  if (role === 'candidate')
    return candidateWords(elections.last(elections.counts, id, time), term, voters.size);
  if (leader !== null) return `follows ${nameOf(leader)}, term ${term}`;
  const vote = elections.last(elections.votes, id, time);
  if (vote?.['term'] === term && vote['for'] !== id)
    return `voted for ${nameOf(vote['for'])}, term ${term}`;
  return `hears no leader, term ${term}`;
}

function candidateWords(count: NoteDetail | undefined, term: number, voters: number): string {
  const votes = `${numberOf(count, 'granted')} of ${majorityOf(voters)} votes`;
  return count?.['pre'] === true
    ? `asks if it could lead: ${votes}`
    : `wants term ${term}: ${votes}`;
}

function verdictOn(rows: readonly LogRow[], voters: number): Pick<LogTable, 'summary' | 'isStuck'> {
  if (rows.length === 0)
    return { summary: 'No node has a log: the class does not elect by Raft.', isStuck: false };
  const needed = majorityOf(voters);
  const there = rows.filter((row) => row.isVoter && row.isUp).length;
  const leaders = rows.filter((row) => row.isLeader).map(({ name }) => name);
  const many = `${leaders.join(' and ')} hold themselves for the leader; only one can commit.`;
  const who =
    leaders.length === 0 ? 'Nobody leads.' : leaders.length === 1 ? `${leaders[0]} leads.` : many;
  const decides = `Of ${voters} voters ${needed} decide.`;
  if (there >= needed) return { summary: `${who} ${decides}`, isStuck: false };
  const left = there === 0 ? 'none is' : there === 1 ? 'only one is' : `only ${there} are`;
  return { summary: `${who} ${decides} But ${left} there: nothing can be decided.`, isStuck: true };
}

function numberOf(note: NoteDetail | undefined, field: string): number {
  const value = note?.[field];
  return typeof value === 'number' ? value : 0;
}
