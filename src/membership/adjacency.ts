import * as v from 'valibot';
import { MAX_INCARNATION } from '../clocks/tick.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { shortestWays } from './shortest-ways.ts';

/**
 * Every node tells all who its neighbours are, so that every node knows the whole graph and a way to
 * everyone. The rules ADJ-1 to 7 stand in README.md.
 */

/** Links come and go together: what changes within so long is told at once. */
export const ANNOUNCE_MS: Milliseconds = 100;

/** How often a node tells some neighbours all that it knows: what was lost is made good in a few of these. */
export const RETELL_MS: Milliseconds = 5_000;

/** In a line or a ring that is all of them, so that news passes each node within one period. */
const RETOLD = 3;

/** What was not told anew for so long is forgotten: four times as long as it takes to go half round a ring of 60. */
export const FORGET_AFTER_MS: Milliseconds = 300_000;

/** Who is here, and as many who were. */
export const MAX_KNOWN = 2 * MAX_CAPACITY;

/** With the fullest lists, of 59 neighbours each, this still is one datagram. */
const MAX_ENTRIES = 16;

/** Beyond any number of changes, and far enough from where numbers stop counting. */
const MAX_VERSION = 2 ** 40;

const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));

const entrySchema = v.object({
  origin: nodeIdSchema,
  /** Of the origin: a later life, and within a life a higher version, replaces what was known. */
  life: whole(1, MAX_INCARNATION),
  version: whole(1, MAX_VERSION),
  /** How long ago the origin said so, without the time on the way. */
  ageMs: v.pipe(v.number(), v.minValue(0), v.maxValue(FORGET_AFTER_MS)),
  neighbours: v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_CAPACITY)),
});
type Entry = v.InferOutput<typeof entrySchema>;

export const adjacencySchema = v.object({
  entries: v.pipe(v.array(entrySchema), v.minLength(1), v.maxLength(MAX_ENTRIES)),
});
export type AdjacencyMessage = v.InferOutput<typeof adjacencySchema>;

interface Known {
  readonly life: number;
  readonly version: number;
  /** By this node's own clock. */
  readonly saidAt: Milliseconds;
  readonly neighbours: ReadonlySet<NodeId>;
}

export class Adjacency implements Protocol<AdjacencyMessage> {
  private readonly host: Host<AdjacencyMessage>;
  private readonly known = new Map<NodeId, Known>();
  private version = 0;
  private isOn = false;
  private isRunning = false;
  private ways: ReadonlyMap<NodeId, NodeId> | null = null;
  private cancelRetelling: Cancel = () => {};
  /** Null while nothing is to be announced. */
  private cancelAnnouncement: Cancel | null = null;

  constructor(host: Host<AdjacencyMessage>) {
    this.host = host;
  }

  start(): void {
    this.isRunning = true;
    if (this.isOn) this.begin();
  }

  stop(): void {
    this.end();
  }

  /** Off, it says nothing, knows nothing and hears nothing: nobody needs it in a full mesh. */
  use(on: boolean): void {
    if (on === this.isOn) return;
    this.isOn = on;
    if (!on) this.end();
    else if (this.isRunning) this.begin();
  }

  /** For every node that a way leads to, the neighbour that is next on it: neighbours are, to themselves. */
  routes(): ReadonlyMap<NodeId, NodeId> {
    if (!this.isOn) return NOWHERE;
    const { self } = this.host;
    this.ways ??= shortestWays(
      self,
      this.host.neighbours(),
      (of) => this.known.get(of)?.neighbours,
    );
    return this.ways;
  }

  /** Neighbours, and whoever a way leads to. */
  reaches(id: NodeId): boolean {
    return this.host.neighbours().includes(id) || this.routes().has(id);
  }

  /** All that can be reached. */
  reached(): readonly NodeId[] {
    return [...new Set([...this.host.neighbours(), ...this.routes().keys()])];
  }

  neighbourUp(id: NodeId): void {
    this.linksChanged();
    if (this.isOn) this.tell([id], this.allKnown());
  }

  neighbourDown(): void {
    this.linksChanged();
  }

  receive(from: NodeId, { entries }: AdjacencyMessage): void {
    const { host } = this;
    if (!this.isOn || !host.neighbours().includes(from)) return;
    const changed = entries.filter((entry) => this.learn(entry));
    const others = host.neighbours().filter((id) => id !== from);
    if (changed.length > 0) this.tell(others, changed);
  }

  inspect(): Json {
    return {
      on: this.isOn,
      version: this.version,
      known: this.known.size,
      ways: this.routes().size,
    };
  }

  private begin(): void {
    this.linksChanged();
    this.retellLater();
  }

  private end(): void {
    this.cancelRetelling();
    this.cancelAnnouncement?.();
    this.cancelAnnouncement = null;
    this.known.clear();
    this.ways = null;
  }

  private linksChanged(): void {
    this.ways = null;
    if (!this.isOn || !this.isRunning) return;
    this.cancelAnnouncement ??= this.host.after(ANNOUNCE_MS, () => {
      this.cancelAnnouncement = null;
      this.tell(this.host.neighbours(), [this.own()]);
    });
  }

  private retellLater(): void {
    const { host } = this;
    this.cancelRetelling = host.after(RETELL_MS * (0.5 + host.random()), () => {
      this.forget();
      this.tell(this.someNeighbours(), [this.own(), ...this.allKnown()]);
      this.retellLater();
    });
  }

  /** By chance, and none of them twice. */
  private someNeighbours(): NodeId[] {
    const left = [...this.host.neighbours()];
    const some: NodeId[] = [];
    while (some.length < RETOLD && left.length > 0) {
      some.push(...left.splice(Math.floor(this.host.random() * left.length), 1));
    }
    return some;
  }

  /** Says whether it changes what is known of anybody's links. */
  private learn(entry: Entry): boolean {
    const { host, known } = this;
    const { origin, life, version, ageMs } = entry;
    if (origin === host.self) return this.contradict(entry);
    const before = known.get(origin);
    if (before !== undefined && !isNewer(entry, before)) return false;
    if (before === undefined && known.size === MAX_KNOWN) this.forgetOldest();
    const neighbours = new Set(entry.neighbours);
    known.set(origin, { life, version, saidAt: host.monotonic() - ageMs, neighbours });
    if (before !== undefined && isSame(before.neighbours, neighbours)) return false;
    this.ways = null;
    return true;
  }

  /** Nobody but this node says who its neighbours are: whoever claims to know better is outdone. */
  private contradict({ life, version }: Entry): false {
    if (life === this.host.incarnation && version > this.version) {
      this.version = version;
      this.linksChanged();
    }
    return false;
  }

  private own(): Entry {
    const { self: origin, incarnation: life } = this.host;
    this.version = Math.min(this.version + 1, MAX_VERSION);
    return {
      origin,
      life,
      version: this.version,
      ageMs: 0,
      neighbours: [...this.host.neighbours()],
    };
  }

  private allKnown(): Entry[] {
    const now = this.host.monotonic();
    return [...this.known].flatMap(([origin, { life, version, saidAt, neighbours }]) => {
      const ageMs = Math.max(0, now - saidAt);
      if (ageMs > FORGET_AFTER_MS) return [];
      return [{ origin, life, version, ageMs, neighbours: [...neighbours] }];
    });
  }

  private tell(to: readonly NodeId[], all: readonly Entry[]): void {
    for (let first = 0; first < all.length; first += MAX_ENTRIES) {
      const message = { entries: all.slice(first, first + MAX_ENTRIES) };
      for (const id of to) this.host.send(id, message);
    }
  }

  private forget(): void {
    const now = this.host.monotonic();
    for (const [origin, { saidAt }] of this.known) {
      if (now - saidAt > FORGET_AFTER_MS) this.known.delete(origin);
    }
    this.ways = null;
  }

  private forgetOldest(): void {
    const oldest = [...this.known].reduce((a, b) => (b[1].saidAt < a[1].saidAt ? b : a));
    this.known.delete(oldest[0]);
  }
}

const NOWHERE: ReadonlyMap<NodeId, NodeId> = new Map();

function isNewer(a: Pick<Entry, 'life' | 'version'>, b: Known): boolean {
  return a.life > b.life || (a.life === b.life && a.version > b.version);
}

function isSame(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}

export const adjacency: ProtocolDefinition<AdjacencyMessage, Adjacency> = {
  name: 'adjacency',
  version: 1,
  schema: adjacencySchema,
  lane: 'datagram',
  create: (host) => new Adjacency(host),
};
