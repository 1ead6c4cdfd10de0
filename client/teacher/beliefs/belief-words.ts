import type { Verdict } from '../../../src/membership/verdict.ts';
import { named } from '../../views/words.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { VERDICT_WORDS } from '../../views/marks/verdict-words.ts';
import type { BeliefColumn, BeliefTable } from './belief-table.ts';

/** More sentences than this are not read; the table has all. */
const MOST_SENTENCES = 2;

const NUMBERS = 'none one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** 'seven', '13' */
function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

/** Nodes of which the class holds the same, by the same count. */
interface Case {
  readonly names: string[];
  readonly column: BeliefColumn;
}

/** What stands out, in a sentence or two: 'Seven of eight hold Otter for dead; Heron still believes in it.' */
export function beliefSummary(table: BeliefTable): string {
  const told = table.columns.filter(({ majority }) => majority !== null);
  if (told.length === 0) return 'Nobody has said yet whom it believes to be there.';
  const cases = casesOf(told);
  if (cases.length === 0) {
    const gone = told.filter(({ lives }) => lives === false).map(({ name }) => name);
    const but =
      gone.length === 0
        ? ''
        : `, though ${named(gone)} no longer ${gone.length === 1 ? 'lives' : 'live'}`;
    return `Everybody holds everybody for alive${but}.`;
  }
  const nameOf = new Map(table.rows.map(({ id, name }) => [id, name] as const));
  const sentences = cases
    .slice(0, MOST_SENTENCES)
    .map((each) => sentenceOf(each, (id) => nameOf.get(id) ?? 'somebody who has left'));
  const rest = cases.slice(MOST_SENTENCES).flatMap(({ names }) => names).length;
  if (rest > 0) {
    const are = rest === 1 ? 'is' : 'are';
    sentences.push(`${capital(numberWord(rest))} more ${are} in doubt or held for dead.`);
  }
  return sentences.join(' ');
}

/** In the order in which they matter: where most are mistaken, where not all agree, where most are dead. */
function casesOf(columns: readonly BeliefColumn[]): Case[] {
  const cases = new Map<string, Case>();
  for (const column of columns) {
    const { votes } = column.majority!;
    if (votes.dead.length + votes.suspect.length === 0) continue;
    const key = [...counts(column), column.lives].join();
    const there = cases.get(key);
    if (there) there.names.push(column.name);
    else cases.set(key, { names: [column.name], column });
  }
  const weight = ({ column }: Case): number => {
    const [alive, suspect, dead] = counts(column);
    const doubt = (dead + suspect / 2) / (alive + suspect + dead);
    return (column.mistaken ? 4 : 0) + (column.majority!.disputed ? 2 : 0) + doubt;
  };
  return [...cases.values()].sort((a, b) => weight(b) - weight(a));
}

function counts({ majority }: BeliefColumn): [alive: number, suspect: number, dead: number] {
  const { alive, suspect, dead } = majority!.votes;
  return [alive.length, suspect.length, dead.length];
}

function sentenceOf({ names, column }: Case, nameOf: (id: NodeId) => string): string {
  const { votes } = column.majority!;
  const [alive, suspect, dead] = counts(column);
  const all = alive + suspect + dead;
  const them = named(names);
  const it = names.length === 1 ? 'it' : 'them';
  /** One that is alone can be named, if it is the same one in every column of the case. */
  const who = (ids: readonly NodeId[]): string =>
    ids.length === 1 && names.length === 1 ? nameOf(ids[0]!) : numberWord(ids.length);
  const main =
    dead > 0
      ? `${capital(share(dead, all, who(votes.dead)))} ${dead === 1 ? 'holds' : 'hold'} ${them} for dead`
      : `${capital(share(suspect, all, who(votes.suspect)))} ${suspect === 1 ? 'suspects' : 'suspect'} ${them}`;
  const others = [
    dead > 0 && suspect > 0
      ? `${who(votes.suspect)} ${suspect === 1 ? 'suspects' : 'suspect'} ${it}`
      : '',
    alive > 0 ? `${who(votes.alive)} still ${alive === 1 ? 'believes' : 'believe'} in ${it}` : '',
  ].filter((words) => words !== '');
  const truth =
    column.mistaken && column.lives === true
      ? `, though ${it === 'it' ? 'it lives' : 'they live'}`
      : '';
  return `${[main + truth, ...others].join('; ')}.`;
}

/** 'all seven', 'seven of eight', 'Heron alone' */
function share(count: number, all: number, who: string): string {
  if (count === all) return all === 1 ? who : all === 2 ? 'both' : `all ${numberWord(all)}`;
  if (who !== numberWord(count)) return `${who} alone`;
  return `${numberWord(count)} of ${numberWord(all)}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of one cell, for whoever points at it. */
export function cellWords(by: string, of: string, verdict: Verdict | null): string {
  if (verdict === null) return `${by} has said nothing of ${of}`;
  return verdict === 'suspect'
    ? `${by} suspects ${of}`
    : `${by} holds ${of} for ${VERDICT_WORDS[verdict]}`;
}

/** Of a column as a whole. */
export function majorityWords({ name, majority, mistaken, lives }: BeliefColumn): string {
  if (majority === null) return `Nobody says anything of ${name}`;
  const { alive, suspect, dead } = majority.votes;
  const votes = `${alive.length} alive, ${suspect.length} suspected, ${dead.length} dead`;
  const most = majority.verdict === null ? 'no majority' : VERDICT_WORDS[majority.verdict];
  const wrong = mistaken ? `; but it ${lives === true ? 'lives' : 'does not live'}` : '';
  return `${name}: ${most} (${votes})${wrong}`;
}
