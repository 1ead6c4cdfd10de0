import type { KindFigures } from './register-figures.ts';

/** Fewer requests than this say little. */
export const FEWEST_REQUESTS = 10;

/** A side on which one in a hundred is not answered was not there for its clients. */
const AVAILABLE = 0.99;

/** Who answers in less than half the time of the slowest kind has not waited for the others. */
const FAST = 0.5;

/** Abadi's letters: what a set-up gives up in a partition (A or C), and what else (L or C). */
export interface PacelcClass {
  readonly kind: KindFigures['kind'];
  readonly partitioned: 'A' | 'C' | null;
  readonly otherwise: 'L' | 'C' | null;
  /** Sentences that say why, with the figures that they stand on. */
  readonly why: string;
}

/** As measured, each kind against the others of the same class. Null where too little was asked to tell. */
export function pacelcOf(all: readonly KindFigures[]): PacelcClass[] {
  const slowest = Math.max(...all.map(({ latency }) => latency.whole?.p50 ?? 0));
  return all.map((figures) => {
    const [inSplit, otherwise] = [partitioned(figures), elsewhere(figures, slowest)];
    return {
      kind: figures.kind,
      ...{ partitioned: inSplit.letter, otherwise: otherwise.letter },
      why: `${inSplit.why} ${otherwise.why}`,
    };
  });
}

interface Letter<Name> {
  readonly letter: Name | null;
  readonly why: string;
}

function partitioned({ sides, staleness }: KindFigures): Letter<'A' | 'C'> {
  const known = sides.filter(({ tally }) => tally.asked - tally.open >= FEWEST_REQUESTS);
  if (known.length < 2)
    return { letter: null, why: 'Too little was asked on both sides of a partition to tell.' };
  const shares = known.map(({ nodes, tally }) => `${percent(tally.availability!)} where there were ${nodes.length}`); // prettier-ignore
  const answered = `In a partition it answered ${shares.join(' and ')}`;
  if (!known.every(({ tally }) => tally.availability! >= AVAILABLE))
    return { letter: 'C', why: `${answered}: who could not be sure was not answered.` };
  const { stale, reads } = staleness.split;
  return { letter: 'A', why: `${answered}; ${stale} of ${reads} reads were out of date.` };
}

function elsewhere(
  { whole, latency, staleness }: KindFigures,
  slowestMs: number,
): Letter<'L' | 'C'> {
  const { stale, reads, worstMs } = staleness.whole;
  if (latency.whole === null || whole.answered < FEWEST_REQUESTS)
    return { letter: null, why: 'Too little was asked without a partition to tell.' };
  const p50 = latency.whole.p50;
  const time = `Without one, half of its answers came within ${milliseconds(p50)}`;
  if (stale > 0)
    return { letter: 'L', why: `${time}, and ${stale} of ${reads} reads were out of date, by up to ${milliseconds(worstMs)}.` }; // prettier-ignore
  if (p50 < FAST * slowestMs)
    return { letter: 'L', why: `${time}, where the slowest kind took ${milliseconds(slowestMs)}: it does not wait for others.` }; // prettier-ignore
  const fresh = reads === 0 ? '' : `, and none of ${reads} reads was out of date`;
  return { letter: 'C', why: `${time}${fresh}: it waits for others.` };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
