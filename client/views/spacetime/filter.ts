import type { TraceEvent } from '../../../src/trace/event.ts';
import { protocolOf } from './glyphs.ts';

const STORAGE_KEY = 'netsplit.spacetime.hidden';

/** More names than there can be protocols are not ours. */
const MAX_REMEMBERED = 64;

export function shownBy(hidden: ReadonlySet<string>): (event: TraceEvent) => boolean {
  if (hidden.size === 0) return () => true;
  return (event) => {
    const protocol = protocolOf(event);
    return protocol === null || !hidden.has(protocol);
  };
}

export function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** The protocols that were hidden on this device when somebody last chose. */
export function rememberedProtocols(): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    const names = Array.isArray(stored) ? stored.slice(0, MAX_REMEMBERED) : [];
    return new Set(names.filter((name): name is string => typeof name === 'string'));
  } catch {
    // Storage may be forbidden, or hold what somebody else wrote: then nothing is hidden.
    return new Set();
  }
}

export function rememberProtocols(hidden: ReadonlySet<string>): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify([...hidden]));
  } catch {
    // Storage may be forbidden or full: the choice then lasts as long as the page.
  }
}
