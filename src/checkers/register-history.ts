import type { Json, Milliseconds } from '../vocabulary.ts';
import type {
  CoordinationNotes,
  RegisterRequest,
  RequestKind,
} from '../trace/coordination-notes.ts';
import type { Operation } from './history.ts';
import { checkLinearizability, type LinearizabilityResult } from './linearizability.ts';
import {
  checkMarkedSessions,
  type BrokenGuarantee,
  type MarkedOperation,
} from './marked-sessions.ts';
import { keyValueModel, type Cell, type CellAction } from './models.ts';
import { coversMark } from './register-marks.ts';
import { writeKeyValueHistory } from './write-history.ts';

/** What nobody has put: null to a register, the empty text to the model. */
const NOTHING = 'null';

export interface RegisterHistory {
  readonly history: readonly Operation<CellAction>[];
  /** Reads of values that nobody was heard to put: siblings, and what holes in the notes hide. */
  readonly leftOut: number;
}

/**
 * What the clients of one kind asked and were told, for the checkers. Notes may be missing: a request
 * whose end is not known may have taken effect, and a read that no put explains is left out, so that no
 * hole makes a false alarm.
 *
 * @param slackMs how far two nodes' times may be off for the observer: what is nearer has no order
 */
export function registerHistory(
  notes: CoordinationNotes,
  kind: RequestKind,
  slackMs: Milliseconds = 0,
): RegisterHistory {
  const mine = notes.requests.filter((request) => request.kind === kind);
  const put = new Set(
    mine.flatMap(({ key, value }) => (value === null ? [] : [`${key} ${value}`])),
  );
  const isExplained = ({ key, ended }: RegisterRequest) => {
    const value = ended!.value ?? NOTHING;
    return put.has(`${key} ${value}`) || (value === NOTHING && notes.holes === 0);
  };
  const history: Operation<CellAction>[] = [];
  let leftOut = 0;
  for (const request of mine) {
    const isRead = request.do === 'get';
    if (isRead && request.ended?.outcome !== 'ok') continue;
    if (isRead && !isExplained(request)) leftOut += 1;
    else history.push(operationOf(request, slackMs));
  }
  return { history, leftOut };
}

/** As lines that `npm run check -- FILE --model kv` reads. */
export function exportHistory(
  notes: CoordinationNotes,
  kind: RequestKind,
  slackMs: Milliseconds = 0,
): string {
  // prettier-ignore
  return writeKeyValueHistory(registerHistory(notes, kind, slackMs).history);
}

export function judgeRegisters(
  notes: CoordinationNotes,
  kind: RequestKind,
  slackMs: Milliseconds = 0,
  maxMemoBytes?: number,
): LinearizabilityResult<Cell, CellAction> {
  const { history } = registerHistory(notes, kind, slackMs);
  return checkLinearizability(history, keyValueModel, maxMemoBytes);
}

export interface SessionRequest extends MarkedOperation<Json> {
  readonly request: RegisterRequest;
}

/** The session guarantees that clients of one kind did without. */
export function brokenGuarantees(
  notes: CoordinationNotes,
  kind: RequestKind,
): BrokenGuarantee<SessionRequest>[] {
  const operations = notes.requests.flatMap((request): SessionRequest[] => {
    const { session, key, do: what, askedAt: calledAt, ended } = request;
    if (request.kind !== kind || ended?.outcome !== 'ok') return [];
    return [{ session, key, do: what, mark: ended.mark, calledAt, returnedAt: ended.at, request }];
  });
  return checkMarkedSessions<Json, SessionRequest>(operations, coversMark);
}

function operationOf(request: RegisterRequest, slackMs: Milliseconds): Operation<CellAction> {
  const { session: process, key, askedAt, ended } = request;
  const calledAt = askedAt - slackMs;
  const action: CellAction =
    request.do === 'get'
      ? { kind: 'read', key, value: cellOf(ended!.value) }
      : { kind: 'write', key, value: cellOf(request.value) };
  if (ended === null || ended.outcome === 'unknown')
    return { process, action, calledAt, outcome: 'unknown', returnedAt: Infinity };
  const outcome = ended.outcome === 'ok' ? 'ok' : 'fail';
  return { process, action, calledAt, outcome, returnedAt: ended.at + slackMs };
}

function cellOf(text: string | null): string {
  return text === null || text === NOTHING ? '' : text;
}
