import { compare, type Bar, type Row } from './section.ts';
import { rumourRounds } from './theory/rumour-rounds.ts';
import { storm } from './theory/storm.ts';
import { firstDetection } from './theory/swim-detection.ts';
import { treeCost } from './theory/tree-cost.ts';
import { survivesHalfDead } from './theory/view-size.ts';

/** Our protocols against what theory says of them; the baseline is the theory. In virtual time. */
export const name = 'theory';

const SIZES = [30, 100, 1_000, 10_000];
const LOSSES = [0, 0.25, 0.5];

/** Of the largest, a few are as good as many: the more nodes, the less a run differs from the next. */
const NODES_IN_ALL = 60_000;
const MOST_SEEDS = 200;

/** Rounds are whole numbers, and the formulas leave out a constant of one or two. */
const ROUNDS_BAR: Bar = { within: 0.25 };

/** The mean of a few hundred draws of a geometric distribution. */
const DETECTION_BAR: Bar = { within: 0.15 };

/** A calm tree carries each broadcast over each of its N - 1 edges once. */
const TREE_BAR: Bar = { within: 0.05 };

/** What a class of 30 of which half dies keeps connected, by the size of its views. */
const SURVIVAL = [
  { activeView: 5, theory: 0.58 },
  { activeView: 8, theory: 0.97 },
];

export async function run(): Promise<Row[]> {
  return [...detection(), ...rumours(), ...trees(), ...views(), ...storms()];
}

function detection(): Row[] {
  return [
    { nodes: 12, seeds: 300 },
    { nodes: 30, seeds: 100 },
  ].map((question) => {
    const { periods, theory } = firstDetection(question);
    const figure = `SWIM: a dead node is first met, ${question.nodes} nodes`;
    return row(figure, 'periods', periods, theory, DETECTION_BAR);
  });
}

function rumours(): Row[] {
  return LOSSES.flatMap((loss) =>
    SIZES.map((nodes) => {
      const seeds = Math.min(MOST_SEEDS, Math.ceil(NODES_IN_ALL / nodes));
      const question = { nodes, style: 'push', fanout: 1, loss, seeds } as const;
      const { rounds, theoryWithLoss } = rumourRounds(question);
      const figure = `push rumour: all of ${nodes.toLocaleString('en')} know, ${100 * loss} % lost`;
      return row(figure, 'rounds', rounds, theoryWithLoss, ROUNDS_BAR);
    }),
  );
}

function trees(): Row[] {
  return [
    { nodes: 12, degree: 'full' },
    { nodes: 30, degree: 'full' },
    { nodes: 30, degree: 8 },
  ].flatMap((graph) => {
    const cost = treeCost({ ...graph, broadcasts: 200, seeds: 3 } as Parameters<
      typeof treeCost
    >[0]);
    const links = graph.degree === 'full' ? 'full mesh' : `${graph.degree} links each`;
    const of = `tree: ${graph.nodes} nodes, ${links}`;
    return [
      row(`${of}: carry a broadcast`, 'messages', cost.payloadPerBroadcast, cost.theory, TREE_BAR),
      row(`${of}: all others`, 'messages', cost.controlPerBroadcast, cost.theory, null),
      row(`${of}: reached`, 'share', cost.reached, 1, { within: 0 }),
    ];
  });
}

function views(): Row[] {
  return SURVIVAL.map(({ activeView, theory }) => {
    const { connectedShare } = survivesHalfDead({ nodes: 30, activeView, trials: 400 });
    const figure = `30 nodes, half of them die, ${activeView} neighbours: still one mesh`;
    return row(figure, 'share', connectedShare, theory, { atLeast: 0.95 });
  });
}

/** A minute after its five seconds of outage, theory has the careful room back and the naive one not. */
function storms(): Row[] {
  const bars = {
    careful: { within: 0.05 },
    naive: { atMost: 0.05 },
    none: { within: 0.05 },
  } as const;
  return (['careful', 'naive', 'none'] as const).map((policy) => {
    const { goodputBefore, goodputAfter } = storm({ policy });
    const figure = `retries ${policy}: answered, a minute after an outage`;
    return row(figure, 'calls/s', goodputAfter, goodputBefore, bars[policy]);
  });
}

function row(figure: string, unit: string, value: number, theory: number, bar: Bar | null): Row {
  return compare(figure, unit, { ours: [value], baseline: [theory] }, bar);
}
