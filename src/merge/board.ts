import { HybridClock } from '../clocks/hybrid.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_FRAME_BYTES } from '../wire/lane.ts';
import { encodedBytes } from '../wire/plain-copy.ts';
import { BoardStore, FULL_BOARD_BYTES, type Kept } from './board-store.ts';
import { Comparisons } from './comparisons.ts';
import { checkedDeed, EditRefused } from './edit-check.ts';
import type { EngineName } from './engine.ts';
import { EngineSet, type EngineFactory, type MeteredEngine } from './engine-set.ts';
import { idOf, keyOf, MAX_INTENTS, type Deed, type Intent, type IntentId, type Seen } from './intent.ts'; // prettier-ignore
import { IntentLog } from './intent-log.ts';
import { KnownOfOthers, type Other } from './known-of-others.ts';
import { ledgerOf, type ClockOff, type Ledger } from './ledger/ledger.ts';
import type { IntentRecord } from './ledger/record.ts';
import { boardSchema, type BoardMessage, type Kind, type ToldOperation, type ToldRecord } from './messages.ts'; // prettier-ignore
import { repairParts } from './repair-parts.ts';
import { Replay } from './replay.ts';
import { stateMark } from './state-mark.ts';
import { toTold } from './told-record.ts';

/**
 * The board: takes what people want, lets every engine do it, and tells the others. What it has heard
 * and done is on the disk before anybody hears of it. The rules BOARD-1 to BOARD-10 stand in README.md.
 *
 *     a                                        b
 *     | -- tell: record, its operations -----> |  new to b: stored, and told on
 *     | -- digest: what a has ---------------> |  once a second, with one neighbour
 *     | <------------ repair: what a lacks --- |  in parts; as much again if there is more
 *     | <------------ digest: what b has ----- |  if b lacks something
 *     | -- repair: what b lacks -------------> |
 */

/** Of what people see, in any engine: some 40 pages. An operation may carry all of it. */
export const MAX_CONTENT_BYTES = 128 * 1024;

/** How much there is to see is asked after so many changes: it takes an engine a while to say. */
const MEASURED_EVERY = 16;

/** Beyond it an edit is not told at once, but fetched by whoever compares. */
const MAX_TELL_BYTES = MAX_FRAME_BYTES / 2;

export interface Edited {
  readonly intent: IntentId;
  /** By this node's own wall clock. */
  readonly at: Milliseconds;
}

export class Board implements Protocol<BoardMessage> {
  private readonly host: Host<BoardMessage>;
  private readonly factories: readonly EngineFactory[];
  private readonly engines: EngineSet;
  private readonly log = new IntentLog();
  private readonly store: BoardStore;
  private readonly comparisons: Comparisons;
  private readonly known = new KnownOfOthers();
  private readonly listeners = new Set<() => void>();
  private crowded: EngineName | undefined;
  private changes = 0;
  private edits = 0;
  private acknowledged = 0;
  private refused = 0;

  constructor(host: Host<BoardMessage>, factories: readonly EngineFactory[]) {
    const hybrid = new HybridClock(() => host.wallClock());
    this.host = host;
    this.factories = factories;
    this.engines = new EngineSet(factories, {
      self: { node: host.self, life: host.incarnation },
      wallClock: () => host.wallClock(),
      hybridClock: { tick: () => hybrid.tick(), heard: (time) => void hybrid.receive(time) },
      random: () => host.random(),
    });
    this.store = new BoardStore(host.store);
    this.comparisons = new Comparisons(host, (neighbour) => this.sendDigest(neighbour, false));
  }

  start(): void {
    for (const kept of this.store.load()) {
      if ('record' in kept) this.log.take(kept.record);
      else this.engines.receive(kept.operation);
    }
    this.measure();
    this.comparisons.start();
  }

  stop(): void {
    this.comparisons.stop();
  }

  /**
   * Does it on this board at once, and tells the others. Throws an `EditRefused` for what cannot be
   * done, and then nothing has happened.
   *
   * @param acknowledged it is durable: from now on no crash that leaves the disk takes it away
   */
  edit(input: unknown, acknowledged: (id: IntentId) => void = () => {}): Edited {
    const deed = checkedDeed(input);
    this.assertRoomFor(deed);
    const intent = this.intentOf(deed);
    const id = idOf(intent);
    const before = this.log.seenBy(intent.author);
    const { effects, operations } = this.engines.apply(intent);
    const record = toTold({ intent, effects }, before);
    this.log.take(record);
    this.store.keep([{ record }, ...operations.map((operation): Kept => ({ operation }))]);
    this.edits += 1;
    this.host.record('edit', { intent: id, do: deed.do, key: deed.key });
    this.tell(record, operations, null);
    this.host.store.whenDurable(() => {
      this.acknowledged += 1;
      this.host.record('acknowledged', { intent: id });
      acknowledged(id);
    });
    this.changed();
    return { intent: id, at: intent.wall };
  }

  receive(from: NodeId, message: BoardMessage): void {
    switch (message.type) {
      case 'tell':
        return this.told(from, message);
      case 'digest':
        return this.compared(from, message);
      case 'repair':
        return this.repaired(from, message);
    }
  }

  neighbourUp(id: NodeId): void {
    this.comparisons.soonWith(id);
  }

  neighbourDown(id: NodeId): void {
    this.comparisons.forget(id);
  }

  resumed(): void {
    this.comparisons.soon();
  }

  get engineNames(): readonly EngineName[] {
    return this.engines.names;
  }

  /** Its board, and what it has cost; undefined if this node does not have it. */
  engine(name: EngineName): Pick<MeteredEngine, 'engine' | 'costs' | 'provenance'> | undefined {
    return this.engines.get(name);
  }

  /** How many intents of each life are known here. */
  get seen(): Seen {
    return this.log.seen;
  }

  get records(): readonly IntentRecord[] {
    return this.log.records;
  }

  /** As far as they have said: what each other board has. This node's own is not among them. */
  get others(): ReadonlyMap<NodeId, Other> {
    const edits = this.log.newestOfEach().filter(({ author }) => author.node !== this.host.self);
    return this.known.all(edits);
  }

  /** What has become of all intents that are known here, by engine. */
  ledger(clockOff?: ClockOff): ReadonlyMap<EngineName, Ledger> {
    const { records } = this.log;
    return new Map(
      this.engines.all.map((metered) => [
        metered.name,
        ledgerOf(metered.name, records, metered.provenance(), clockOff),
      ]),
    );
  }

  /** Tells whoever looks from above what has become of all edits, by engine. */
  noteTally(): void {
    for (const [engine, { counts, entries }] of this.ledger()) {
      const state = stateMark(this.engines.get(engine)!.engine.value());
      this.host.record('tally', { engine, edits: entries.length, ...counts, state });
    }
  }

  /** What this board came of until now, to be gone through once more beside it. */
  replay(): Replay {
    const { self: node, incarnation: life } = this.host;
    return new Replay(this.store.kept(), this.factories, { node, life: life + 1 });
  }

  /** `listener` hears that something has changed, from now on. */
  onChange(listener: () => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  inspect() {
    const { edits, acknowledged, refused } = this;
    const engines = this.engines.all.map(({ name, costs, engine }) => {
      return [name, { ...costs, pending: engine.size().pending }] as const;
    });
    return {
      ...{ intents: this.log.size, replicas: this.log.seen.size, storedBytes: this.store.bytes },
      ...{ edits, acknowledged, refused, comparisons: this.comparisons.made },
      engines: Object.fromEntries(engines),
    } satisfies Json;
  }

  private intentOf(deed: Deed): Intent {
    const { self: node, incarnation: life } = this.host;
    const author = { node, life };
    const number = (this.log.seen.get(keyOf(author)) ?? 0) + 1;
    const seen = new Map(this.log.seen).set(keyOf(author), number);
    return { author, number, seen, wall: this.host.wallClock(), deed };
  }

  private assertRoomFor({ do: what }: Deed): void {
    const author = { node: this.host.self, life: this.host.incarnation };
    const number = (this.log.seen.get(keyOf(author)) ?? 0) + 1;
    const isTooMany = this.log.isFull || this.log.judge({ ...author, number, news: [] }) === 'full';
    if (isTooMany || this.store.bytes >= FULL_BOARD_BYTES) {
      throw new EditRefused(
        `This board is full: it keeps ${MAX_INTENTS} edits, and all of them are needed to count what was lost. Ask for a new room.`,
      );
    }
    const takesAway = what === 'remove' || what === 'erase' || what === 'drop';
    if (this.crowded !== undefined && !takesAway) {
      throw new EditRefused(
        `There is no more room on this board: it shows ${MAX_CONTENT_BYTES / 1024} KiB (by ${this.crowded}). Take something away first.`,
      );
    }
  }

  private tell(record: ToldRecord, operations: ToldOperation[], cameFrom: NodeId | null): void {
    const bytes = operations.reduce((sum, { operation }) => sum + operation.length, 0);
    if (bytes + encodedBytes(record) > MAX_TELL_BYTES) return this.comparisons.soon();
    const message: Kind<'tell'> = { type: 'tell', record, operations };
    for (const neighbour of this.host.neighbours()) {
      if (neighbour !== cameFrom) this.host.send(neighbour, message);
    }
  }

  private told(from: NodeId, { record, operations }: Kind<'tell'>): void {
    this.known.has(from, record);
    if (this.isOwn(record)) return;
    const taking = this.log.judge(record);
    // What came before it is still on its way, or was lost: it comes with what is lacking.
    if (taking === 'gap') return this.comparisons.soonWith(from);
    if (taking === 'known') return;
    if (taking === 'full') return this.refuse(from, 'board', 'full', 1);
    const { taken, refused } = this.takeIn(from, [record], operations);
    if (taken === 0) return;
    this.host.record('received', { intent: idOf({ author: record, number: record.number }), from });
    const fit = operations.filter((operation) => !refused.has(operation));
    this.tell(record, fit, from);
    this.changed();
  }

  private compared(from: NodeId, { log, engines, answer }: Kind<'digest'>): void {
    this.known.compared(from, log, this.log.seen, this.host.monotonic());
    const lacking = this.log.missing(log);
    const missing = this.engines.missing(engines);
    for (const { of, lacks } of missing) {
      if (lacks === null) this.refuse(from, of.engine, 'digest', of.digest.length);
    }
    const operations = missing.map(({ lacks }) => lacks ?? []);
    for (const part of repairParts(lacking, operations)) this.repair(from, part);
    if (answer) return;
    const isBehind = this.log.lacksOf(log);
    // With the same intents, what differs may be on either side.
    const differs = lacking.length === 0 && !this.engines.equal(engines);
    if (isBehind || differs) this.sendDigest(from, true);
  }

  private repair(to: NodeId, part: Kind<'repair'>): void {
    this.host.send(to, part);
    for (const { engine, operation } of part.operations) {
      this.engines.get(engine)!.sentRepair(operation.length);
    }
  }

  private repaired(from: NodeId, { records, operations, more }: Kind<'repair'>): void {
    for (const record of records) this.known.has(from, record);
    const ofOthers = records.filter((record) => !this.isOwn(record));
    const { taken } = this.takeIn(from, ofOthers, operations);
    if (more) this.comparisons.soonWith(from);
    if (taken === 0) return;
    this.host.record('repaired', { from, records: records.length, operations: operations.length });
    this.comparisons.soon();
    this.changed();
  }

  /** Takes what is new of it, and keeps it. */
  private takeIn(
    from: NodeId,
    records: readonly ToldRecord[],
    operations: readonly ToldOperation[],
  ): { readonly taken: number; readonly refused: ReadonlySet<ToldOperation> } {
    const refused = new Set<ToldOperation>();
    const all: Kept[] = [
      ...records.map((record) => ({ record })),
      ...operations.map((operation) => ({ operation })),
    ];
    if (!this.store.hasRoomFor(all)) {
      this.refuse(from, 'board', 'full', records.length);
      return { taken: 0, refused };
    }
    const kept = all.filter((each) => {
      if ('record' in each) return this.log.take(each.record) === 'new';
      const receipt = this.engines.receive(each.operation);
      if (receipt === 'refused') refused.add(each.operation);
      return receipt === 'new';
    });
    for (const { engine, operation } of refused) {
      this.refuse(from, engine, 'operation', operation.length);
    }
    this.store.keep(kept);
    return { taken: kept.length, refused };
  }

  private sendDigest(to: NodeId, answer: boolean): void {
    const engines = this.engines.digests();
    for (const { engine, digest } of engines) this.engines.get(engine)!.sentDigest(digest.length);
    this.host.send(to, { type: 'digest', log: this.log.digest(), engines, answer });
  }

  private refuse(peer: NodeId, engine: string, what: string, bytes: number): void {
    this.refused += 1;
    this.host.record('refused', { peer, engine, what, bytes });
  }

  /** Of its own life a node takes nothing from others. */
  private isOwn({ node, life }: ToldRecord): boolean {
    return node === this.host.self && life >= this.host.incarnation;
  }

  private changed(): void {
    this.changes += 1;
    if (this.changes % MEASURED_EVERY === 0) this.measure();
    for (const listener of this.listeners) listener();
  }

  private measure(): void {
    this.crowded = this.engines.all.find(
      (metered) => metered.contentBytes() > MAX_CONTENT_BYTES,
    )?.name;
  }
}

/**
 * The protocol over these engines. Nodes may have different ones: what one does not have it passes on
 * unread. Boards under different names know nothing of each other.
 */
export function boardOf(
  factories: readonly EngineFactory[],
  name = 'board',
): ProtocolDefinition<BoardMessage, Board> {
  return {
    name,
    version: 1,
    schema: boardSchema,
    lane: 'stream',
    create: (host) => new Board(host, factories),
  };
}
