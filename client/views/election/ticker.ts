import type { ElectionWatch } from '../../../src/checkers/election-watch.ts';
import { rivalsAmong, type Rivals } from '../../../src/checkers/leaders.ts';
import type { RaftRule } from '../../../src/checkers/raft-invariants.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { Scene } from '../../session/scene.ts';
import { asSentence, named } from '../words.ts';

/** Something about who leads that a class should look at. */
export interface TickerLine {
  readonly key: string;
  /** What, with its witnesses by name. */
  readonly text: string;
  /** It breaks a promise; otherwise it is a sight. */
  readonly isAlarm: boolean;
  /** The rule that it breaks, in words; null for a sight. */
  readonly rule: string | null;
  /** When it began, or when it was plain; null where that was not heard. */
  readonly since: Milliseconds | null;
  /** The notes that show it, the earliest first. */
  readonly events: readonly TraceEvent[];
}

/** More would push away what stands below; the newest say most. */
export const MOST_LINES = 4;

const RULE_WORDS: { readonly [Rule in RaftRule]: string } = {
  'one leader a term': 'a term has one leader at most',
  'terms do not fall': 'terms never go back',
  'one vote a term': 'everybody has one vote a term',
  'logs match': 'equal places in two logs mean equal logs up to there',
  'the committed stays': 'what is committed stays',
  'state machines agree': 'the same entries make the same store everywhere',
};

/** What is so at this moment, then what was found before it, the newest first. */
export function tickerLines(
  { nodes, at }: Pick<Scene, 'nodes' | 'at'>,
  watch: ElectionWatch,
  nameOf: (id: string) => string,
): TickerLine[] {
  const findings = watch.findingsAt(at);
  const isFound = ({ leaders, term, isViolation }: Rivals) =>
    isViolation &&
    findings.some(
      ({ rule, text, witnesses }) =>
        rule === 'one leader a term' &&
        leaders.length === witnesses.length &&
        leaders.every((id) => witnesses.includes(id)) &&
        text.includes(`in term ${term}:`),
    );
  const present = rivalsIn(nodes)
    .filter((rivals) => !isFound(rivals))
    .map((rivals) => lineOf(rivals, watch, at, nameOf));
  const past = findings.map(({ rule, say, since, events }, i) => ({
    key: `${since} ${i} ${rule}`,
    text: asSentence(say(nameOf)).slice(0, -1),
    isAlarm: true,
    rule: RULE_WORDS[rule],
    since,
    events: events.toSorted((a, b) => a.at - b.at),
  }));
  return [...present, ...past];
}

function lineOf(
  rivals: Rivals,
  watch: ElectionWatch,
  at: Milliseconds,
  nameOf: (id: string) => string,
): TickerLine {
  const notes = rivals.leaders
    .map((id) => watch.standingAt(id, at))
    .filter((event) => event !== undefined)
    .sort((a, b) => a.at - b.at);
  // Two are enough to be rivals: the second made it so.
  const events = notes.slice(0, 2);
  return {
    key: `now ${rivals.leaders.join()} ${rivals.term}`,
    text: rivalWords(rivals, nameOf),
    isAlarm: rivals.isViolation,
    rule: rivals.isViolation ? RULE_WORDS['one leader a term'] : null,
    since: events[1]?.at ?? null,
    events,
  };
}

/** Who leads beside whom at this moment, of those that have not crashed. */
export function rivalsIn(nodes: Scene['nodes']): readonly Rivals[] {
  return rivalsAmong(
    nodes.flatMap(({ id, standing }) => {
      if (standing === null) return [];
      const { algorithm, group, role, term } = standing;
      return [{ id, algorithm, group, role, term }];
    }),
  );
}

/** 'Two leaders: Otter and Heron' */
export function rivalWords({ leaders, term }: Rivals, nameOf: (id: string) => string): string {
  const count = COUNTS[leaders.length] ?? String(leaders.length);
  const inTerm = term === null ? '' : ` in term ${term}`;
  return `${count} leaders${inTerm}: ${named(leaders.map(nameOf))}`;
}

const COUNTS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight'];
