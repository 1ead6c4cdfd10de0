import {
  MAX_LATENCY_MS,
  MAX_LOSS_BURST,
  MAX_BYTES_PER_SECOND,
  MAX_QUEUE_BYTES,
  MIN_BYTES_PER_SECOND,
} from '../../src/network/link-rule.ts';
import {
  MAX_DRIFT_PPM,
  MAX_SLOW_MS,
  MAX_WALL_OFFSET_MS,
} from '../../src/network/node-condition.ts';
import type { Rule } from '../../src/network/composed-rule.ts';
import type { Condition } from '../views/rule-words.ts';

/** A figure that is set with a slider for what is usual, or typed for what is not. */
export interface Field<Name> {
  readonly name: Name;
  readonly label: string;
  readonly unit: string;
  /** What one of the unit is in the rule's own unit. */
  readonly scale: number;
  /** Where the slider stops, in the rule's own unit: finer where eyes and protocols are. Undefined is 'not said'. */
  readonly stops: readonly (number | undefined)[];
  readonly min: number;
  readonly max: number;
  /** What stands in the empty field. */
  readonly unsaid: string;
  /** Shown only where this field says something. */
  readonly tellsOf?: Name;
}

type Figure<Of> = {
  [Name in keyof Of]-?: Of[Name] extends number | undefined ? Name : never;
}[keyof Of];
export type RuleFigure = Figure<Rule>;
export type ConditionFigure = Figure<Condition>;

const TIMES_MS = [5, 10, 20, 50, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1];
const RATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000].map((kilo) => kilo * 1_000);
const QUEUES = [0, 4, 16, 64, 128, 256, 512, 1_024, 4_096].map((kibi) => kibi * 1_024);

const time = { unit: 'ms', scale: 1, stops: [undefined, ...TIMES_MS], min: 0, unsaid: '0' };
const share = {
  unit: '%',
  scale: 0.01,
  stops: [undefined, ...SHARES],
  min: 0,
  max: 1,
  unsaid: '0',
};

export const RULE_FIELDS: readonly Field<RuleFigure>[] = [
  { ...time, name: 'latencyMs', label: 'Latency', max: MAX_LATENCY_MS },
  { ...time, name: 'jitterMs', label: 'Spread', max: 3 * MAX_LATENCY_MS, tellsOf: 'latencyMs' },
  { ...share, name: 'loss', label: 'Loss' },
  {
    name: 'lossBurst',
    label: 'In bursts of',
    unit: '',
    scale: 1,
    stops: [undefined, 2, 3, 4, 5, 8, 10, 20, 50, 100],
    min: 1,
    max: MAX_LOSS_BURST,
    unsaid: '1',
    tellsOf: 'loss',
  },
  { ...share, name: 'duplicate', label: 'Duplicate' },
  { ...share, name: 'reorder', label: 'Reorder' },
  { ...share, name: 'corrupt', label: 'Corrupt' },
  {
    name: 'bytesPerSecond',
    label: 'Rate',
    unit: 'kB/s',
    scale: 1_000,
    stops: [...RATES, undefined],
    min: MIN_BYTES_PER_SECOND,
    max: MAX_BYTES_PER_SECOND,
    unsaid: 'free',
  },
  {
    name: 'queueBytes',
    label: 'Queue',
    unit: 'KiB',
    scale: 1_024,
    stops: [undefined, ...QUEUES],
    min: 0,
    max: MAX_QUEUE_BYTES,
    unsaid: '1 s',
    tellsOf: 'bytesPerSecond',
  },
];

const OFFSETS_MS = [100, 500, 1_000, 2_000, 5_000, 30_000, 300_000, 3_600_000];
const DRIFTS_PPM = [100, 1_000, 5_000, 10_000, 50_000, 100_000];
const around = (values: readonly number[]): (number | undefined)[] => [
  ...values.toReversed().map((value) => -value),
  undefined,
  ...values,
];

export const CONDITION_FIELDS: readonly Field<ConditionFigure>[] = [
  {
    name: 'wallOffsetMs',
    label: 'Clock ahead',
    unit: 's',
    scale: 1_000,
    stops: around(OFFSETS_MS),
    min: -MAX_WALL_OFFSET_MS,
    max: MAX_WALL_OFFSET_MS,
    unsaid: '0',
  },
  {
    name: 'driftPpm',
    label: 'Drift',
    unit: 'ppm',
    scale: 1,
    stops: around(DRIFTS_PPM),
    min: -MAX_DRIFT_PPM,
    max: MAX_DRIFT_PPM,
    unsaid: '0',
  },
  { ...share, name: 'sendOmission', label: 'Sends lose' },
  { ...share, name: 'receiveOmission', label: 'Misses' },
  { ...time, name: 'slowMs', label: 'Slow by', max: MAX_SLOW_MS },
];

/** The stop of the slider that is nearest to a figure. */
export function stopOf(stops: Field<string>['stops'], value: number | undefined): number {
  const unsaid = stops.indexOf(undefined);
  if (value === undefined || (value === 0 && !stops.includes(0))) return unsaid;
  let best = 0;
  for (const [i, stop] of stops.entries())
    if (stop !== undefined && Math.abs(stop - value) < Math.abs((stops[best] ?? Infinity) - value))
      best = i;
  return stops[best] === undefined ? unsaid : best;
}
