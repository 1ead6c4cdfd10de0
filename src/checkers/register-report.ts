import {
  type CoordinationNotes,
  type RegisterRequest,
  type RequestKind,
} from '../trace/coordination-notes.ts';
import { pacelcOf, type PacelcClass } from '../trace/pacelc.ts';
import { figuresOf, stalenessOf, type KindFigures } from '../trace/register-figures.ts';
import { parseNodeId, type Milliseconds, type NodeId } from '../vocabulary.ts';
import { GUARANTEES, type Guarantee } from './marked-sessions.ts';
import type { CellAction } from './models.ts';
import type { Operation } from './history.ts';
import { brokenGuarantees, judgeRegisters } from './register-history.ts';

/** Times of nodes are corrected by the quickest message that each sent: what is nearer has no order. */
export const SLACK_MS: Milliseconds = 10;

/** A page has other things to keep as well; histories of real clients need a hundredth of it. */
export const MAX_MEMO_BYTES = 64 * 1024 * 1024;

/** More registers than a class watches at once. */
export const MAX_KEYS = 12;

/** All that can be said of the registers of a class from what its nodes noted. Plain data. */
export interface RegisterReport {
  readonly kinds: readonly KindReport[];
  /** In the order in which they were first asked for. */
  readonly keys: readonly string[];
  /** What users of each node were told last, or put themselves, by register and kind. */
  readonly told: readonly Told[];
  /** Requests that were made and that nobody told of. */
  readonly holes: number;
}

export interface KindReport {
  readonly figures: KindFigures;
  readonly pacelc: PacelcClass;
  readonly judgement: Judgement;
  readonly sessions: readonly { readonly guarantee: Guarantee; readonly broken: number }[];
}

export interface Told {
  readonly key: string;
  readonly node: NodeId;
  readonly kind: RequestKind;
  /** JSON text. */
  readonly value: string;
}

export type Judgement =
  | { readonly verdict: 'none' | 'linearizable'; readonly answers: number }
  | { readonly verdict: 'undecided'; readonly key: string }
  | { readonly verdict: 'not linearizable'; readonly witness: ReadWitness };

/** The answer that cannot be explained, in words of the class. */
export interface ReadWitness {
  readonly node: NodeId | null;
  readonly key: string;
  readonly do: 'put' | 'get';
  /** JSON text. */
  readonly value: string;
  readonly askedAt: Milliseconds;
  readonly at: Milliseconds;
  /** For how long what it read had been replaced when it was asked for; null if that is not what is wrong. */
  readonly staleForMs: Milliseconds | null;
}

export function registerReport(notes: CoordinationNotes): RegisterReport {
  const figures = figuresOf(notes);
  const pacelc = pacelcOf(figures);
  const { requests, holes } = notes;
  const keys = [...new Set(requests.map(({ key }) => key))].slice(0, MAX_KEYS);
  const kinds = figures.map((each, i): KindReport => {
    const broken = brokenGuarantees(notes, each.kind);
    return {
      figures: each,
      pacelc: pacelc[i]!,
      judgement: judgementOf(notes, each.kind),
      sessions: GUARANTEES.map((guarantee) => ({
        guarantee,
        broken: broken.filter((one) => one.guarantee === guarantee).length,
      })),
    };
  });
  return { kinds, keys, told: toldLast(requests, new Set(keys)), holes };
}

function judgementOf(notes: CoordinationNotes, kind: RequestKind): Judgement {
  const mine = notes.requests.filter((request) => request.kind === kind);
  const answers = mine.filter(({ ended }) => ended?.outcome === 'ok').length;
  if (answers === 0) return { verdict: 'none', answers };
  const result = judgeRegisters(notes, kind, SLACK_MS, MAX_MEMO_BYTES);
  if (result.verdict === 'linearizable') return { verdict: 'linearizable', answers };
  if (result.verdict === 'undecided') return { verdict: 'undecided', key: result.partition };
  return { verdict: 'not linearizable', witness: witnessOf(result.witness.breaksAt, mine) };
}

function witnessOf(
  { process, action, calledAt, returnedAt }: Operation<CellAction>,
  mine: readonly RegisterRequest[],
): ReadWitness {
  const [askedAt, at] = [calledAt + SLACK_MS, returnedAt - SLACK_MS];
  const request = mine.find(
    ({ session, key, ended, ...one }) =>
      session === process &&
      key === action.key &&
      isSame(one.askedAt, askedAt) &&
      isSame(ended?.at ?? Infinity, at),
  );
  const staleForMs = request && stalenessOf(mine).get(request);
  return {
    node: parseNodeId(process.split('/')[0] ?? '') ?? null,
    key: action.key,
    do: action.kind === 'read' ? 'get' : 'put',
    value: request?.ended?.value ?? request?.value ?? 'null',
    ...{ askedAt, at, staleForMs: staleForMs !== undefined && staleForMs > 0 ? staleForMs : null },
  };
}

/** Times that were moved to and fro. */
function isSame(a: Milliseconds, b: Milliseconds): boolean {
  return Math.abs(a - b) < 1e-3;
}

function toldLast(requests: readonly RegisterRequest[], keys: ReadonlySet<string>): Told[] {
  const last = new Map<string, { readonly at: Milliseconds; readonly told: Told }>();
  for (const { node, kind, key, value, ended } of requests) {
    if (ended?.outcome !== 'ok' || !keys.has(key)) continue;
    const place = `${node} ${kind} ${key}`;
    if ((last.get(place)?.at ?? -Infinity) > ended.at) continue;
    const told = { key, node, kind, value: value ?? ended.value ?? 'null' };
    last.set(place, { at: ended.at, told });
  }
  return [...last.values()].map(({ told }) => told);
}
