import type { Incarnation, Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import type { NoteDetail } from './kept-notes.ts';
import { Splits } from './splits.ts';

const PROTOCOL = 'registers';

/** 50 a second for ten minutes. Of more, the oldest are forgotten. */
export const MAX_REQUESTS = 30_000;

/** Of requests that nobody has told of yet, because notes come late. */
export const MAX_ENDS = 1_000;

export type RequestKind = 'cp' | 'ap' | 'quorum';
export const REQUEST_KINDS: readonly RequestKind[] = ['cp', 'ap', 'quorum'];

/** What a client asked of a register, as its node noted it. Values are JSON text. */
export interface RegisterRequest {
  readonly id: string;
  readonly node: NodeId;
  readonly session: string;
  readonly kind: RequestKind;
  readonly key: string;
  readonly do: 'put' | 'get';
  /** Of a put. */
  readonly value: string | null;
  readonly askedAt: Milliseconds;
  /** Null while it is open, and for good where nobody told how it ended. */
  ended: RequestEnd | null;
}

export interface RequestEnd {
  readonly at: Milliseconds;
  readonly outcome: 'ok' | 'refused' | 'unknown';
  readonly reason: string | null;
  /** Of a read. */
  readonly value: string | null;
  readonly mark: Json;
}

/**
 * What an observer knows of the requests to registers: from notes alone, which may come late, twice or
 * not at all.
 */
export class CoordinationNotes {
  readonly splits = new Splits();
  private readonly byId = new Map<string, RegisterRequest>();
  private readonly ends = new Map<string, RequestEnd>();
  /** By life: the highest number that was told, and how many were. */
  private readonly told = new Map<string, { highest: number; count: number }>();
  private readonly bytes = new Map<string, number>();

  add(event: TraceEvent): void {
    this.splits.add(event);
    if (event.type === 'send') this.sent(event.protocol, event.bytes);
    if (event.type !== 'note' || event.protocol !== PROTOCOL) return;
    const { node, incarnation, at, detail } = event;
    const id = idOf(node, incarnation, detail['op']);
    if (event.kind === 'asked') this.asked(requestOf(id, node, at, detail), node, incarnation);
    if (event.kind === 'ended') this.ended(id, endOf(at, detail));
  }

  /** Bytes of messages that were counted and not told one by one. */
  sent(protocol: string, bytes: number): void {
    this.bytes.set(protocol, (this.bytes.get(protocol) ?? 0) + bytes);
  }

  bytesOf(protocol: string): number {
    return this.bytes.get(protocol) ?? 0;
  }

  /** In the order in which they were told. */
  get requests(): readonly RegisterRequest[] {
    return [...this.byId.values()];
  }

  /** Requests that there were, between those that were told, and nobody has told of. */
  get holes(): number {
    let holes = 0;
    for (const { highest, count } of this.told.values()) holes += highest - count;
    return holes;
  }

  private asked(request: RegisterRequest | null, node: NodeId, life: Incarnation): void {
    if (request === null || this.byId.has(request.id)) return;
    const number = Number(request.id.slice(request.id.lastIndexOf('/') + 1));
    const told = this.told.get(`${node}/${life}`) ?? { highest: 0, count: 0 };
    this.told.set(`${node}/${life}`, told);
    told.highest = Math.max(told.highest, number);
    told.count += 1;
    request.ended = this.ends.get(request.id) ?? null;
    this.ends.delete(request.id);
    this.byId.set(request.id, request);
    if (this.byId.size > MAX_REQUESTS) this.byId.delete(this.byId.keys().next().value!);
  }

  private ended(id: string, end: RequestEnd | null): void {
    if (end === null) return;
    const request = this.byId.get(id);
    if (request !== undefined) request.ended ??= end;
    else this.ends.set(id, end);
    if (this.ends.size > MAX_ENDS) this.ends.delete(this.ends.keys().next().value!);
  }
}

function idOf(node: NodeId, life: Incarnation, op: NoteDetail[string] | undefined): string {
  return `${node}/${life}/${op}`;
}

/** Whatever a node says: what makes no sense is left out. */
function requestOf(
  id: string,
  node: NodeId,
  askedAt: Milliseconds,
  { op, kind, key, do: what, value, session }: NoteDetail,
): RegisterRequest | null {
  const isPut = what === 'put' && typeof value === 'string';
  const isKnown = REQUEST_KINDS.some((known) => known === kind) && Number.isSafeInteger(op);
  if (!isKnown || typeof key !== 'string' || typeof session !== 'string') return null;
  if (!isPut && what !== 'get') return null;
  return {
    ...{ id, node, session, key, askedAt, kind: kind as RequestKind },
    ...{ do: what, value: isPut ? value : null, ended: null },
  };
}

function endOf(at: Milliseconds, { outcome, reason, value, mark }: NoteDetail): RequestEnd | null {
  if (outcome !== 'ok' && outcome !== 'refused' && outcome !== 'unknown') return null;
  return {
    ...{ at, outcome },
    reason: typeof reason === 'string' ? reason : null,
    value: typeof value === 'string' ? value : null,
    mark: typeof mark === 'string' ? parsed(mark) : null,
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
