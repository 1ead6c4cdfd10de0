import { UNTOUCHED } from '../src/network/network-document.ts';
import { MAX_ONLOOKERS, MAX_TEACHERS } from '../src/wire/signaling-limits.ts';
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
import { RoomNetwork } from './room-network.ts';
import type { RoomRecord } from './room-record.ts';
import { makeSeat, type Post, type Seat } from './seat.ts';

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

/** Each kind of observer has seats of its own: a class that looks on never locks its teacher out. */
const MOST = { observer: MAX_TEACHERS, onlooker: MAX_ONLOOKERS } as const;

function postOf({ role, key }: Pick<Claim, 'role' | 'key'>): Post {
  if (role === 'node') return 'node';
  return key === 'right' ? 'observer' : 'onlooker';
}

/**
 * One class: who is in it, who may come in, and who may talk to whom. Pure: time comes in, and
 * sessions are opaque. See README.md for the rules.
 */
export class Room<Session> {
  readonly code: RoomCode;
  readonly key: string;
  readonly house: boolean;
  readonly createdAt: Milliseconds;
  #network: RoomNetwork;
  #limits: Limits;
  #name: string;
  #locked: boolean;
  #capacity: number;
  #godView: boolean;
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
    this.#godView = record.godView;
    this.#network = new RoomNetwork(record.network);
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

  get network(): RoomNetwork {
    return this.#network;
  }

  get lastUsedAt(): Milliseconds {
    return this.#lastUsedAt;
  }

  get full(): boolean {
    return this.count('node') >= this.#capacity;
  }

  info(): RoomInfo {
    return {
      code: this.code,
      name: this.#name,
      locked: this.#locked,
      capacity: this.#capacity,
      godView: this.#godView,
    };
  }

  members(): Member[] {
    return [...this.#seats.values()].flatMap(({ member }) => member ?? []);
  }

  sessions(): Session[] {
    return [...this.#seats.values()].flatMap(({ session }) => session ?? []);
  }

  /** Seats, whether their tabs are here, away or not yet back. */
  count(post: Post): number {
    let count = 0;
    for (const seat of this.#seats.values()) if (seat.post === post) count++;
    return count;
  }

  countPresent(...posts: readonly Post[]): number {
    let count = 0;
    for (const seat of this.#seats.values()) if (seat.session && posts.includes(seat.post)) count++;
    return count;
  }

  /** The nodes that have a seat, with the names that they gave. One that is not back yet has its id. */
  nodes(): ReadonlyMap<NodeId, string> {
    const nodes = new Map<NodeId, string>();
    for (const { id, post, member } of this.#seats.values())
      if (post === 'node') nodes.set(id, member?.name ?? id);
    return nodes;
  }

  /** The tab of a node, if it is here. */
  sessionOf(node: NodeId): Session | undefined {
    const seat = this.#seats.get(node);
    return seat?.post === 'node' ? seat.session : undefined;
  }

  /** Whose seat it is that the claim has the secret of, if that one is here. */
  holder({ id, secretHash }: Pick<Claim, 'id' | 'secretHash'>): Session | undefined {
    const seat = this.#seats.get(id);
    return seat?.secretHash === secretHash ? seat.session : undefined;
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
        seatedAs: this.#seats.get(id)?.post ?? null,
      })),
      network: this.#network.newest,
      createdAt: this.createdAt,
      lastUsedAt: this.#lastUsedAt,
    };
  }

  admit(claim: Claim, session: Session, now: Milliseconds): Admitted<Session> {
    const refusal = this.#objection(claim);
    if (refusal) return { ok: false, refusal };

    const displaced = this.#makeWay(claim);
    const held = this.#seats.get(claim.id);
    const { id } = claim;
    const post = postOf(claim);
    const seat = held ?? makeSeat(id, claim.secretHash, post, now);
    const superseded = seat.session === session ? undefined : seat.session;
    const unsaved =
      !held || held.post !== post || now - this.#lastUsedAt > this.#limits.noteUseEveryMs;
    seat.post = post;
    seat.session = session;
    this.#seats.set(id, seat);
    if (!held) this.#remember(seat);
    if (unsaved) this.#lastUsedAt = now;
    return { ok: true, seat, superseded, displaced, unsaved };
  }

  /** Shows an admitted tab to the others. Until then only its seat is taken. */
  welcome(
    seat: Seat<Session>,
    claim: Pick<Claim, 'name' | 'role' | 'incarnation' | 'plugged'>,
  ): Member {
    const { name, role, incarnation, plugged } = claim;
    seat.member = { id: seat.id, name, role, incarnation, plugged, present: true };
    return seat.member;
  }

  #objection(claim: Claim): RefusalCode | undefined {
    if (this.#ended) return 'room-ended';
    const post = postOf(claim);
    if (claim.key === 'wrong') return 'wrong-key';
    if (post === 'onlooker' && !this.#godView) return 'god-view-off';
    if (this.#removed.has(claim.id)) return 'removed';
    const seat = this.#seats.get(claim.id);
    if (seat && seat.secretHash !== claim.secretHash) return 'id-taken';
    if (seat?.post === post) return undefined;
    const wasLetIn = this.#known.get(claim.id) === claim.secretHash;
    if (this.#locked && !wasLetIn && claim.key !== 'right') return 'room-locked';
    if (post === 'node') return this.full ? 'room-full' : undefined;
    return this.countPresent(post) >= MOST[post] ? 'too-many-observers' : undefined;
  }

  /** Whoever opens the page again need not wait until the seats of closed ones are free. */
  #makeWay(claim: Claim): NodeId | undefined {
    const post = postOf(claim);
    if (post === 'node' || this.#seats.get(claim.id)?.post === post) return undefined;
    if (this.count(post) < MOST[post]) return undefined;
    const away = [...this.#seats.values()].find((seat) => seat.post === post && !seat.session);
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
    this.#godView = settings.godView ?? this.#godView;
  }

  /** @returns the seats taken from those who may not look from above any longer */
  dismissOnlookers(): Seat<Session>[] {
    if (this.#godView) return [];
    const onlookers = [...this.#seats.values()].filter(({ post }) => post === 'onlooker');
    for (const seat of onlookers) this.leave(seat);
    return onlookers;
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
    this.#network = new RoomNetwork(UNTOUCHED);
    return sessions;
  }

  /** Where a signal goes, or why not. */
  route(
    from: Seat<Session>,
    to: NodeId,
    nonce: string,
    type: Signal['type'],
  ): Session | 'unknown-node' | 'link-cut' | 'stale-nonce' {
    const seat = this.#seats.get(to);
    if (!seat?.session || seat === from) return 'unknown-node';
    if (this.#network.isCut(from.id, to)) return 'link-cut';
    return belongsToAttempt(from, seat, nonce, type) ? seat.session : 'stale-nonce';
  }
}
