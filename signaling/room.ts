import { MAX_OBSERVERS } from '../src/wire/signaling-limits.ts';
import type { RefusalCode } from '../src/wire/refusals.ts';
import type {
  Enter,
  Member,
  Present,
  RoomInfo,
  Settings,
  Signal,
} from '../src/wire/signaling-messages.ts';
import type { Milliseconds, NodeId, RoomCode } from '../src/vocabulary.ts';
import { belongsToAttempt, forgetAttempts } from './attempts.ts';
import type { Limits } from './limits.ts';
import type { RoomRecord } from './room-record.ts';
import { makeSeat, type Seat } from './seat.ts';

/** Who asks to come in. The secret comes hashed and the key judged, so that the room keeps neither. */
export interface Claim extends Pick<Enter, 'id' | 'incarnation' | 'name' | 'role' | 'plugged'> {
  readonly secretHash: string;
  readonly key: 'none' | 'right' | 'wrong';
}

export type Admitted<Session> =
  | {
      readonly ok: true;
      readonly seat: Seat<Session>;
      /** The session that held the seat until now. */
      readonly superseded: Session | undefined;
      /** A page that was away and made way for this one. */
      readonly displaced: NodeId | undefined;
      /** True if the record has changed and must be durable before the tab hears of it. */
      readonly unsaved: boolean;
    }
  | { readonly ok: false; readonly refusal: RefusalCode };

/**
 * One class: who is in it, who may come in, and who may talk to whom. Pure: time comes in, and
 * sessions are opaque. See README.md for the rules.
 */
export class Room<Session> {
  readonly code: RoomCode;
  readonly key: string;
  readonly house: boolean;
  readonly createdAt: Milliseconds;
  #limits: Limits;
  #name: string;
  #locked: boolean;
  #capacity: number;
  #ended: boolean;
  #lastUsedAt: Milliseconds;
  #removed: Set<NodeId>;
  #known: Map<NodeId, string>;
  #seats = new Map<NodeId, Seat<Session>>();

  /** Seats of the record are held for their tabs, as if all of them had gone away just `now`. */
  constructor(record: RoomRecord, limits: Limits, now: Milliseconds) {
    this.code = record.code;
    this.key = record.key;
    this.house = record.house;
    this.createdAt = record.createdAt;
    this.#limits = limits;
    this.#name = record.name;
    this.#locked = record.locked;
    this.#capacity = record.capacity;
    this.#ended = record.ended;
    this.#lastUsedAt = record.lastUsedAt;
    this.#removed = new Set(record.removed);
    this.#known = new Map(record.known.map(({ id, secretHash }) => [id, secretHash]));
    for (const { id, secretHash, seatedAs } of record.known)
      if (seatedAs) this.#seats.set(id, makeSeat(id, secretHash, seatedAs, now));
  }

  get ended(): boolean {
    return this.#ended;
  }

  get lastUsedAt(): Milliseconds {
    return this.#lastUsedAt;
  }

  get full(): boolean {
    return this.count('node') >= this.#capacity;
  }

  info(): RoomInfo {
    return { code: this.code, name: this.#name, locked: this.#locked, capacity: this.#capacity };
  }

  members(): Member[] {
    return [...this.#seats.values()].flatMap(({ member }) => member ?? []);
  }

  sessions(): Session[] {
    return [...this.#seats.values()].flatMap(({ session }) => session ?? []);
  }

  /** Seats, whether their tabs are here, away or not yet back. */
  count(role: Member['role']): number {
    let count = 0;
    for (const seat of this.#seats.values()) if (seat.role === role) count++;
    return count;
  }

  countPresent(role: Member['role']): number {
    let count = 0;
    for (const seat of this.#seats.values()) if (seat.session && seat.role === role) count++;
    return count;
  }

  /** Nonces held for pairs of members. */
  countAttempts(): number {
    let count = 0;
    for (const seat of this.#seats.values()) count += seat.attempts.size;
    return count;
  }

  record(): RoomRecord {
    return {
      ...this.info(),
      key: this.key,
      ended: this.#ended,
      house: this.house,
      removed: [...this.#removed],
      known: [...this.#known].map(([id, secretHash]) => ({
        id,
        secretHash,
        seatedAs: this.#seats.get(id)?.role ?? null,
      })),
      createdAt: this.createdAt,
      lastUsedAt: this.#lastUsedAt,
    };
  }

  admit(claim: Claim, session: Session, now: Milliseconds): Admitted<Session> {
    const refusal = this.#objection(claim);
    if (refusal) return { ok: false, refusal };

    const displaced = this.#makeWay(claim);
    const held = this.#seats.get(claim.id);
    const seat = held ?? makeSeat(claim.id, claim.secretHash, claim.role, now);
    const superseded = seat.session === session ? undefined : seat.session;
    const { id, role } = claim;
    const unsaved =
      !held || held.role !== role || now - this.#lastUsedAt > this.#limits.noteUseEveryMs;
    seat.role = role;
    seat.session = session;
    this.#seats.set(id, seat);
    if (!held) this.#remember(seat);
    if (unsaved) this.#lastUsedAt = now;
    return { ok: true, seat, superseded, displaced, unsaved };
  }

  /** Shows an admitted tab to the others. Until then only its seat is taken. */
  welcome(seat: Seat<Session>, claim: Pick<Claim, 'name' | 'incarnation' | 'plugged'>): Member {
    const { name, incarnation, plugged } = claim;
    seat.member = { id: seat.id, name, role: seat.role, incarnation, plugged, present: true };
    return seat.member;
  }

  #objection(claim: Claim): RefusalCode | undefined {
    if (this.#ended) return 'room-ended';
    if (claim.key === 'wrong' || (claim.role === 'observer' && claim.key === 'none'))
      return 'wrong-key';
    if (this.#removed.has(claim.id)) return 'removed';
    const seat = this.#seats.get(claim.id);
    if (seat && seat.secretHash !== claim.secretHash) return 'id-taken';
    if (seat && seat.role === claim.role) return undefined;
    const wasLetIn = this.#known.get(claim.id) === claim.secretHash;
    if (this.#locked && !wasLetIn && claim.key !== 'right') return 'room-locked';
    if (claim.role === 'node') return this.full ? 'room-full' : undefined;
    return this.countPresent('observer') >= MAX_OBSERVERS ? 'too-many-observers' : undefined;
  }

  /** A teacher who opens the page again need not wait until the seats of closed ones are free. */
  #makeWay({ id, role }: Claim): NodeId | undefined {
    if (role !== 'observer' || this.#seats.get(id)?.role === 'observer') return undefined;
    if (this.count('observer') < MAX_OBSERVERS) return undefined;
    const away = [...this.#seats.values()].find((s) => s.role === 'observer' && !s.session);
    if (away) this.leave(away);
    return away?.id;
  }

  #remember(seat: Seat<Session>): void {
    this.#known.delete(seat.id);
    this.#known.set(seat.id, seat.secretHash);
    if (this.#known.size <= this.#limits.acquaintances) return;
    for (const id of this.#known.keys()) {
      if (this.#seats.has(id)) continue;
      this.#known.delete(id);
      return;
    }
  }

  /** @returns the member as it is now, or undefined if that is no news */
  describe(seat: Seat<Session>, change: Present): Member | undefined {
    const { member } = seat;
    if (!member) return undefined;
    const { name = member.name, plugged = member.plugged } = change;
    if (name === member.name && plugged === member.plugged) return undefined;
    seat.member = { ...member, name, plugged };
    return seat.member;
  }

  /** The socket is gone without a word. The seat is kept for the grace. */
  lose(seat: Seat<Session>, now: Milliseconds): Member | undefined {
    seat.session = undefined;
    seat.awaySince = now;
    forgetAttempts(seat, this.#seats.values());
    if (seat.member) seat.member = { ...seat.member, present: false };
    return seat.member;
  }

  /** The tab said that it goes: its seat is free at once. */
  leave(seat: Seat<Session>): void {
    this.#seats.delete(seat.id);
    forgetAttempts(seat, this.#seats.values());
  }

  /** @returns the seats whose grace has passed; they are free now */
  expire(now: Milliseconds): Seat<Session>[] {
    const gone: Seat<Session>[] = [];
    for (const seat of this.#seats.values())
      if (seat.session === undefined && now - seat.awaySince >= this.#limits.awayGraceMs)
        gone.push(seat);
    for (const seat of gone) this.leave(seat);
    return gone;
  }

  set(settings: Settings): void {
    this.#name = settings.name ?? this.#name;
    this.#locked = settings.locked ?? this.#locked;
    this.#capacity = settings.capacity ?? this.#capacity;
  }

  /** @returns the seat that was taken away, or undefined if nobody of that id is in the room */
  remove(id: NodeId): Seat<Session> | undefined {
    const seat = this.#seats.get(id);
    if (!seat) return undefined;
    this.leave(seat);
    this.#known.delete(id);
    this.#removed.add(id);
    if (this.#removed.size > this.#limits.removals)
      this.#removed.delete(this.#removed.values().next().value!);
    return seat;
  }

  /** For good. @returns the sessions that were in the room */
  end(): Session[] {
    const sessions = this.sessions();
    this.#ended = true;
    this.#seats.clear();
    this.#known.clear();
    this.#removed.clear();
    return sessions;
  }

  /** Where a signal goes, or why not. */
  route(
    from: Seat<Session>,
    to: NodeId,
    nonce: string,
    type: Signal['type'],
  ): Session | 'unknown-node' | 'stale-nonce' {
    const seat = this.#seats.get(to);
    if (!seat?.session || seat === from) return 'unknown-node';
    return belongsToAttempt(from, seat, nonce, type) ? seat.session : 'stale-nonce';
  }
}
