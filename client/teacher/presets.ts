import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Rule } from '../../src/network/composed-rule.ts';
import { bothWays, layUpon, waysOf, type RuleOf, type Step, type Way } from './network-steps.ts';

/** What a preset acts on. */
export interface Target {
  /** All nodes of the room, in the order of their names. */
  readonly ids: readonly NodeId[];
  readonly nodes: readonly NodeId[];
  /** The way that is selected, of a link that is. */
  readonly way: Way | null;
  readonly ruleOf: RuleOf;
}

export interface Preset {
  readonly id: PresetId;
  readonly name: string;
  readonly what: string;
  readonly needs: 'nothing' | 'node' | 'nodes' | 'link';
  readonly steps: (target: Target) => readonly Step[];
}

export type PresetId =
  'clean-cut' | 'one-way' | 'bridge' | 'minority' | 'flaky' | 'slow' | 'clock-ahead' | 'long-pause';

/** 200 ms is felt in every protocol here and convicts nobody; a quarter of it as spread. */
export const SLOW: Rule = { latencyMs: 200, jitterMs: 50 };

/** A classroom's access point in the last row: one frame in seven, four at a time; most are quick, some are very late. */
const FLAKY: Rule = {
  loss: 0.15,
  lossBurst: 4,
  latencyMs: 80,
  jitterMs: 120,
  latencyShape: 'long-tailed',
};

/** A line that is full within seconds, before a buffer that holds ten seconds of it. */
const BUFFERBLOAT: Rule = { latencyMs: 20, bytesPerSecond: 20_000, queueBytes: 200_000 };

const AHEAD_MS: Milliseconds = 5_000;

/** Longer than it takes a failure detector to give a node up for dead. */
const LONG_PAUSE_MS: Milliseconds = 15_000;

/** What is asked for if nothing fitting is selected. */
export const ASK: { readonly [Need in Preset['needs']]: string } = {
  nothing: 'Needs two nodes in the room.',
  node: 'Select a node first.',
  nodes: 'Select one or more nodes first.',
  link: 'Select a link first.',
};

export const PRESETS: readonly Preset[] = [
  {
    id: 'clean-cut',
    name: 'Clean cut',
    what: 'Half of the class on each side; every connection between them is closed.',
    needs: 'nothing',
    steps: ({ ids }) => [{ do: 'partition', groups: halves(ids), style: 'cut' }],
  },
  {
    id: 'one-way',
    name: 'One way',
    what: 'What the selected way carries arrives; what is sent back vanishes.',
    needs: 'link',
    steps: ({ way, ruleOf }) => {
      const back = { from: way!.to, to: way!.from };
      return [layUpon([back], ruleOf, { blackhole: true })];
    },
  },
  {
    id: 'bridge',
    name: 'Bridge',
    what: 'The class is split, and only the selected node sees both sides.',
    needs: 'node',
    steps: ({ ids, nodes }) => {
      const bridge = nodes[0]!;
      const sides = halves(ids.filter((id) => id !== bridge));
      const groups = sides.map((side) => [...side, bridge]);
      return [{ do: 'partition', groups, style: 'cut' }];
    },
  },
  {
    id: 'minority',
    name: 'Minority with the leader',
    what: 'The selected node keeps one neighbour; all others are on the other side.',
    needs: 'node',
    steps: ({ ids, nodes }) => {
      const leader = nodes[0]!;
      const neighbour = nodes[1] ?? ids.find((id) => id !== leader);
      const few = neighbour === undefined ? [leader] : [leader, neighbour];
      const rest = ids.filter((id) => !few.includes(id));
      return [{ do: 'partition', groups: [few, rest], style: 'cut' }];
    },
  },
  {
    id: 'flaky',
    name: 'Flaky Wi-Fi',
    what: 'All links of the selected nodes lose frames in bursts, and some come very late.',
    needs: 'nodes',
    steps: ({ ids, nodes, ruleOf }) => [layUpon(waysOf(nodes, ids), ruleOf, FLAKY)],
  },
  {
    id: 'slow',
    name: 'Slow link, big buffer',
    what: '20 kB/s before a queue of 200 kB: nothing is lost, everything is late (bufferbloat).',
    needs: 'link',
    steps: ({ way, ruleOf }) => [layUpon(bothWays(way!.from, way!.to), ruleOf, BUFFERBLOAT)],
  },
  {
    id: 'clock-ahead',
    name: 'Clock 5 s ahead',
    what: 'The time of day of the selected nodes runs five seconds early.',
    needs: 'nodes',
    steps: ({ nodes }) =>
      nodes.map((id) => ({ do: 'node', condition: { id, wallOffsetMs: AHEAD_MS } })),
  },
  {
    id: 'long-pause',
    name: 'Long pause',
    what: 'The selected nodes stand still for 15 s, long enough to be taken for dead.',
    needs: 'nodes',
    steps: ({ nodes }) =>
      nodes.map((id) => ({ do: 'act', act: { do: 'pause', id, ms: LONG_PAUSE_MS } })),
  },
];

export function canApply(preset: Preset, { ids, nodes, way }: Target): boolean {
  switch (preset.needs) {
    case 'nothing':
      return ids.length > 1;
    case 'node':
    case 'nodes':
      return nodes.length > 0;
    case 'link':
      return way !== null;
  }
}

/** The first half has one more if the number is odd. */
function halves(ids: readonly NodeId[]): NodeId[][] {
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)];
}
