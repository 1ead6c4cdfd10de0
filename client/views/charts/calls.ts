import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { recentMean } from './figures.ts';
import { Slices } from './slices.ts';

const SECOND_MS: Milliseconds = 1_000;

/** Long enough that one odd second does not make the sentence jump. */
export const RECENT_S = 10;

/** Of all nodes together, second by second. */
interface Second {
  offered: number;
  answered: number;
  retries: number;
  queue: number;
}

export interface CallReadings {
  /** True milliseconds at which each second begins; empty while nobody calls. */
  readonly times: readonly Milliseconds[];
  readonly offered: readonly number[];
  /** Answers that came while somebody waited for them. */
  readonly answered: readonly number[];
  readonly retries: readonly number[];
  /** What waited at all servers when the second ended. */
  readonly queue: readonly number[];
}

/** What calls come to in the newest two minutes, from the `calls` note that each node makes once a second. */
export class Calls {
  private readonly seconds = new Slices<Second>(SECOND_MS, () => {
    return { offered: 0, answered: 0, retries: 0, queue: 0 };
  });

  add(event: TraceEvent): void {
    if (event.type !== 'note' || event.protocol !== 'requests' || event.kind !== 'calls') return;
    const second = this.seconds.at(event.at);
    if (second === undefined) return;
    for (const what of ['offered', 'answered', 'retries', 'queue'] as const) {
      const count = event.detail[what];
      if (typeof count === 'number') second[what] += count;
    }
  }

  /** The second that `now` is in has only begun, and is left out. */
  read(now: Milliseconds): CallReadings {
    const seconds = this.seconds.upTo(now - SECOND_MS);
    const all = (what: keyof Second): number[] => seconds.map(({ slice }) => slice?.[what] ?? 0);
    return {
      times: seconds.map(({ at }) => at),
      offered: all('offered'),
      answered: all('answered'),
      retries: all('retries'),
      queue: all('queue'),
    };
  }
}

/** Whether what is served is mostly asked for again, and little of it in time. */
export function isStorm({ offered, answered, retries }: CallReadings): boolean {
  const [asked, got, again] = [offered, answered, retries].map((each) =>
    recentMean(each, RECENT_S),
  ) as [number, number, number];
  return again > asked && got < asked / 2;
}
