import type {
  Judgement,
  KindReport,
  RegisterReport,
} from '../../../src/checkers/register-report.ts';
import type { RegisterKind } from '../../../src/network/register-kinds.ts';
import type { RegisterSetting } from '../../../src/network/register-setting.ts';
import type { Latencies, Staleness, Tally } from '../../../src/trace/register-figures.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { GUARANTEE_WORDS, milliseconds, RULE_WORDS, valueWords } from './words.ts';

/** The same registers built three ways, as far as the notes of their users tell. */
export interface RegistersPicture {
  readonly kinds: readonly KindPicture[];
  /** Which register the answers are of; null before there is one. */
  readonly key: string | null;
  readonly keys: readonly string[];
  readonly answers: readonly NodeAnswers[];
  /** Requests that were made and not told of. */
  readonly holes: number;
}

export interface KindPicture {
  readonly kind: RegisterKind;
  /** How it is set up, in a few words. */
  readonly about: string;
  /** While nothing parted the class. */
  readonly whole: Tally;
  /** While it was split, side by side; none if it never was. */
  readonly sides: readonly { readonly name: string; readonly tally: Tally | null }[];
  readonly times: { readonly whole: Latencies | null; readonly split: Latencies | null };
  readonly stale: { readonly whole: Staleness; readonly split: Staleness };
  readonly bytesEach: number | null;
  readonly judgement: JudgementPicture;
  readonly sessions: readonly { readonly name: string; readonly broken: number }[];
  /** 'PC/EC'; a letter that is not known yet is a dot. Null if none is. */
  readonly pacelc: { readonly name: string; readonly why: string } | null;
}

/** Whether all answers could be those of one machine. */
export interface JudgementPicture {
  readonly verdict: Judgement['verdict'];
  /** What shows it, in a sentence. */
  readonly text: string;
  /** When it was asked and when it was answered, where there is one answer that shows it. */
  readonly times: readonly Milliseconds[];
}

export interface NodeAnswers {
  readonly id: NodeId;
  readonly name: string;
  /** By kind; null for who was told nothing. */
  readonly told: Readonly<Record<RegisterKind, AnswerPicture | null>>;
}

export interface AnswerPicture {
  readonly text: string;
  /** Others were told another value last. */
  readonly differs: boolean;
}

interface Named {
  readonly id: NodeId;
  readonly name: string;
}

/** A class that is split again and again has more; the largest of them are shown. */
const MAX_SIDES = 4;

/** @param key the register whose answers are shown; null: the first */
export function registersPicture(
  report: RegisterReport,
  nodes: readonly Named[],
  setting: RegisterSetting | null,
  key: string | null,
): RegistersPicture {
  const nameOf = namesOf(nodes);
  const sides = sidesOf(report, nameOf);
  const shown = key !== null && report.keys.includes(key) ? key : (report.keys[0] ?? null);
  return {
    kinds: report.kinds.map((kind) => kindPicture(kind, sides, setting, nameOf)),
    ...{ key: shown, keys: report.keys, holes: report.holes },
    answers: shown === null ? [] : answersOf(report, nodes, shown, nameOf),
  };
}

type NameOf = (id: NodeId) => string;

function namesOf(nodes: readonly Named[]): NameOf {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

interface Side {
  readonly id: string;
  readonly name: string;
}

function sideId(nodes: readonly NodeId[]): string {
  return nodes.join(' ');
}

/** Of all kinds, the largest first; named after one of its nodes. */
function sidesOf({ kinds }: RegisterReport, nameOf: NameOf): readonly Side[] {
  const all = new Map<string, readonly NodeId[]>();
  for (const { figures } of kinds)
    for (const { nodes } of figures.sides) all.set(sideId(nodes), nodes);
  return [...all]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MAX_SIDES)
    .map(([id, nodes]) => ({ id, name: sideName(nodes, nameOf) }));
}

/** 'Otter’s side (5)', or 'Otter alone' */
function sideName(nodes: readonly NodeId[], nameOf: NameOf): string {
  const first = nodes.map(nameOf).sort((a, b) => a.localeCompare(b))[0] ?? 'nobody';
  return nodes.length === 1 ? `${first} alone` : `${first}’s side (${nodes.length})`;
}

function kindPicture(
  { figures, pacelc, judgement, sessions }: KindReport,
  sides: readonly Side[],
  setting: RegisterSetting | null,
  nameOf: NameOf,
): KindPicture {
  const { kind, whole, latency, staleness, bytesPerRequest } = figures;
  const tallyOn = ({ id }: Side) =>
    figures.sides.find(({ nodes }) => sideId(nodes) === id)?.tally ?? null;
  const { partitioned, otherwise, why } = pacelc;
  const isKnown = partitioned !== null || otherwise !== null;
  return {
    ...{ kind, whole, about: aboutOf(kind, setting) },
    sides: sides.map((side) => ({ name: side.name, tally: tallyOn(side) })),
    ...{ times: latency, stale: staleness, bytesEach: bytesPerRequest },
    judgement: judgementPicture(judgement, nameOf),
    sessions: sessions.map(({ guarantee, broken }) => ({
      ...{ name: GUARANTEE_WORDS[guarantee], broken },
    })),
    pacelc: isKnown ? { name: `P${partitioned ?? '·'}/E${otherwise ?? '·'}`, why } : null,
  };
}

function aboutOf(kind: RegisterKind, setting: RegisterSetting | null): string {
  if (kind === 'cp') return 'on Raft’s log';
  if (kind === 'ap')
    return setting === null ? 'on gossip' : `on gossip, ${RULE_WORDS[setting.rule]}`;
  if (setting === null) return 'on copies';
  const { n, r, w, sloppy } = setting;
  return `N ${n} · R ${r} · W ${w}, ${sloppy ? 'sloppy' : 'strict'}`;
}

function judgementPicture(judgement: Judgement, nameOf: NameOf): JudgementPicture {
  const { verdict } = judgement;
  const said = (text: string) => ({ verdict, text, times: [] });
  switch (judgement.verdict) {
    case 'none':
      return said('');
    case 'linearizable':
      return said(`All ${judgement.answers} answers could be those of one machine.`);
    case 'undecided':
      return said(`Too much was under way at once at ${judgement.key}.`);
    case 'not linearizable':
      return {
        verdict,
        text: witnessText(judgement.witness, nameOf),
        times: timesOf(judgement.witness),
      };
  }
}

type Witness = Extract<Judgement, { verdict: 'not linearizable' }>['witness'];

function timesOf({ askedAt, at }: Witness): readonly Milliseconds[] {
  return [askedAt, at].filter(Number.isFinite);
}

function witnessText({ node, key, do: what, value, staleForMs }: Witness, nameOf: NameOf): string {
  const who = node === null ? 'Somebody' : nameOf(node);
  const words = valueWords(value, nameOf);
  if (what === 'put') return `When ${who} put ${words} into ${key}, no order was left.`;
  const read = `${who} read ${words} from ${key}`;
  return staleForMs === null
    ? `${read}: there is no order of all requests in which that is right.`
    : `${read} ${milliseconds(staleForMs)} after something newer was there.`;
}

function answersOf(
  { told }: RegisterReport,
  nodes: readonly Named[],
  key: string,
  nameOf: NameOf,
): readonly NodeAnswers[] {
  const here = told.filter((each) => each.key === key);
  const usual = (kind: RegisterKind) => commonest(here.filter((each) => each.kind === kind).map(({ value }) => value)); // prettier-ignore
  const most = { cp: usual('cp'), ap: usual('ap'), quorum: usual('quorum') };
  return nodes.map(({ id, name }) => {
    const toldOf = (kind: RegisterKind): AnswerPicture | null => {
      const value = here.find((each) => each.node === id && each.kind === kind)?.value;
      return value === undefined
        ? null
        : { text: valueWords(value, nameOf), differs: value !== most[kind] };
    };
    return { id, name, told: { cp: toldOf('cp'), ap: toldOf('ap'), quorum: toldOf('quorum') } };
  });
}

function commonest(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
