import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { AlgorithmName } from './election-choice.ts';
import type { LinkRule } from './link-rule.ts';
import { MAX_TITLE_LENGTH, type NetworkChange, type NetworkDocument } from './network-document.ts';
import type { NodeAct, NodeCondition } from './node-condition.ts';
import {
  chosen,
  type DetectorName,
  type RetryName,
  type RoomChoices,
  type SomeChoices,
  type SpreadName,
} from './room-choices.ts';
import { saidOf } from './rules-document.ts';

/** What the teacher did, in the words that pages, traces and recordings show. The teacher is who does it. */

type NameOf = (id: NodeId) => string;

/** More groups are counted, not listed. */
const MAX_LISTED_GROUPS = 8;

/** @param before what the change was made to; only taking back needs it */
export function titleOfChange(
  change: NetworkChange,
  before: NetworkDocument,
  nameOf: NameOf,
): string {
  switch (change.do) {
    case 'links':
      return clip(titleOfLinks(change.rules, nameOf));
    case 'partition':
      return titleOfPartition(change.groups, change.style);
    case 'heal':
      return 'heals all links';
    case 'node':
      return clip(titleOfCondition(change.condition, nameOf));
    case 'choose':
      return titleOfChoices(change.choices, before.choices, nameOf);
    case 'restore':
      return titleOfRestore(before.title);
  }
}

export function titleOfAct(act: NodeAct, nameOf: NameOf): string {
  const name = nameOf(act.id);
  switch (act.do) {
    case 'jump':
      return `moves the clock of ${name} ${aheadOrBack(act.byMs)}`;
    case 'pause':
      return `freezes ${name} for ${span(act.ms)}`;
    case 'crash':
      return `crashes ${name}`;
    case 'edit':
      return `lets ${name} edit the board`;
    case 'restart':
      return `restarts ${name}${act.keepDisk ? '' : ' without its disk'}`;
  }
}

function titleOfLinks(rules: readonly LinkRule[], nameOf: NameOf): string {
  const verbs = new Set(rules.map(verbOf));
  const [first] = verbs;
  const verb = verbs.size === 1 ? first! : 'changes';
  const directions = new Map(rules.map(({ from, to }) => [`${from}${to}`, { from, to }]));
  const [one, other] = [...directions.values()] as [LinkRule, LinkRule?];
  const [from, to] = [nameOf(one.from), nameOf(one.to)];
  if (!other) return `${verb} ${from} → ${to}`;
  if (directions.size === 2 && other.from === one.to && other.to === one.from)
    return `${verb} ${from} ⇄ ${to}`;
  return `${verb} ${directions.size} directions`;
}

/** The gravest of what a rule says. */
function verbOf(rule: LinkRule): string {
  const { cut, blackhole, latencyMs, bytesPerSecond, loss, ...rest } = saidOf(rule);
  if (cut) return 'cuts';
  if (blackhole) return 'silences';
  if (latencyMs !== undefined || bytesPerSecond !== undefined) return 'slows';
  if (loss !== undefined) return 'thins';
  return Object.keys(rest).length > 2 ? 'disturbs' : 'clears';
}

type Partition = Extract<NetworkChange, { do: 'partition' }>;

function titleOfPartition(all: Partition['groups'], style: Partition['style']): string {
  const groups = all.map((group) => new Set(group)).filter(({ size }) => size > 0);
  const silently = style === 'blackhole' ? ' silently' : '';
  const nodes = new Set(all.flat()).size;
  const places = groups.reduce((sum, { size }) => sum + size, 0);
  if (groups.length < 2) return `joins ${nodes} nodes again`;
  if (groups.length > MAX_LISTED_GROUPS)
    return `splits ${nodes} nodes into ${groups.length} groups${silently}`;
  const sizes = groups.map(({ size }) => size).join(' | ');
  return `splits ${sizes}${places > nodes ? ' with a bridge' : ''}${silently}`;
}

function titleOfCondition({ id, ...fields }: NodeCondition, nameOf: NameOf): string {
  const name = nameOf(id);
  const parts = Object.entries(fields).flatMap(([field, value]) =>
    value === undefined ? [] : PHRASES[field as keyof typeof PHRASES](name, value as never),
  );
  return parts.length === 0 ? `leaves ${name} as it is` : parts.join(', ');
}

const PHRASES: {
  readonly [Field in Exclude<keyof NodeCondition, 'id'>]-?: (
    name: string,
    value: NonNullable<NodeCondition[Field]>,
  ) => string;
} = {
  unplugged: (name, out) => (out ? `unplugs ${name}` : `plugs ${name} in again`),
  wallOffsetMs: (name, ms) =>
    ms === 0 ? `sets the clock of ${name} right` : `sets the clock of ${name} ${aheadOrBack(ms)}`,
  driftPpm: (name, ppm) => {
    if (ppm === 0) return `lets the clock of ${name} run evenly`;
    return `lets the clock of ${name} run ${percent(Math.abs(ppm) / 1e6)} ${ppm > 0 ? 'fast' : 'slow'}`;
  },
  sendOmission: (name, share) =>
    share === 0 ? `lets ${name} send all again` : `loses ${percent(share)} of what ${name} sends`,
  receiveOmission: (name, share) =>
    share === 0 ? `lets ${name} hear all again` : `loses ${percent(share)} of what reaches ${name}`,
  slowMs: (name, ms) =>
    ms === 0 ? `lets ${name} work at full speed` : `slows ${name} by ${span(ms)} a frame`,
};

/** Only what is another than before; a choice that changes nothing makes no document. */
function titleOfChoices(choices: SomeChoices, before: RoomChoices, nameOf: NameOf): string {
  const now = chosen(before, choices);
  const phrases = (Object.keys(choices) as (keyof RoomChoices)[])
    .filter((choice) => choices[choice] !== undefined && choices[choice] !== before[choice])
    .map((choice) => CHOSEN[choice](now, nameOf));
  const said = [...new Set(phrases)];
  return said.length === 0 ? 'leaves the protocols as they are' : clip(said.join(', '));
}

const CHOSEN: {
  readonly [Choice in keyof RoomChoices]: (now: RoomChoices, nameOf: NameOf) => string;
} = {
  detector: ({ detector }) => `detects failures by ${DETECTOR_WORDS[detector]}`,
  fullMeshUpTo: ({ fullMeshUpTo }) => `links all to all up to ${fullMeshUpTo} nodes`,
  activeView: ({ activeView }) => `gives each node ${activeView} neighbours`,
  relay: ({ relay }) => (relay ? 'lets nodes pass messages on' : 'lets nobody pass messages on'),
  spread: (now) => SPREAD_WORDS[now.spread](now),
  rumourStyle: (now) => SPREAD_WORDS.rumour(now),
  rumourFanout: (now) => SPREAD_WORDS.rumour(now),
  rumourRounds: (now) => SPREAD_WORDS.rumour(now),
  antiEntropy: ({ antiEntropy }) =>
    antiEntropy ? 'lets neighbours compare what they have' : 'stops neighbours comparing',
  causal: ({ causal }) => (causal ? 'delivers causes before effects' : 'delivers as it comes'),
  service: titleOfCalls,
  callsPerSecond: (now, nameOf) =>
    now.service === null ? `lets calls come ${often(now)} each` : titleOfCalls(now, nameOf),
  retries: ({ retries }) => RETRY_WORDS[retries],
  election: ({ election }) =>
    election === null ? 'elects nobody' : `elects by ${ALGORITHM_WORDS[election.algorithm]}`,
  electionSlowness: ({ electionSlowness: times }) =>
    times === 1 ? 'lets elections go at full speed' : `slows elections down ${times} times`,
  electionVoters: ({ electionVoters: voters }, nameOf) =>
    voters === null
      ? 'lets whoever comes first vote'
      : `lets ${voters.map(nameOf).join(', ')} vote`,
  registers: ({ registers }) => {
    if (registers === null) return 'lets the registers rest';
    const { setting, load } = registers;
    const copies =
      setting && `keeps copies: ${setting.n}, of which reads ask ${setting.r}, writes ${setting.w}`;
    const asked = load && `asks each register ${load.perSecond} times a second`;
    return [copies, asked].filter((phrase) => phrase !== null).join(', ') || 'opens the registers';
  },
};

const ALGORITHM_WORDS: { readonly [Name in AlgorithmName]: string } = {
  naive: 'the naive rule',
  bully: 'the bully algorithm',
  raft: 'Raft',
};

function titleOfCalls(now: RoomChoices, nameOf: NameOf): string {
  if (now.service === null) return 'lets nobody call';
  return `lets all call ${nameOf(now.service)}, ${often(now)} each`;
}

function often({ callsPerSecond }: RoomChoices): string {
  return callsPerSecond === 1 ? 'once a second' : `${callsPerSecond} times a second`;
}

const RETRY_WORDS: { readonly [Name in RetryName]: string } = {
  careful: 'lets callers retry with care',
  naive: 'lets callers retry at once',
  none: 'lets callers try only once',
};

const DETECTOR_WORDS: { readonly [Name in DetectorName]: string } = {
  swim: 'asking others (SWIM)',
  phi: 'growing doubt (phi)',
  adaptive: 'a timeout that learns',
  fixed: 'a fixed timeout',
};

const SPREAD_WORDS: { readonly [Name in SpreadName]: (now: RoomChoices) => string } = {
  tree: () => 'spreads news along a tree',
  rumour: ({ rumourStyle, rumourFanout, rumourRounds }) =>
    `spreads rumours: ${rumourStyle}, ${rumourFanout} a round, ${rumourRounds} rounds`,
  flood: () => 'floods news over every link',
};

const TAKES_BACK = 'takes back: ';

/** Two steps back, and the title above says only what the first of them was. */
const ANOTHER = 'takes back one change more';

function titleOfRestore(undone: string): string {
  if (undone.startsWith(TAKES_BACK) || undone === ANOTHER) return ANOTHER;
  return clip(TAKES_BACK + undone);
}

function aheadOrBack(ms: Milliseconds): string {
  return `${span(Math.abs(ms))} ${ms < 0 ? 'back' : 'ahead'}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function span(ms: Milliseconds): string {
  if (ms >= 2 * HOUR) return `${short(ms / HOUR)} h`;
  if (ms >= 2 * MINUTE) return `${short(ms / MINUTE)} min`;
  return ms >= 1_000 ? `${short(ms / 1_000)} s` : `${short(ms)} ms`;
}

const percent = (share: number) => `${short(share * 100)} %`;

/** Three digits tell all that a person wants to know. */
const short = (figure: number) => String(Number(figure.toPrecision(3)));

/** Names come from students, so no half of a character is left at the cut. */
function clip(title: string): string {
  if (title.length <= MAX_TITLE_LENGTH) return title;
  let kept = '';
  for (const character of title) {
    if (kept.length + character.length >= MAX_TITLE_LENGTH) break;
    kept += character;
  }
  return `${kept}…`;
}
