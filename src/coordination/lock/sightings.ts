import type { Milliseconds } from '../../vocabulary.ts';
import type { LeaseRecord } from './lease-record.ts';

interface Sighting {
  /** Of the highest token. */
  readonly newest: LeaseRecord;
  readonly last: LeaseRecord;
  /** When `last` was seen first, of the times in a row that it was seen. */
  readonly since: Milliseconds;
}

/**
 * What the log has shown to this node of each lock, and since when it has not changed, by the node's own
 * clock. It is kept from one attempt at a lock to the next: so who only looks in now and then finds out,
 * too, that nobody renews it.
 */
export class Sightings {
  private readonly limit: number;
  private readonly monotonic: () => Milliseconds;
  /** The one seen longest ago first. */
  private readonly sightings = new Map<string, Sighting>();

  constructor(limit: number, monotonic: () => Milliseconds) {
    this.limit = limit;
    this.monotonic = monotonic;
  }

  names(): readonly string[] {
    return [...this.sightings.keys()];
  }

  newest(name: string): LeaseRecord | undefined {
    return this.sightings.get(name)?.newest;
  }

  see(name: string, record: LeaseRecord): void {
    const before = this.sightings.get(name);
    const newest = before && before.newest.token > record.token ? before.newest : record;
    const since = before && isSame(before.last, record) ? before.since : this.monotonic();
    this.sightings.delete(name);
    if (this.sightings.size === this.limit)
      this.sightings.delete(this.sightings.keys().next().value!);
    this.sightings.set(name, { newest, last: record, since });
  }

  /** For how long it has stayed so, by what this node has seen. */
  unchangedMs(name: string, record: LeaseRecord): Milliseconds {
    const sighting = this.sightings.get(name);
    return sighting && isSame(sighting.last, record) ? this.monotonic() - sighting.since : 0;
  }
}

/** A beat that has not risen: nobody has renewed it in between. */
function isSame(one: LeaseRecord, other: LeaseRecord): boolean {
  return one.token === other.token && one.beat === other.beat && one.holder === other.holder;
}
