import type { TraceEvent } from '../trace/event.ts';
import type { Incarnation, NodeId } from '../vocabulary.ts';

type Note = Extract<TraceEvent, { readonly type: 'note' }>;

/** Which member of which group noted it. Ways to elect that keep no log have no births: 0. */
export interface Noted {
  readonly event: Note;
  readonly group: string;
  readonly birth: Incarnation;
}

/** What members note of themselves, and the checkers read. */
export type RaftNote = Noted &
  (
    | { readonly kind: 'role'; readonly role: string; readonly term: number }
    | { readonly kind: 'vote'; readonly term: number; readonly for: NodeId }
    | {
        readonly kind: 'log';
        readonly from: number;
        readonly to: number;
        readonly term: number;
        readonly digest: number;
      }
    | {
        readonly kind: 'committed' | 'snapshot';
        readonly index: number;
        readonly term: number;
        readonly digest: number;
      }
    | { readonly kind: 'applied'; readonly index: number; readonly state: number }
    | { readonly kind: 'members'; readonly voters: string }
  );

/** The fields that each kind must have, and what they are. */
const FIELDS: { readonly [Kind in RaftNote['kind']]: { readonly [field: string]: string } } = {
  role: { role: 'string', term: 'number' },
  vote: { term: 'number', for: 'string' },
  log: { from: 'number', to: 'number', term: 'number', digest: 'number' },
  committed: { index: 'number', term: 'number', digest: 'number' },
  snapshot: { index: 'number', term: 'number', digest: 'number' },
  applied: { index: 'number', state: 'number' },
  members: { voters: 'string' },
};

/** Null for whatever is no such note: an observer reads what others say of themselves. */
export function raftNoteOf(event: TraceEvent): RaftNote | null {
  if (event.type !== 'note' || event.protocol !== 'election') return null;
  const { kind, detail } = event;
  const { group, birth = 0 } = detail;
  if (!isKind(kind) || typeof group !== 'string' || typeof birth !== 'number') return null;
  const fits = Object.entries(FIELDS[kind]).every(([field, type]) => typeof detail[field] === type);
  return fits ? ({ ...detail, kind, event, group, birth } as unknown as RaftNote) : null;
}

function isKind(kind: string): kind is RaftNote['kind'] {
  return Object.hasOwn(FIELDS, kind);
}
