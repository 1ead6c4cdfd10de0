import type { NodeId } from '../../../src/vocabulary.ts';
import { duration, named } from '../words.ts';
import type { SpreadReadings } from './spread-readings.ts';
import type { Arrival } from './spreads.ts';

export const ARRIVAL_WORDS: { readonly [By in Arrival]: string } = {
  origin: 'said it',
  eager: 'told at once',
  graft: 'asked for after a hint',
  rumour: 'heard as a rumour',
  repair: 'found missing in a comparison',
};

/** 'All 24 know what Heron said: half of them after 31 ms, the last one, Otter, after 1.2 s.' */
export function spreadSentence(
  { from, nodes, reached, missing, halfMs, lastMs, byHops }: SpreadReadings,
  nameOf: (node: NodeId) => string,
): string {
  const who = nameOf(from);
  if (reached.length <= 1 && nodes > 1) return `Only ${who} knows it so far, of ${nodes}.`;
  const all = missing.length === 0;
  const half = halfMs === null ? '' : `half of all after ${duration(halfMs)}`;
  const last = `the last one, ${nameOf(reached.at(-1)!.node)}, after ${duration(lastMs)}`;
  const times = (all ? [half, last] : [half]).filter((words) => words !== '').join(', ');
  const know = `${all ? `All ${nodes}` : `${reached.length} of ${nodes}`} know what ${who} said`;
  const not = all
    ? ''
    : ` ${named(missing.map(nameOf))} ${missing.length === 1 ? 'does' : 'do'} not.`;
  const links = byHops.length - 1;
  const far = ` It came over ${links === 1 ? '1 link' : `${links} links`} at most; log₂ of ${nodes} is ${Math.log2(nodes).toFixed(1)}.`;
  return `${know}${times === '' ? '' : `: ${times}`}.${not}${far}`;
}

export const SPREAD_HEAD = ['Node', 'After', 'Links', 'How', 'Held back'] as const;

export function spreadRows(
  { reached, missing }: SpreadReadings,
  nameOf: (node: NodeId) => string,
): readonly (readonly (string | number)[])[] {
  return [
    ...reached.map(({ node, afterMs, hops, by, heldMs }) => [
      nameOf(node),
      by === 'origin' ? '–' : duration(afterMs),
      hops,
      ARRIVAL_WORDS[by],
      heldMs === 0 ? '–' : duration(heldMs),
    ]),
    ...missing.map((node) => [nameOf(node), '–', '–', 'not told', '–']),
  ];
}
