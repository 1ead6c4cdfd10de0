import type { Flight } from '../../../src/trace/flights.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Below this an eye sees a flicker and no direction. The legend says that shorter ones are stretched. */
export const SHORTEST_FLIGHT_MS: Milliseconds = 250;

/** A lost message travels this part of its link and then falls, for this long. */
const DIES_AT = 0.5;
export const FALL_MS: Milliseconds = 700;
const FALL_PX = 26;
/** Nobody knows how long a lost message would have taken; it is drawn as a usual one. */
const LOST_TRAVEL_MS: Milliseconds = 500;

/** More marks than this are a fog in which nobody sees any; the legend says how many there are. */
export const MAX_FLIGHTS_DRAWN = 300;

/** Where a message is at a time: how far along its link, how far it has fallen, and whether it is over. */
export interface Course {
  /** 0 at the sender, 1 at the receiver. */
  readonly along: number;
  readonly fallenPx: number;
  readonly lost: boolean;
  readonly over: boolean;
}

/**
 * A message whose receipt is known travels for as long as it took. One without a receipt is on its way
 * as long as somebody may still wait for it; once given up, it falls off at the middle of its link.
 */
export function courseOf(flight: Flight, now: Milliseconds): Course {
  const { sentAt, arrivesAt, givenUpAt } = flight;
  const past = now - sentAt;
  if (arrivesAt !== null) {
    const along = past / Math.max(SHORTEST_FLIGHT_MS, arrivesAt - sentAt);
    return { along: clamp(along), fallenPx: 0, lost: false, over: along >= 1 };
  }
  const along = DIES_AT * clamp(past / LOST_TRAVEL_MS);
  const falling = now - Math.max(givenUpAt, sentAt + LOST_TRAVEL_MS);
  return {
    along,
    fallenPx: FALL_PX * clamp(falling / FALL_MS) ** 2,
    lost: falling >= 0,
    over: falling >= FALL_MS,
  };
}

const clamp = (share: number): number => Math.max(0, Math.min(1, share));

/**
 * Which flights are drawn. Those that have ended stay until their mark has come to its end, since a
 * short flight is drawn for longer than it took. The oldest go first where there are too many.
 */
export class FlightsInSight {
  #known = new Map<string, Flight>();

  /** @param flights that are under way now, from the scene */
  take(flights: readonly Flight[], now: Milliseconds): void {
    for (const flight of flights) this.#known.set(flight.key, flight);
    this.expire(now);
  }

  expire(now: Milliseconds): void {
    // A clock that was turned back, as in a replay, takes all away that has not been sent yet.
    for (const [key, flight] of this.#known)
      if (courseOf(flight, now).over || flight.sentAt > now) this.#known.delete(key);
  }

  get all(): number {
    return this.#known.size;
  }

  drawn(): readonly Flight[] {
    return [...this.#known.values()].slice(-MAX_FLIGHTS_DRAWN);
  }
}
