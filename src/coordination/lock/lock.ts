import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { isJson } from '../../wire/json.ts';
import { encodedBytes } from '../../wire/plain-copy.ts';
import type { OnEnd } from '../outcome.ts';
import { Acquisition, type Gained } from './acquisition.ts';
import {
  DEFAULT_LEASE_MS,
  isName,
  keyOf,
  MAX_LEASE_MS,
  MIN_LEASE_MS,
  readRecord,
} from './lease-record.ts';
import { Lease } from './lease.ts';
import type { LogStore } from './log-store.ts';
import { lockSchema, MAX_VALUE_BYTES, type LockMessage, type WriteMessage } from './messages.ts';
import { Resource, type Shelf } from './resource.ts';
import { Sightings } from './sightings.ts';
import { refusal, type AcquireOutcome, type RefusalReason, type WriteOutcome } from './words.ts';
import { Writer } from './writer.ts';

/** Locks that this node has to do with: held, waited for, or seen in the log. */
export const MAX_LOCKS = 64;

/** Longer than the usual lease with all that is added to it: the lock of a dead holder is had. */
export const DEFAULT_WAIT_MS: Milliseconds = 10_000;
export const MAX_WAIT_MS: Milliseconds = 60_000;

export interface AcquireOptions {
  readonly leaseMs?: Milliseconds;
  readonly waitMs?: Milliseconds;
}

/** What this node knows of a lock. */
export interface LockState {
  readonly name: string;
  /** As the log showed it last to this node. */
  readonly holder: NodeId | null;
  readonly token: number;
  readonly leaseMs: Milliseconds;
  readonly keeper: NodeId;
  /** The token that this node holds it with, by its own clock; null where it does not. */
  readonly held: number | null;
  readonly leftMs: Milliseconds;
}

/**
 * Locks with a lease, granted by a log, and the resources that they guard. The rules LOCK-1 to
 * LOCK-16 stand in README.md.
 */
export class Lock implements Protocol<LockMessage> {
  private readonly host: Host<LockMessage>;
  private readonly log: LogStore;
  private readonly resource: Resource;
  private readonly writer: Writer;
  private readonly acquisitions = new Map<string, Acquisition>();
  private readonly leases = new Map<string, Lease>();
  private readonly seen: Sightings;
  private reachable: () => readonly NodeId[];
  private isDeclaredDead: () => boolean = () => false;

  constructor(host: Host<LockMessage>, log: LogStore) {
    this.host = host;
    this.log = log;
    this.seen = new Sightings(MAX_LOCKS, () => host.monotonic());
    this.reachable = () => host.neighbours();
    this.resource = new Resource(host);
    this.writer = new Writer({
      incarnation: host.incarnation,
      after: (delayMs, callback) => host.after(delayMs, callback),
      send: (to, message) => this.send(to, message),
      reaches: (id) => id === host.self || this.reachable().includes(id),
    });
  }

  start(): void {
    this.resource.start();
  }

  stop(): void {}

  /** Who can be written to beside this node; unless it is said, the neighbours. */
  reachBy(reachable: () => readonly NodeId[]): void {
    this.reachable = reachable;
  }

  /** While this says so the node takes no lock and writes nothing. */
  judgeBy(isDeclaredDead: () => boolean): void {
    this.isDeclaredDead = isDeclaredDead;
  }

  /** It has just come to be so: what the node holds it gives up. */
  declaredDead(): void {
    for (const acquisition of [...this.acquisitions.values()])
      acquisition.end(refusal('declared-dead'));
    for (const lease of [...this.leases.values()]) lease.lose('declared-dead');
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  acquire(
    name: string,
    { leaseMs = DEFAULT_LEASE_MS, waitMs = DEFAULT_WAIT_MS }: AcquireOptions,
    onEnd: (outcome: AcquireOutcome) => void,
  ): void {
    const fault = this.faultOf(name, leaseMs, waitMs);
    if (fault !== null) return this.soon(() => onEnd(refusal(fault)));
    const { host, log } = this;
    const acquisition = new Acquisition({
      ...{ host, name, leaseMs, waitMs, log },
      chooseKeeper: () => [...this.reachable()].sort()[0] ?? host.self,
      sightings: this.seen,
      onEnd: (end) => {
        this.acquisitions.delete(name);
        onEnd('record' in end ? { ok: true, token: this.hold(name, end) } : end);
      },
    });
    this.acquisitions.set(name, acquisition);
    acquisition.start();
  }

  /**
   * Writes to what the lock guards. The token goes along whatever this node believes of its lease:
   * between a look at the clock and the arrival of a write any pause fits. The resource decides.
   */
  write(name: string, token: number, value: Json, onEnd: (outcome: WriteOutcome) => void): void {
    const fault = this.writeFaultOf(name, token, value);
    if (fault !== null) return this.soon(() => onEnd(refusal(fault)));
    this.withKeeper(name, onEnd, (keeper) =>
      this.writer.write({ name, token, value, keeper, onEnd }),
    );
  }

  release(name: string, token: number, onEnd: OnEnd): void {
    const lease = this.leases.get(name);
    if (lease === undefined || lease.token !== token || !lease.isHeld)
      return this.soon(() => onEnd(refusal('not-held')));
    lease.giveBack(onEnd);
  }

  /** Null where this node knows nothing of it. */
  state(name: string): LockState | null {
    const record = this.seen.newest(name);
    if (record === undefined) return null;
    const { holder, token, leaseMs, keeper } = record;
    const lease = this.leases.get(name);
    const held = lease?.isHeld === true ? lease.token : null;
    const leftMs = lease?.leftMs ?? 0;
    return { name, holder, token, leaseMs, keeper, held, leftMs };
  }

  /** What this node keeps for whoever holds the lock; null where it keeps nothing. */
  kept(name: string): Shelf | null {
    return this.resource.at(name);
  }

  /** Of all that it knows of. */
  states(): readonly LockState[] {
    return this.seen.names().map((name) => this.state(name)!);
  }

  receive(from: NodeId, message: LockMessage): void {
    if (message.type !== 'write') return this.writer.answered(from, message);
    const answer = this.resource.write(from, message);
    if (answer !== null) this.host.send(from, answer);
  }

  resumed(): void {
    for (const lease of [...this.leases.values()]) lease.resumed();
  }

  inspect(): Json {
    return this.states().map(({ name, holder, token, held, keeper }) => ({
      ...{ name, holder, token, held, keeper },
    }));
  }

  private faultOf(name: string, leaseMs: number, waitMs: number): RefusalReason | null {
    if (!isName(name)) return 'bad-name';
    const fits = leaseMs >= MIN_LEASE_MS && leaseMs <= MAX_LEASE_MS && waitMs >= 0;
    if (!fits || !(waitMs <= MAX_WAIT_MS)) return 'bad-lease';
    if (this.isDeclaredDead()) return 'declared-dead';
    if (this.acquisitions.has(name) || this.leases.has(name)) return 'yours';
    return this.acquisitions.size + this.leases.size >= MAX_LOCKS ? 'busy' : null;
  }

  private writeFaultOf(name: string, token: number, value: Json): RefusalReason | null {
    if (!isName(name)) return 'bad-name';
    if (!Number.isSafeInteger(token) || token < 1) return 'bad-token';
    if (!isJson(value) || encodedBytes(value) > MAX_VALUE_BYTES) return 'bad-value';
    return this.isDeclaredDead() ? 'declared-dead' : null;
  }

  private hold(name: string, gained: Gained): number {
    const { host, log } = this;
    const lease = new Lease(
      {
        ...{ host, name, log },
        onSeen: (record) => this.seen.see(name, record),
        onOver: () => this.leases.delete(name),
      },
      gained,
    );
    this.leases.set(name, lease);
    lease.start();
    return lease.token;
  }

  private withKeeper(
    name: string,
    onEnd: (outcome: WriteOutcome) => void,
    then: (keeper: NodeId) => void,
  ): void {
    const known = this.seen.newest(name);
    if (known !== undefined) return this.soon(() => then(known.keeper));
    this.log.get(keyOf(name), (outcome) => {
      if (!('ok' in outcome)) return onEnd(refusal('unreachable'));
      if (!outcome.ok) return onEnd(outcome);
      const record = readRecord(outcome.value);
      if (record === undefined) return onEnd(refusal('bad-record'));
      if (record === null) return onEnd(refusal('never-held'));
      this.seen.see(name, record);
      then(record.keeper);
    });
  }

  /** This node's own write is answered as that of any other: once its disk has it. */
  private send(to: NodeId, message: WriteMessage): void {
    const { self, store } = this.host;
    if (to !== self) return this.host.send(to, message);
    this.soon(() => {
      const answer = this.resource.write(self, message);
      if (answer !== null) store.whenDurable(() => this.writer.answered(self, answer));
    });
  }

  private soon(callback: () => void): void {
    this.host.after(0, callback);
  }
}

/** @param log what grants the leases */
export function lockOver(log: LogStore): ProtocolDefinition<LockMessage, Lock> {
  return {
    name: 'lock',
    version: 1,
    schema: lockSchema,
    lane: 'stream',
    create: (host) => new Lock(host, log),
  };
}
