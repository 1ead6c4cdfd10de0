import { decodeLinkMessage, encodeLinkMessage } from '../../src/wire/link-codec.ts';
import {
  LINK_VERSION,
  type ByeReason,
  type LinkMessage,
  type Path,
  type Rung,
} from '../../src/wire/link-messages.ts';
import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import { Chunker, Reassembler } from '../../src/wire/chunk.ts';
import {
  MAX_DATAGRAM_BYTES,
  MAX_FRAME_BYTES,
  type Lane,
  type SendOutcome,
} from '../../src/wire/lane.ts';
import type { Incarnation, Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { Timers } from './timers.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import type { Pacer } from './pacer.ts';
import { Connection, type CloseReason, type ConnectionLane } from './connection.ts';
import { nextPhase, type LinkEvent, type LinkPhase } from './link-machine.ts';
import { randomBytes, randomUnit } from './random.ts';

/** Signals travel through the server, or through a tab that both are linked to. */
export type Route = 'server' | NodeId;

/** What a link asks of the mesh that it belongs to. */
export interface LinkContext {
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly budget: ConnectionBudget;
  /** Calls take turns; answers do not, since the caller has waited already. */
  readonly calls: Pacer;
  selfMember(): Member;
  iceServers(): RTCIceServer[];
  /** A way to reach the other tab with signals now, or null. */
  route(to: NodeId): Route | null;
  post(route: Route, to: NodeId, nonce: string, signal: Signal): void;
}

export interface LinkListener {
  joined(link: Link, hello: Member): void;
  /** An open link has closed. */
  lost(link: Link, reason: LostReason): void;
  /** An attempt has failed, or an open link has closed. */
  failed(reason: LostReason): void;
  frame(link: Link, bytes: Uint8Array, lane: Lane): void;
  /** Everything but the hello. */
  management(link: Link, message: Exclude<LinkMessage, { type: 'hello' }>): void;
  changed(): void;
}

export type LostReason =
  CloseReason | 'timeout' | 'no-route' | 'no-budget' | 'garbage' | 'replaced' | 'unwanted';

/**
 * How long an attempt may go without a sign of progress. A whole attempt takes well under a second on
 * a LAN. It doubles with each failure: where two dozen tabs start on one old laptop, attempts fail
 * because the machine is slow, and giving up sooner would only add to its work.
 */
export const STEP_TIMEOUT_MS: Milliseconds = 10_000;
const LONGEST_STEP_TIMEOUT_MS: Milliseconds = 40_000;

/** The lower id calls by itself; this much later, something was lost. */
export const KNOCK_AFTER_MS: Milliseconds = 1_500;

const FIRST_REST_MS: Milliseconds = 300;
const LONGEST_REST_MS: Milliseconds = 8_000;

/** A bye needs a moment to leave before the connection closes under it. */
const BYE_FLUSH_MS: Milliseconds = 40;

/** What may arrive ahead of the other side's hello, since lanes overtake each other. */
const MAX_EARLY_BYTES = 256 * 1024;

/** Ten tabs may call again and again through several relays; older attempts than these are long over. */
const REMEMBERED_NONCES = 16;

/** One unreadable message may be a fault of ours; this many are somebody's. */
const MAX_GARBAGE = 8;

export class Link {
  readonly id: NodeId;
  /** Only the lower id calls. */
  readonly calls: boolean;
  phase: LinkPhase = 'idle';
  rung: Rung = 'waiting';
  path: Path | null = null;
  /** Attempts in a row that came to nothing. */
  failures = 0;
  lastLost: LostReason | null = null;
  /** The other's life that this link was joined with. */
  incarnation: Incarnation = 0;

  #context: LinkContext;
  #listener: LinkListener;
  #connection: Connection | null = null;
  #nonce = '';
  #seenNonces: string[] = [];
  #route: Route = 'server';
  #timer: Cancel | null = null;
  #leaveTurn: Cancel | null = null;
  #hello: Member | null = null;
  #lanesOpen = false;
  #early: { lane: ConnectionLane; bytes: Uint8Array }[] = [];
  #earlyBytes = 0;
  #garbage = 0;
  #chunker = new Chunker();
  #reassembler = new Reassembler();

  constructor(id: NodeId, context: LinkContext, listener: LinkListener) {
    this.id = id;
    this.calls = context.selfMember().id < id;
    this.#context = context;
    this.#listener = listener;
  }

  get open(): boolean {
    return this.phase === 'open';
  }

  want(): void {
    this.#step('want', 'unwanted');
  }

  /** Closes the link, after a bye if there is somebody to say it to. */
  unwant(bye: ByeReason | null): void {
    if (this.#connection && bye) {
      const leaving = this.#connection;
      leaving.sendManagement(encodeLinkMessage({ type: 'bye', reason: bye }));
      this.#context.timers.after(BYE_FLUSH_MS, () => leaving.close());
      this.#disown();
    }
    this.#step('unwant', 'unwanted');
  }

  /** The page is going away: there is no later in which to close. */
  abandon(): void {
    this.#connection?.sendManagement(encodeLinkMessage({ type: 'bye', reason: 'leaving' }));
    this.#connection?.close();
  }

  /** The other tab has begun a new life: whatever this link was, it was with the old one. */
  renew(): void {
    this.#step('unwant', 'replaced');
    this.failures = 0;
    this.#step('want', 'replaced');
  }

  /** @returns false if the signal was stale and changed nothing */
  signal(route: Route, nonce: string, signal: Signal): boolean {
    if (signal.type === 'knock') {
      if (!this.calls) return false;
      this.#step('knock', 'replaced');
      return true;
    }
    if (signal.type === 'offer') {
      if (this.calls || this.#seenNonces.includes(nonce)) return false;
      this.#seenNonces = [...this.#seenNonces.slice(1 - REMEMBERED_NONCES), nonce];
      if (nextPhase(this.calls, this.phase, 'offer') === null) return false;
      this.#nonce = nonce;
      this.#route = route;
      this.#step('offer', 'replaced');
      this.#connection?.signal(signal);
      return true;
    }
    if (nonce !== this.#nonce || !this.#connection) return false;
    if (signal.type === 'answer') this.#climb('offered');
    this.#connection.signal(signal);
    this.#expectProgress();
    return true;
  }

  /** The relay of this attempt could not pass a signal on. */
  unreachable(nonce: string): void {
    if (nonce === this.#nonce && this.phase === 'connecting') this.#lose('no-route');
  }

  send(frame: Uint8Array, lane: Lane): SendOutcome {
    if (frame.length > (lane === 'stream' ? MAX_FRAME_BYTES : MAX_DATAGRAM_BYTES))
      return 'too-large';
    if (!this.open || !this.#connection) return 'no-link';
    if (lane === 'datagram') return this.#connection.sendDatagram(frame);
    return this.#connection.sendStream(this.#chunker.split(frame));
  }

  manage(message: LinkMessage): void {
    if (this.open) this.#connection?.sendManagement(encodeLinkMessage(message));
  }

  #step(event: LinkEvent, reason: LostReason): void {
    const next = nextPhase(this.calls, this.phase, event);
    if (next === null) return;
    const wasOpen = this.open;
    this.#timer?.();
    this.#timer = null;
    this.#leaveTurn?.();
    this.#leaveTurn = null;
    if (next !== 'open') this.#drop();
    this.phase = next;
    if (wasOpen) this.#listener.lost(this, reason);
    this.#enter(next);
    this.#listener.changed();
  }

  #enter(phase: LinkPhase): void {
    switch (phase) {
      case 'idle':
        this.failures = 0;
        return;
      case 'resting':
        return this.#wait(this.#restMs());
      case 'expecting':
        if (this.failures > 0) this.#knock();
        return this.#wait(KNOCK_AFTER_MS + this.#restMs());
      case 'connecting':
        return this.#connect();
      case 'open':
        this.failures = 0;
        this.lastLost = null;
        this.#climb('joined');
        void this.#learnPath();
    }
  }

  #wait(ms: Milliseconds): void {
    this.#timer = this.#context.timers.after(ms, () => {
      if (this.phase === 'expecting') this.failures++;
      this.#step('retry', 'timeout');
    });
  }

  #restMs(): Milliseconds {
    const ceiling = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(this.failures, 10));
    return ceiling * (0.5 + randomUnit() / 2);
  }

  #knock(): void {
    const route = this.#context.route(this.id);
    if (!route) return;
    this.#climb('signaled');
    this.#context.post(route, this.id, makeNonce(), { type: 'knock' });
  }

  #connect(): void {
    if (this.calls) this.#leaveTurn = this.#context.calls.enter(() => this.#call());
    else this.#attempt(this.#route);
  }

  #call(): void {
    const route = this.#context.route(this.id);
    if (!route) return this.#loseSoon('no-route');
    this.#nonce = makeNonce();
    this.#route = route;
    this.#attempt(route);
  }

  #attempt(route: Route): void {
    if (!this.#context.budget.take(this.#context.timers.now())) return this.#loseSoon('no-budget');
    this.#connection = this.#open(route, this.#nonce);
    this.#climb('signaled');
    this.#expectProgress();
  }

  /** Not from within the step that began the attempt: steps do not nest. */
  #loseSoon(reason: LostReason): void {
    this.#timer = this.#context.timers.after(0, () => this.#lose(reason));
  }

  #open(route: Route, nonce: string): Connection {
    const connection: Connection = new Connection(this.calls, this.#context.iceServers(), {
      signal: (signal) => {
        if (this.#connection !== connection) return;
        if (signal.type === 'answer') this.#climb('offered');
        this.#context.post(route, this.id, nonce, signal);
      },
      trying: () => {
        if (this.#connection === connection) this.#climb('candidates');
      },
      open: () => {
        if (this.#connection !== connection) return;
        this.#climb('channel');
        this.#lanesOpen = true;
        const { room } = this.#context;
        const member = this.#context.selfMember();
        connection.sendManagement(
          encodeLinkMessage({ type: 'hello', version: LINK_VERSION, room, member }),
        );
        this.#joinIfReady();
      },
      message: (lane, bytes) => {
        if (this.#connection === connection) this.#heard(lane, bytes);
      },
      close: (reason) => {
        this.#context.budget.giveBack(this.#context.timers.now());
        if (this.#connection === connection) this.#lose(reason);
      },
    });
    return connection;
  }

  #lose(reason: LostReason): void {
    this.failures++;
    this.lastLost = reason;
    this.#listener.failed(reason);
    this.#step('lost', reason);
  }

  #drop(): void {
    const connection = this.#connection;
    this.#disown();
    connection?.close();
  }

  /** What this connection still does is no longer this link's. */
  #disown(): void {
    this.#connection = null;
    this.#hello = null;
    this.#lanesOpen = false;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#garbage = 0;
    this.#chunker = new Chunker();
    this.#reassembler = new Reassembler();
    this.path = null;
    this.rung = 'waiting';
  }

  #climb(rung: Rung): void {
    if (this.rung === rung) return;
    this.rung = rung;
    this.#expectProgress();
    this.#listener.changed();
  }

  /** No step of an attempt hangs: each must be followed by another in time. */
  #expectProgress(): void {
    if (this.phase !== 'connecting') return;
    this.#timer?.();
    const limitMs = Math.min(LONGEST_STEP_TIMEOUT_MS, STEP_TIMEOUT_MS * 2 ** this.failures);
    this.#timer = this.#context.timers.after(limitMs, () => this.#lose('timeout'));
  }

  #heard(lane: ConnectionLane, bytes: Uint8Array): void {
    if (lane === 'management') return this.#heardManagement(bytes);
    if (this.open) return this.#heardData(lane, bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes > MAX_EARLY_BYTES) return this.#lose('garbage');
    this.#early.push({ lane, bytes });
  }

  #heardManagement(bytes: Uint8Array): void {
    const message = decodeLinkMessage(bytes);
    if (!message) return this.#heardGarbage();
    if (message.type !== 'hello') {
      if (this.open) this.#listener.management(this, message);
      return;
    }
    if (message.room !== this.#context.room || message.member.id !== this.id) {
      return this.#lose('garbage');
    }
    this.#hello = message.member;
    this.#joinIfReady();
  }

  #heardData(lane: Lane, bytes: Uint8Array): void {
    if (lane === 'datagram') return this.#listener.frame(this, bytes, lane);
    const taken = this.#reassembler.accept(bytes);
    if (!taken.ok) return this.#heardGarbage();
    if (taken.frame) this.#listener.frame(this, taken.frame, lane);
  }

  #heardGarbage(): void {
    if (++this.#garbage > MAX_GARBAGE) this.#lose('garbage');
  }

  #joinIfReady(): void {
    const hello = this.#hello;
    if (!hello || !this.#lanesOpen || this.open) return;
    this.incarnation = hello.incarnation;
    const early = this.#early;
    this.#early = [];
    this.#step('joined', 'unwanted');
    this.#listener.joined(this, hello);
    for (const { lane, bytes } of early) {
      if (lane !== 'management' && this.open) this.#heardData(lane, bytes);
    }
  }

  async #learnPath(): Promise<void> {
    const connection = this.#connection;
    const path = (await connection?.path()) ?? null;
    if (this.#connection !== connection) return;
    this.path = path;
    this.#listener.changed();
  }
}

function makeNonce(): string {
  return Array.from(randomBytes(10), (byte) => (byte % 36).toString(36)).join('');
}
