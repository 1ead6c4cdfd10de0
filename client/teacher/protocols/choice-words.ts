import type {
  RetryName,
  RoomChoices,
  RumourStyle,
  SpreadName,
} from '../../../src/network/room-choices.ts';
import { DETECTOR_WORDS } from '../../views/detector-words.ts';
import { isPartialView } from '../../views/partial-view.ts';
import { survivalOf, type Graph } from './survival.ts';

/** What can be chosen, each with what it does in one sentence. */
interface Words {
  readonly name: string;
  readonly how: string;
}

export const SPREAD_WORDS: { readonly [Spread in SpreadName]: Words } = {
  tree: {
    name: 'Tree',
    how: 'Along a tree that grows by itself; the other links only hint, and mend it.',
  },
  rumour: {
    name: 'Rumour',
    how: 'Each tells a few others by chance, for some rounds. It may miss somebody.',
  },
  flood: {
    name: 'Flood',
    how: 'Everyone passes everything on to everybody. It reaches all, and costs most.',
  },
};

export const STYLE_WORDS: { readonly [Style in RumourStyle]: Words } = {
  push: { name: 'push', how: 'Who knows tells others.' },
  pull: { name: 'pull', how: 'Everyone asks others what is new.' },
  'push-pull': { name: 'both', how: 'Who meets tells and asks.' },
};

export const RETRY_WORDS: { readonly [Retry in RetryName]: Words } = {
  careful: {
    name: 'careful',
    how: 'Waits longer each time, retries seldom, and leaves alone who keeps failing.',
  },
  naive: { name: 'naive', how: 'Tries again at once, up to four times, whatever the load.' },
  none: { name: 'none', how: 'Asks once, and gives up.' },
};

/** What holds now, in a line or two. */
export function choicesSummary(
  choices: RoomChoices,
  nodes: number,
  nameOf: (id: string) => string,
): string {
  const { detector, activeView, relay, spread, antiEntropy, causal, service } = choices;
  const links = isPartialView(nodes, choices)
    ? `${activeView === 1 ? '1 neighbour' : `${activeView} neighbours`} each`
    : 'all linked to all';
  return [
    `${DETECTOR_WORDS[detector].name} suspects`,
    relay ? `${links}, relaying` : links,
    `news by ${SPREAD_WORDS[spread].name.toLowerCase()}${antiEntropy ? ', compared' : ''}${causal ? ', in causal order' : ''}`,
    service === null ? '' : `everybody calls ${nameOf(service)}`,
  ]
    .filter((words) => words !== '')
    .join(' · ');
}

/** What the links of this class come to, and whether they would bear a blow. */
export function linksNote(
  choices: Pick<RoomChoices, 'fullMeshUpTo' | 'activeView'>,
  graph: Graph,
): string {
  const { fullMeshUpTo, activeView } = choices;
  const nodes = graph.size;
  if (nodes < 2) return '';
  if (!isPartialView(nodes, choices))
    return `With ${nodes} nodes this class is a full mesh. From ${fullMeshUpTo + 1} on, each would keep about ${activeView}.`;
  const ends = [...graph.values()].reduce((sum, { length }) => sum + length, 0);
  const links = (ends / nodes).toFixed(1);
  return `Each has ${links} links on average now. If half of the ${nodes} died at once, the rest would ${cases(survivalOf(graph))} still be one mesh.`;
}

function cases(share: number): string {
  if (share >= 0.95) return 'nearly always';
  if (share < 0.05) return 'hardly ever';
  return `in ${Math.round(10 * share)} of 10 cases`;
}
