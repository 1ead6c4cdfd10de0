import { percentile } from '../support/percentile.ts';
import { compare, type Bar, type Row } from './section.ts';
import { electedBy, timeAxis } from './theory/elected-by.ts';
import { broadcastMs, GIVE_UP_MS, leaderless, type Timeouts } from './theory/leaderless.ts';

/** For how long Raft is without a leader, beside what its paper has measured (figure 16). In virtual time. */
export const name = 'leaderless';

const TRIALS = 1_000;

/** Of what never ends so many are as good as a thousand, as in the paper. */
const TRIALS_OF_NO_CHANCE = 100;

/** The paper's two graphs: how much chance there is in a timeout, and how long it is. */
const SETTINGS: readonly (readonly [min: number, max: number])[] = [
  [150, 150],
  [150, 151],
  [150, 155],
  [150, 175],
  [150, 200],
  [150, 300],
  [100, 200],
  [50, 100],
  [25, 50],
  [12, 24],
];

type Figure = (downtimes: readonly number[]) => number;

/** What the paper says in words or shows in its graphs. */
const PUBLISHED: readonly (readonly [string, string, Figure, published: number, Bar | null])[] = [
  ['150–150', 'no leader in 10 s', shareOver(GIVE_UP_MS), 1, { within: 0.1 }],
  // Between two rounds of votes lie 150 ms: one trial more or less in two is a whole round.
  ['150–155', 'ms, median', p(0.5), 287, { within: 0.5 }],
  ['150–200', 'ms, worst', p(1), 513, { within: 0.5 }],
  ['150–300', 'ms, median', p(0.5), 190, { within: 0.15 }],
  ['150–300', 'under 600 ms', (all) => 1 - shareOver(600)(all), 1, { within: 0.01 }],
  ['12–24', 'ms, mean', mean, 35, { within: 0.25 }],
  ['12–24', 'ms, worst', p(1), 152, null],
];

export function run(tell: (line: string) => void): Promise<Row[]> {
  const results = new Map<string, readonly number[]>();
  tell(line('timeouts', 'trials', ['least', 'p50', 'mean', 'p99', 'worst'], 'with a leader by'));
  for (const [minTimeoutMs, maxTimeoutMs] of SETTINGS) {
    const timeouts = { minTimeoutMs, maxTimeoutMs };
    const downtimes = leaderless(timeouts, trialsOf(timeouts));
    results.set(nameOf(timeouts), downtimes);
    const figures = [p(0), p(0.5), mean, p(0.99), p(1)].map((figure) => figure(downtimes));
    const trials = String(downtimes.length);
    tell(line(nameOf(timeouts), trials, figures.map(milliseconds), electedBy(downtimes)));
  }
  tell(line('', '', ['', '', '', '', ''], timeAxis()));
  tell('');
  const rows = PUBLISHED.map(([timeouts, unit, figure, published, bar]) => {
    const ours = [figure(results.get(timeouts)!)];
    const of = `without a leader, timeouts of ${timeouts} ms`;
    return compare(of, unit, { ours, baseline: [published] }, bar);
  });
  const broadcast = { ours: [broadcastMs(10_000)], baseline: [15] };
  rows.push(compare('a question to all and their answers', 'ms', broadcast, { within: 0.03 }));
  return Promise.resolve(rows);
}

function trialsOf({ minTimeoutMs, maxTimeoutMs }: Timeouts): number {
  return minTimeoutMs === maxTimeoutMs ? TRIALS_OF_NO_CHANCE : TRIALS;
}

function nameOf({ minTimeoutMs, maxTimeoutMs }: Timeouts): string {
  return `${minTimeoutMs}–${maxTimeoutMs}`;
}

function p(share: number): Figure {
  return (downtimes) => percentile(downtimes, share);
}

function mean(downtimes: readonly number[]): number {
  return downtimes.reduce((sum, ms) => sum + ms, 0) / downtimes.length;
}

function shareOver(limit: number): Figure {
  return (downtimes) => downtimes.filter((ms) => ms > limit).length / downtimes.length;
}

function milliseconds(ms: number): string {
  return ms > GIVE_UP_MS ? `> ${GIVE_UP_MS / 1_000} s` : ms.toFixed(0);
}

function line(timeouts: string, trials: string, figures: readonly string[], plot: string): string {
  const numbers = figures.map((figure) => figure.padStart(7)).join('');
  return `${timeouts.padEnd(9)}${trials.padStart(7)}${numbers}  ${plot}`.trimEnd();
}
