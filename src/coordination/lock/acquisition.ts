import type { Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import { UNKNOWN, type Outcome } from '../outcome.ts';
import { keyOf, readRecord, toJson, type LeaseRecord } from './lease-record.ts';
import type { LogStore } from './log-store.ts';
import type { Sightings } from './sightings.ts';
import { heldBy, refusal, type AcquireOutcome } from './words.ts';

/**
 * So much longer than the lease does a node watch before it takes a lock away: two clocks that both
 * run wrong by up to 5 %, one fast and one slow, still agree on who was first.
 */
export const PATIENCE = 1.125;

/** How often the log is asked while somebody else holds: a few times in a lease, and not too often. */
const LOOKS_A_LEASE = 4;
const MAX_LOOK_MS: Milliseconds = 1_000;

/** The store is asked again after so long where it could not answer. */
const PAUSE_MS: Milliseconds = 200;

/** What was gained, and when it was asked for: the lease is counted from there. */
export interface Gained {
  readonly record: LeaseRecord;
  readonly sentAt: Milliseconds;
}

export interface AcquisitionOptions {
  readonly host: Pick<Host<never>, 'self' | 'monotonic' | 'after' | 'record'>;
  readonly name: string;
  readonly leaseMs: Milliseconds;
  readonly waitMs: Milliseconds;
  readonly log: LogStore;
  /** Who is to keep what the lock guards, where nobody has held it before. */
  readonly chooseKeeper: () => NodeId;
  /** Told of whatever the log shows. */
  readonly sightings: Sightings;
  readonly onEnd: (end: Gained | Exclude<AcquireOutcome, { readonly ok: true }>) => void;
}

/** One node's way to a lock: it reads, and takes what is free; it watches, and takes what has run out. */
export class Acquisition {
  private readonly options: AcquisitionOptions;
  private readonly startedAt: Milliseconds;
  private hasEnded = false;
  /** The token that another holds it with, as it was noted last. */
  private waitsFor: number | null = null;

  constructor(options: AcquisitionOptions) {
    this.options = options;
    this.startedAt = options.host.monotonic();
  }

  start(): void {
    this.read();
  }

  /** It ends so, whatever is under way. */
  end(end: Parameters<AcquisitionOptions['onEnd']>[0]): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.options.onEnd(end);
  }

  private get isLate(): boolean {
    const { host, waitMs } = this.options;
    return host.monotonic() - this.startedAt >= waitMs;
  }

  private read(): void {
    const { log, name } = this.options;
    log.get(keyOf(name), (outcome) => {
      if (this.hasEnded) return;
      if (!('ok' in outcome) || !outcome.ok) return this.retry(outcome);
      const record = readRecord(outcome.value);
      if (record === undefined) this.end(refusal('bad-record'));
      else this.look(record);
    });
  }

  private look(record: LeaseRecord | null): void {
    const { host, name, sightings } = this.options;
    if (record !== null) sightings.see(name, record);
    // What its own earlier life held, or an attempt that it was never told of, is nobody's.
    if (record === null || record.holder === null || record.holder === host.self)
      return this.take(record);
    this.noteWaiting(record);
    if (this.hasRunOut(record)) this.take(record);
    else if (this.isLate) this.end(heldBy(record) as Extract<AcquireOutcome, { ok: false }>);
    else host.after(Math.min(record.leaseMs / LOOKS_A_LEASE, MAX_LOOK_MS), () => this.readAgain());
  }

  private noteWaiting({ holder, token }: LeaseRecord): void {
    if (this.waitsFor === token) return;
    this.waitsFor = token;
    const { host, name } = this.options;
    host.record('waits', { name, holder, token });
  }

  private hasRunOut(record: LeaseRecord): boolean {
    const { name, sightings } = this.options;
    return sightings.unchangedMs(name, record) > record.leaseMs * PATIENCE;
  }

  private take(from: LeaseRecord | null): void {
    const { host, log, name, leaseMs, chooseKeeper, sightings } = this.options;
    const keeper = from?.keeper ?? chooseKeeper();
    const record = { holder: host.self, token: this.nextToken(from), beat: 1, leaseMs, keeper };
    const sentAt = host.monotonic();
    log.cas(keyOf(name), toJson(from), toJson(record), (outcome) => {
      if (this.hasEnded) return;
      if (!('ok' in outcome)) return this.isLate ? this.end(UNKNOWN as { unknown: true }) : this.read(); // prettier-ignore
      if (!outcome.ok) return outcome.reason === 'no-match' ? this.read() : this.retry(outcome);
      sightings.see(name, record);
      if (host.monotonic() < sentAt + leaseMs) this.end({ record, sentAt });
      else if (this.isLate) this.end(refusal('too-slow'));
      else this.read();
    });
  }

  /** The store could not say, and nothing has come of it. */
  private retry(outcome: Outcome): void {
    const refused = 'ok' in outcome && !outcome.ok ? outcome : refusal('too-slow');
    if (this.isLate) this.end(refused);
    else this.options.host.after(PAUSE_MS, () => this.readAgain());
  }

  private readAgain(): void {
    if (!this.hasEnded) this.read();
  }

  /** LOCK-1: tokens only rise. */
  protected nextToken(from: LeaseRecord | null): number {
    return (from?.token ?? 0) + 1;
  }
}
