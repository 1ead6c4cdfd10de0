import { inTurn } from './in-turn.ts';
import { SECONDS } from './processes/class-events.ts';
import { compare, type Row } from './section.ts';

/** What it costs an observer's page to follow a busy class, beside bare MessagePack of the same events. */
export const name = 'telemetry';

interface Run {
  readonly ms: number;
  readonly events: number;
  readonly characters: number;
  readonly bytes: number;
}

/** Of a core's second: the views need the rest. */
const MAX_SHARE = 15;

export async function run(): Promise<Row[]> {
  const kept = await measured(false);
  const recorded = await measured(true);
  const each = ({ ms, events }: Run) => (1_000 * ms) / events;
  const rate = ({ events }: Run) => events / SECONDS;
  const share = ({ ms }: Run) => ms / SECONDS / 10;
  return [
    row('events that a class of 24 tells of', '1/s', kept, rate, null),
    row('bytes of an event', 'B', kept, ({ bytes, events }) => bytes / events, null),
    row('an event decoded and kept in the chronicle', 'µs', kept, each, { atMost: 4 }),
    row('of one core, all of them', '%', kept, share, { under: MAX_SHARE }),
    row('of one core, recorded too', '%', recorded, share, { under: MAX_SHARE }),
    row('events a second that it could take', '1/s', recorded, (one) => 1e6 / each(one), null),
  ];
}

interface Runs {
  readonly ours: readonly Run[];
  readonly baseline: readonly Run[];
}

function measured(records: boolean): Promise<Runs> {
  return inTurn('./processes/our-telemetry.ts', './baselines/msgpack-events-process.ts', (child) =>
    child.ask<Run>('run', { records }),
  );
}

function row(
  figure: string,
  unit: string,
  { ours, baseline }: Runs,
  of: (run: Run) => number,
  bar: Row['bar'],
): Row {
  return compare(figure, unit, { ours: ours.map(of), baseline: baseline.map(of) }, bar);
}
