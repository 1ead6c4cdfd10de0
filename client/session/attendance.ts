import type { Report } from '../../src/wire/link-messages.ts';
import type { RefusalCode } from '../../src/wire/refusals.ts';
import type { ActAnswer, Admission } from '../../src/network/control-plane.ts';
import { UNTOUCHED, type NetworkDocument } from '../../src/network/network-document.ts';
import type { NodeAct } from '../../src/network/node-condition.ts';
import type { Member, Refusal, RoomInfo, Signal } from '../../src/wire/signaling-messages.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';
import { webRtcSupported } from '../platform/connection.ts';
import { iceServersFor } from '../platform/ice.ts';
import { IdentityHolder, type IdentityKind } from '../platform/identity.ts';
import { Mesh } from '../platform/mesh.ts';
import type { TelemetryListener } from '../platform/mesh-talk.ts';
import { SignalingClient, type SignalingListener } from '../platform/signaling-client.ts';
import { TabTimers } from '../platform/timers.ts';
import type { Phase, ServerView } from './snapshots.ts';

/** The server asked for patience: soon enough not to be noticed, late enough to have helped. */
const PATIENCE_MS: Milliseconds = 1_000;

/** Refusals after which this tab must not try again by itself or on request. */
const FINAL: ReadonlySet<RefusalCode> = new Set([
  'removed',
  'superseded',
  'room-ended',
  'god-view-off',
]);

export interface AttendanceOptions {
  readonly room: RoomCode;
  readonly kind: IdentityKind;
  /** The teacher's key; observers need it. */
  readonly key?: string;
  /** The name to enter under, once the identity is known. */
  readonly name: (holder: IdentityHolder) => string;
  /** Something that a page shows has changed. */
  readonly changed: () => void;
  /** The tab knows who it is and has a mesh; it is not in the room yet. */
  readonly ready: (mesh: Mesh, holder: IdentityHolder) => void;
  /** The server let this tab in, for the first time or again. */
  readonly admitted?: () => void;
  readonly reported?: (from: NodeId, report: Report) => void;
  /** What is laid upon the network from now on; each document is newer than the one before. */
  readonly network?: (document: NetworkDocument) => void;
  /** Does at once what the teacher tells this node to do; answers null, or the sentence why not. */
  readonly act?: (act: NodeAct) => string | null | Promise<string | null>;
  readonly telemetry?: TelemetryListener;
  /** The server has seen that node's connection to it break. */
  readonly lostSight?: (id: NodeId) => void;
  /** The page is going away; what is said now may still arrive. */
  readonly leaving?: () => void;
}

/**
 * A tab's presence in a room: claims an identity, enters, enters again whenever the server returns,
 * and keeps the mesh informed. Students' and teachers' pages differ in what they build on it.
 */
export class Attendance implements SignalingListener {
  readonly timers = new TabTimers();
  readonly signaling = new SignalingClient(this);
  phase: Phase = { at: 'entering' };
  server: ServerView = 'connecting';
  roomInfo: RoomInfo | null = null;
  admission: Admission | null = null;
  /** The newest that this tab has heard of. */
  document: NetworkDocument = UNTOUCHED;

  #options: AttendanceOptions;
  #holder: IdentityHolder | null = null;
  #mesh: Mesh | null = null;
  #self: Member | null = null;
  #retry: Cancel | null = null;
  #stopped = false;

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  get mesh(): Mesh | null {
    return this.#mesh;
  }

  /** This tab as others see it; null until it knows who it is. */
  get self(): Member | null {
    return this.#self;
  }

  start(): void {
    if (!webRtcSupported()) return this.#at({ at: 'no-webrtc' });
    this.timers.start();
    this.signaling.start();
    addEventListener('pagehide', this.#onPageHide);
    addEventListener('pageshow', this.#onPageShow);
    void this.#identify();
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener('pagehide', this.#onPageHide);
    removeEventListener('pageshow', this.#onPageShow);
    this.#retry?.();
    this.#mesh?.stop();
    this.signaling.leave();
    this.#holder?.release();
    this.timers.stop();
  }

  /** Says something new of this tab, to peers at once and to the server when it is there. */
  present(change: { name?: string; plugged?: boolean }): void {
    if (!this.#self || !this.#mesh) return;
    this.#self = { ...this.#self, ...change };
    this.#mesh.setSelf(this.#self);
    if (this.signaling.connected) void this.signaling.present(change);
    this.#options.changed();
  }

  /** This tab's node begins its next life: others hear of it as they do after a reload. */
  renew(): void {
    if (!this.#self || !this.#mesh || !this.#holder) return;
    this.#holder.renew();
    const { incarnation } = this.#holder.identity;
    this.#self = { ...this.#self, incarnation };
    this.#mesh.revive(this.#self);
    void this.enter();
    this.#options.changed();
  }

  async enter(): Promise<void> {
    const self = this.#self;
    const holder = this.#holder;
    if (!self || !holder || this.server !== 'connected' || this.phase.at === 'out') return;
    const { room, key } = this.#options;
    const { id, incarnation, name, role, plugged } = self;
    const { secret } = holder.identity;
    const answer = await this.signaling.enter({
      room,
      id,
      secret,
      incarnation,
      name,
      role,
      plugged,
      ...(key === undefined ? {} : { key }),
    });
    if (this.#stopped) return;
    if (answer.ok) this.#admit(answer);
    else this.refused(answer.refusal);
  }

  // --- what the server says ---

  connected(): void {
    this.server = 'connected';
    void this.enter();
    this.#options.changed();
  }

  disconnected(): void {
    this.server = 'gone';
    this.#options.changed();
  }

  member(member: Member): void {
    const before = this.#mesh?.member(member.id);
    this.#mesh?.takeMember(member);
    const goneInThisLife = before?.present === true && before.incarnation === member.incarnation;
    if (goneInThisLife && !member.present) this.#options.lostSight?.(member.id);
  }

  gone(id: NodeId): void {
    this.#mesh?.takeGone(id);
    this.#options.lostSight?.(id);
  }

  room(room: RoomInfo): void {
    this.roomInfo = room;
    this.#options.changed();
  }

  signal(from: NodeId, nonce: string, signal: Signal): void {
    this.#mesh?.takeSignal('server', from, nonce, signal);
  }

  /** It comes with every admission, and in the answer to a change as well. */
  network(document: NetworkDocument): void {
    if (document.version <= this.document.version) return;
    this.document = document;
    this.#options.network?.(document);
    this.#options.changed();
  }

  async act(act: NodeAct): Promise<ActAnswer> {
    const { act: obey } = this.#options;
    const message = obey ? await obey(act) : 'This tab takes no orders.';
    return message === null ? { ok: true } : { ok: false, message };
  }

  /** A single message that was refused changes nothing; a refused entry does. */
  refused(refusal: Refusal): void {
    if (this.signaling.connected) return;
    if (FINAL.has(refusal.code)) return this.out(refusal);
    if (refusal.code === 'id-taken') return this.startAnew();
    if (refusal.code === 'too-fast' || refusal.code === 'closing') {
      this.#retry?.();
      this.#retry = this.timers.after(PATIENCE_MS, () => void this.enter());
      return;
    }
    this.#at({ at: 'refused', ...refusal });
  }

  out(refusal: Refusal): void {
    this.#mesh?.stop();
    this.signaling.stop();
    this.#at({ at: 'out', ...refusal });
  }

  /** As a new node, in a fresh page: nothing of the old one can linger. */
  startAnew(): void {
    IdentityHolder.forget(this.#options.kind);
    location.reload();
  }

  // --- within ---

  async #identify(): Promise<void> {
    const holder = await IdentityHolder.claim(this.#options.kind, this.timers);
    if (this.#stopped) return holder.release();
    this.#holder = holder;
    const { id, incarnation } = holder.identity;
    const name = this.#options.name(holder);
    const role = this.#options.kind;
    this.#self = { id, incarnation, name, role, plugged: true, present: true };
    this.#mesh = new Mesh({
      self: this.#self,
      room: this.#options.room,
      timers: this.timers,
      post: this.signaling,
      changed: this.#options.changed,
      ...(this.#options.reported ? { reported: this.#options.reported } : {}),
      ...(this.#options.telemetry ? { telemetry: this.#options.telemetry } : {}),
    });
    this.#options.ready(this.#mesh, holder);
    void this.enter();
    this.#options.changed();
  }

  #admit(admission: Admission): void {
    this.admission = admission;
    this.roomInfo = admission.room;
    this.#mesh?.setIceServers(iceServersFor(admission.ice));
    this.network(admission.network);
    this.#mesh?.takeRoster(admission.members);
    this.#at({ at: 'inside' });
    this.#options.admitted?.();
  }

  #at(phase: Phase): void {
    this.phase = phase;
    this.#options.changed();
  }

  #onPageHide = (): void => {
    this.#options.leaving?.();
    this.#mesh?.abandon();
    this.signaling.leave();
  };

  /** Restored from the back-forward cache with all its connections gone: a new life begins. */
  #onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };
}
