import type { TraceEvent } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';

/** What is wrong with what nodes note of their locks. */
interface Wrong {
  readonly rule: string;
  readonly text: string;
}

type Note = Extract<TraceEvent, { readonly type: 'note' }>;

/**
 * What must hold of the notes of the protocol `lock`, in the order in which they were made. Whoever
 * misses some of them misses what they show, and nothing else.
 */
export class LockInvariants {
  /** The highest token with which each lock was held. */
  private readonly held = new Map<string, number>();
  /** The highest token that each keeper has taken from a write. */
  private readonly taken = new Map<string, number>();

  add(event: TraceEvent): readonly Wrong[] {
    if (event.type !== 'note' || event.protocol !== 'lock') return [];
    if (event.kind === 'held') return this.holds(event);
    if (event.kind === 'written' && event.detail['checked'] === true) return this.writes(event);
    return [];
  }

  private holds({ node, detail }: Note): readonly Wrong[] {
    const { name, token } = readNote(detail);
    const before = this.held.get(name) ?? 0;
    this.held.set(name, Math.max(before, token));
    if (token > before) return [];
    return [{ rule: 'tokens only rise', text: `${node} holds ${name} with ${token} after ${before}` }]; // prettier-ignore
  }

  private writes({ node, detail }: Note): readonly Wrong[] {
    const { name, token } = readNote(detail);
    const key = keptBy(node, name);
    const before = this.taken.get(key) ?? 0;
    if (detail['taken'] !== true) return [];
    this.taken.set(key, Math.max(before, token));
    if (token >= before) return [];
    return [{ rule: 'no stale token is taken', text: `${node} takes ${token} of ${name} after ${before}` }]; // prettier-ignore
  }
}

function keptBy(node: NodeId, name: string): string {
  return `${node} ${name}`;
}

function readNote(detail: Note['detail']): { readonly name: string; readonly token: number } {
  return { name: String(detail['name']), token: Number(detail['token']) };
}
