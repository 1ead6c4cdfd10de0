import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { ByTime } from './by-time.ts';

/** A message on its way, as the true times of its ends say. */
export interface Flight {
  /** One for each sending, for ever the same. */
  readonly key: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly protocol: string;
  /** What its protocol calls it; empty if it has only one kind. */
  readonly kind: string;
  readonly message: number;
  readonly bytes: number;
  readonly sentAt: Milliseconds;
  /** Null while no receipt is known. */
  readonly arrivesAt: Milliseconds | null;
  /** When nobody waits any longer for a receipt that is not known: then it is lost. */
  readonly givenUpAt: Milliseconds;
}

/** Of the first class: the latency of a LAN. Each class takes twice as long as the one before. */
const SHORTEST_MS: Milliseconds = 16;

/** The last class takes all that is longer than two minutes: a full queue and the largest latency. */
const CLASSES = 14;

/**
 * Messages by when they were under way. Those that take about as long stand together, in the order of
 * their sending: so whoever was under way at a time is looked for among about as many as were.
 */
export class Flights {
  private readonly classes: readonly ByTime<Flight>[] = Array.from(
    { length: CLASSES },
    () => new ByTime<Flight>(({ sentAt }) => sentAt),
  );

  add(flight: Flight): void {
    this.classes[classOf(flight)]!.add(flight);
  }

  remove(flight: Flight): void {
    this.classes[classOf(flight)]!.remove(flight);
  }

  /** Sent by then, and neither arrived nor given up. */
  at(time: Milliseconds): Flight[] {
    return this.classes.flatMap((flights, index) =>
      flights.between(time - longestOf(index), time).filter((flight) => endOf(flight) > time),
    );
  }

  /** Under way at some moment from `from` to `to`, both included. */
  during(from: Milliseconds, to: Milliseconds): Flight[] {
    return this.classes.flatMap((flights, index) =>
      flights.between(from - longestOf(index), to).filter((flight) => endOf(flight) >= from),
    );
  }

  /** Given up after `from`, up to `to` and with it. */
  lostBetween(from: Milliseconds, to: Milliseconds): Flight[] {
    return this.classes.flatMap((flights, index) =>
      flights
        .between(from - longestOf(index), to)
        .filter(
          ({ arrivesAt, givenUpAt }) => arrivesAt === null && givenUpAt > from && givenUpAt <= to,
        ),
    );
  }
}

function endOf({ arrivesAt, givenUpAt }: Flight): Milliseconds {
  return arrivesAt ?? givenUpAt;
}

function classOf(flight: Flight): number {
  const lasts = endOf(flight) - flight.sentAt;
  let index = 0;
  while (index < CLASSES - 1 && lasts > longestOf(index)) index += 1;
  return index;
}

function longestOf(index: number): Milliseconds {
  return index === CLASSES - 1 ? Infinity : SHORTEST_MS * 2 ** index;
}
