import * as v from 'valibot';
import type { Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Claim } from './claims.ts';

/** Who has beaten within this time is heard: several beats at the slowest pace. */
const HEARD_MS: Milliseconds = 3_000;

/** A word against it is contradicted within a round trip, if anybody hears the contradiction. */
const CONTRADICTED_MS: Milliseconds = 2_000;

const CHECK_MS: Milliseconds = 250;

interface Word {
  readonly dead: boolean;
  readonly at: Milliseconds;
}

/**
 * The truth is what the majority says. A node that everybody else holds for dead may feel well: its
 * words are lost on the way, and those of the others come through. It hears that it is accused, time
 * and again, and must believe it: the rules TRUTH-1 to TRUTH-4 stand in README.md. It says nothing to anybody.
 */
export class Truth implements Protocol<never> {
  private readonly host: Host<never>;
  private readonly words = new Map<NodeId, Word>();
  private readonly listeners = new Set<(isDead: boolean) => void>();
  /** Since when a majority has held it for dead; null while none does. */
  private accusedAt: Milliseconds | null = null;
  private isDead = false;

  constructor(host: Host<never>) {
    this.host = host;
  }

  /** Whether this node has found out that it counts as dead. */
  get declaredDead(): boolean {
    return this.isDead;
  }

  start(): void {
    this.checkSoon();
  }

  stop(): void {}

  receive(): void {}

  /** It did not run: what it is accused of it could not contradict. */
  resumed(): void {
    this.accusedAt = null;
  }

  /** A neighbour's beat, and what it claims with it. */
  heardOf(from: NodeId, claims: readonly Claim[]): void {
    const { self, incarnation } = this.host;
    const claim = claims.find(({ id }) => id === self);
    const dead = claim?.state === 'dead' && claim.life === incarnation;
    this.words.set(from, { dead, at: this.host.monotonic() });
  }

  /** `listener` hears when the verdict changes. */
  onChange(listener: (isDead: boolean) => void): void {
    this.listeners.add(listener);
  }

  inspect(): Json {
    return { declaredDead: this.isDead, heard: this.words.size };
  }

  private checkSoon(): void {
    this.host.after(CHECK_MS, () => {
      this.check();
      this.checkSoon();
    });
  }

  private check(): void {
    const now = this.host.monotonic();
    for (const [id, { at }] of this.words) if (now - at > HEARD_MS) this.words.delete(id);
    // Who hears nobody hears no other verdict either.
    if (this.words.size === 0) return;
    const accusers = [...this.words.values()].filter(({ dead }) => dead).length;
    const isAccused = 2 * accusers > this.words.size;
    this.accusedAt = isAccused ? (this.accusedAt ?? now) : null;
    const isDead = isAccused && (this.isDead || now - this.accusedAt! >= CONTRADICTED_MS);
    if (isDead === this.isDead) return;
    this.isDead = isDead;
    this.host.record(isDead ? 'declared-dead' : 'declared-alive', {
      by: accusers,
      of: this.words.size,
    });
    for (const listener of this.listeners) listener(isDead);
  }
}

export const truth: ProtocolDefinition<never, Truth> = {
  name: 'truth',
  version: 1,
  schema: v.custom<never>(() => false, 'says nothing'),
  lane: 'datagram',
  create: (host) => new Truth(host),
};
