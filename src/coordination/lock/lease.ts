import type { Cancel, Host } from '../../runtime/host.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import { UNKNOWN, type OnEnd, type Outcome } from '../outcome.ts';
import type { Gained } from './acquisition.ts';
import { keyOf, readRecord, toJson, type LeaseRecord } from './lease-record.ts';
import type { LogStore } from './log-store.ts';
import { refusal } from './words.ts';

/** One renewal may be lost, and the next is still in time. */
const RENEWALS_A_LEASE = 3;

/** So long after one that has not come through, as a part of the lease. */
const RETRIES_A_LEASE = 10;

/** A release is tried so often: each try lasts for as long as the store takes. */
const MAX_RELEASE_TRIES = 3;

export type WhyLost = 'expired' | 'taken' | 'declared-dead';

export interface LeaseOptions {
  readonly host: Pick<Host<never>, 'self' | 'monotonic' | 'after' | 'record'>;
  readonly name: string;
  readonly log: LogStore;
  readonly onSeen: (record: LeaseRecord) => void;
  /** It is over, whoever has ended it. */
  readonly onOver: () => void;
}

/**
 * A lock as its holder has it. The holder believes in it until the lease is over, counted on its own
 * monotonic clock from the moment at which it sent the last renewal that came through: that is
 * before anybody could see the renewal, so whoever watches waits for longer.
 */
export class Lease {
  protected readonly options: LeaseOptions;
  private current: LeaseRecord;
  private until: Milliseconds;
  private isOver = false;
  private release: OnEnd | null = null;
  /** When each beat that may have come through was sent. Emptied by each that did. */
  private readonly sent = new Map<number, Milliseconds>();
  private lastBeat: number;
  private isAsking = false;
  private readonly cancels: { renew: Cancel; end: Cancel } = { renew: () => {}, end: () => {} };

  constructor(options: LeaseOptions, { record, sentAt }: Gained) {
    this.options = options;
    this.current = record;
    this.lastBeat = record.beat;
    this.until = sentAt + record.leaseMs;
  }

  get token(): number {
    return this.current.token;
  }

  get isHeld(): boolean {
    return !this.isOver && this.now() < this.until;
  }

  /** By its own clock; zero when it is over. */
  get leftMs(): Milliseconds {
    return this.isHeld ? this.until - this.now() : 0;
  }

  start(): void {
    const { name } = this.options;
    const { token, leaseMs } = this.current;
    this.options.host.record('held', { name, token, leaseMs });
    this.renewIn(leaseMs / RENEWALS_A_LEASE);
    this.watchTheEnd();
  }

  /** This node did not run for a while: the first thing it does is look at its clock. */
  resumed(): void {
    if (!this.isOver && !this.isHeld) this.lose('expired');
  }

  lose(why: WhyLost): void {
    if (this.isOver) return;
    const { name } = this.options;
    this.options.host.record('lost', { name, token: this.token, why });
    this.finish();
  }

  /** The holder believes in it no longer, from this call on. */
  giveBack(onEnd: OnEnd): void {
    this.finish();
    this.release = onEnd;
    if (!this.isAsking) this.freeIt(1);
  }

  protected now(): Milliseconds {
    return this.options.host.monotonic();
  }

  private finish(): void {
    this.isOver = true;
    this.cancels.renew();
    this.cancels.end();
    this.options.onOver();
  }

  private watchTheEnd(): void {
    this.cancels.end();
    this.cancels.end = this.options.host.after(Math.max(0, this.until - this.now()), () => {
      if (this.isHeld) this.watchTheEnd();
      else this.lose('expired');
    });
  }

  private renewIn(ms: Milliseconds): void {
    this.cancels.renew();
    this.cancels.renew = this.options.host.after(ms, () => this.renew());
  }

  private renew(): void {
    this.lastBeat += 1;
    const next = { ...this.current, beat: this.lastBeat };
    this.sent.set(next.beat, this.now());
    this.ask(
      (end) => this.options.log.cas(this.key, toJson(this.current), toJson(next), end),
      (outcome) => {
        if ('ok' in outcome && outcome.ok) this.renewed(next);
        else this.look();
      },
    );
  }

  /** A renewal may have come through and nobody has said so; or somebody has taken the lock. */
  private look(): void {
    this.ask(
      (end) => this.options.log.get(this.key, end),
      (outcome) => {
        const record = 'ok' in outcome && outcome.ok ? readRecord(outcome.value) : undefined;
        if (record === undefined) return this.retry();
        if (record !== null) this.options.onSeen(record);
        if (record === null || !this.isMine(record)) this.lose('taken');
        else if (this.sent.has(record.beat)) this.renewed(record);
        else this.retry();
      },
    );
  }

  private renewed(record: LeaseRecord): void {
    const { name } = this.options;
    this.current = record;
    this.options.onSeen(record);
    this.until = Math.max(this.until, this.sent.get(record.beat)! + record.leaseMs);
    this.sent.clear();
    this.options.host.record('renewed', { name, token: record.token, beat: record.beat });
    this.watchTheEnd();
    this.renewIn(record.leaseMs / RENEWALS_A_LEASE);
  }

  private retry(): void {
    this.renewIn(this.current.leaseMs / RETRIES_A_LEASE);
  }

  /** One question after the other; what comes after the end is for the release alone. */
  private ask(start: (end: OnEnd) => void, onEnd: OnEnd): void {
    this.isAsking = true;
    start((outcome) => {
      this.isAsking = false;
      if (this.release !== null) this.freeIt(1);
      else if (!this.isOver) onEnd(outcome);
    });
  }

  private freeIt(tried: number, mayHaveActed = false): void {
    const { log } = this.options;
    const again = (outcome: Outcome, acted: boolean) => {
      if (tried < MAX_RELEASE_TRIES) this.freeIt(tried + 1, acted);
      else this.release!(acted ? UNKNOWN : outcome);
    };
    log.get(this.key, (read) => {
      const record = 'ok' in read && read.ok ? readRecord(read.value) : undefined;
      if (record === undefined) return again(read, mayHaveActed);
      if (record?.token === this.token && record.holder === null) return this.freed(record);
      if (record === null || !this.isMine(record)) return this.release!(refusal('not-held'));
      const free = { ...record, holder: null };
      log.cas(this.key, toJson(record), toJson(free), (outcome) => {
        if ('ok' in outcome && outcome.ok) this.freed(free);
        else again(outcome, mayHaveActed || 'unknown' in outcome);
      });
    });
  }

  private freed(record: LeaseRecord): void {
    const { name, onSeen } = this.options;
    this.options.host.record('released', { name, token: record.token });
    onSeen(record);
    this.release!({ ok: true });
  }

  private isMine({ holder, token }: LeaseRecord): boolean {
    return holder === this.options.host.self && token === this.token;
  }

  private get key(): string {
    return keyOf(this.options.name);
  }
}
