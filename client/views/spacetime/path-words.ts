import type { Order } from '../../../src/clocks/vector.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { duration } from '../words.ts';
import { labelOf, messagesOf } from './select.ts';

/** How one event could have brought about another, as far as it was recorded. */
export function pathWords(
  a: TraceEvent,
  b: TraceEvent,
  { path, order }: { path: readonly TraceEvent[] | null; order: Order },
  nameOf: (node: NodeId) => string,
): string {
  const name = (event: TraceEvent) => labelOf(event, nameOf(event.node));
  if (path === null && order === 'concurrent')
    return `${name(a)} and ${name(b)} are concurrent: neither could know of the other.`;
  if (path === null) {
    const [first, last] = order === 'after' ? [b, a] : [a, b];
    return `${name(first)} came before ${name(last)}, but not all that lies between was recorded.`;
  }
  const [first, last] = [path[0]!, path.at(-1)!];
  const messages = messagesOf(path);
  const how =
    messages === 0
      ? 'on one node'
      : `over ${messages === 1 ? '1 message' : `${messages} messages`}`;
  return `From ${name(first)} to ${name(last)} ${how}, in ${duration(last.at - first.at)}.`;
}
