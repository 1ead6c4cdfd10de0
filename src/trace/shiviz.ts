import type { NodeId } from '../vocabulary.ts';
import { Causality } from './causality.ts';
import { describeEvent } from './describe-event.ts';
import type { TraceEvent } from './event.ts';

/**
 * What ShiViz (github.com/DistributedClocks/shiviz) is told to read a line with. It stands in the
 * first line of the log, where ShiViz looks for it in a file; with a log that is pasted in, it is
 * pasted into the field for the regular expression.
 */
export const SHIVIZ_PATTERN = String.raw`(?<host>\S+) (?<clock>\{\S*\}) (?<event>.*)`;

/**
 * A log that ShiViz draws: the pattern, an empty line (there is one execution only), then an event a
 * line. Events count from 1 on each host without gaps, as ShiViz demands, so clocks are counted anew:
 * an entry says how many of the recorded events of that node were known. All lives of a node are one
 * host: they follow each other, so one count serves them all and order stays what it was.
 *
 * O(events × nodes × log events).
 *
 * @param names what people call the nodes, by id
 */
export function* writeShiviz(
  events: readonly TraceEvent[],
  names: { readonly [node: string]: string } = {},
): Generator<string> {
  const causality = new Causality(Math.max(1, events.length));
  for (const event of events) causality.add(event);
  const rows = [...causality.rows()];
  const hosts = hostsOf(
    rows.map(([node]) => node),
    names,
  );
  const nameOf = (node: NodeId) => hosts.get(node) ?? node;

  yield `${SHIVIZ_PATTERN}\n\n`;
  for (const [node, own] of rows) {
    for (const event of own) {
      const known = causality.knownCounts(event).map(([id, count]) => [nameOf(id), count] as const);
      const clock = JSON.stringify(Object.fromEntries(known));
      const text = oneLine(describeEvent(event, nameOf));
      yield `${nameOf(node)} ${clock} ${text}\n`;
    }
  }
}

/** ShiViz parts lines by spaces and takes hosts of one name for one. */
function hostsOf(
  nodes: readonly NodeId[],
  names: { readonly [node: string]: string },
): ReadonlyMap<NodeId, string> {
  const bare = nodes.map((node) => (names[node] ?? node).trim().replace(/\s+/g, '_') || node);
  return new Map(
    nodes.map((node, i) => {
      const name = bare[i]!;
      const isTaken = name !== node && bare.filter((other) => other === name).length > 1;
      return [node, isTaken ? `${name}-${node}` : name];
    }),
  );
}

/** Protocols, and files from elsewhere, may name things as they like. */
function oneLine(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]+/g, ' ');
}
