import type { ByeReason, LinkMessage, Path, Rung } from '../../src/wire/link-messages.ts';
import type { Lane, SendOutcome } from '../../src/wire/lane.ts';
import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import type { Incarnation, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import { Conversation, type ManagementMessage } from './conversation.ts';
import type { LinkContext, LostReason, Route } from './link-context.ts';
import { callsOther, nextPhase, type LinkEvent, type LinkPhase } from './link-machine.ts';
import { KNOCK_AFTER_MS, restMs, stepTimeoutMs } from './link-patience.ts';
import { randomBytes } from './random.ts';

/** A bye needs a moment to leave before the connection closes under it. */
const BYE_FLUSH_MS: Milliseconds = 40;

/** Ten tabs may call again and again through several relays; older attempts than these are long over. */
const REMEMBERED_NONCES = 16;

export interface LinkListener {
  joined(link: Link, hello: Member): void;
  /** An open link has closed. */
  lost(link: Link, reason: LostReason): void;
  /** An attempt has failed, or an open link has closed. Whether to go on is asked after this. */
  failed(link: Link, reason: LostReason): void;
  frame(link: Link, bytes: Uint8Array, lane: Lane): void;
  /** Everything but the hello. */
  management(link: Link, message: ManagementMessage): void;
  changed(): void;
}

export class Link {
  readonly id: NodeId;
  /** Only one of the two calls. */
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
  #talk: Conversation | null = null;
  #nonce = '';
  #calledAt: Milliseconds = -Infinity;
  #takenNonces: string[] = [];
  /** What the present attempt has sent so far. */
  #sent: Signal[] = [];
  #route: Route = 'server';
  #timer: Cancel | null = null;
  #leaveTurn: Cancel | null = null;

  constructor(id: NodeId, context: LinkContext, listener: LinkListener) {
    this.id = id;
    this.calls = callsOther(context.selfMember().id, id);
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
  unwant(bye: ByeReason | null, reason: LostReason = 'unwanted'): void {
    const leaving = this.#talk;
    if (leaving && bye) {
      leaving.bye(bye);
      leaving.ignore();
      this.#context.timers.after(BYE_FLUSH_MS, () => leaving.close());
      this.#talk = null;
    }
    this.#step('unwant', reason);
  }

  /** The page is going away: there is no later in which to close. */
  abandon(): void {
    this.#talk?.bye('leaving');
    this.#talk?.close();
  }

  /** The other tab has begun a new life: whatever this link was, it was with the old one. */
  renew(): void {
    if (this.phase === 'idle') return;
    this.#step('unwant', 'replaced');
    this.failures = 0;
    this.#step('want', 'replaced');
  }

  /** @returns false if the signal was stale and changed nothing */
  signal(route: Route, nonce: string, signal: Signal): boolean {
    if (signal.type === 'knock') {
      if (!this.calls) return false;
      if (this.#callIsUnheard()) this.#callAgain();
      else this.#step('knock', 'replaced');
      return true;
    }
    if (signal.type === 'offer') {
      if (this.calls || this.#takenNonces.includes(nonce)) return false;
      if (nextPhase(this.calls, this.phase, 'offer') === null) return false;
      this.#takenNonces = [...this.#takenNonces.slice(1 - REMEMBERED_NONCES), nonce];
      this.#nonce = nonce;
      this.#route = route;
      this.#step('offer', 'replaced');
      this.#talk?.signal(signal);
      return true;
    }
    if (nonce !== this.#nonce || !this.#talk) return false;
    this.#talk.signal(signal);
    this.#expectProgress();
    return true;
  }

  /** The relay of this attempt could not pass a signal on. */
  unreachable(nonce: string): void {
    if (nonce === this.#nonce && this.phase === 'connecting') this.#lose('no-route');
  }

  send(frame: Uint8Array, lane: Lane): SendOutcome {
    return this.open && this.#talk ? this.#talk.send(frame, lane) : 'no-link';
  }

  /** How much is waiting before whatever is said next on the management lane. */
  get managementBacklogBytes(): number {
    return this.#talk?.managementBacklogBytes ?? 0;
  }

  manage(message: LinkMessage): void {
    if (this.open) this.#talk?.manage(message);
  }

  /**
   * The other tab asks to be called long after this one has called. Either it is slow, and the two
   * messages have crossed, or it was not to answer then, as where it heard later that a cut had healed.
   */
  #callIsUnheard(): boolean {
    if (this.phase !== 'connecting' || this.rung !== 'signaled') return false;
    return this.#context.timers.now() - this.#calledAt >= KNOCK_AFTER_MS;
  }

  /** The same call: one that took it after all ignores this one, and no work is thrown away. */
  #callAgain(): void {
    this.#calledAt = this.#context.timers.now();
    for (const signal of this.#sent) this.#context.post(this.#route, this.id, this.#nonce, signal);
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
        return this.#wait(restMs(this.failures));
      case 'expecting':
        if (this.failures > 0 || this.#context.mustKnock(this.id)) this.#knock();
        return this.#wait(KNOCK_AFTER_MS + restMs(this.failures));
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

  #knock(): void {
    const route = this.#context.route(this.id);
    if (!route) return;
    this.#climb('signaled');
    this.#context.post(route, this.id, makeNonce(), { type: 'knock' });
  }

  #connect(): void {
    if (this.calls) this.#leaveTurn = this.#context.turns.enter(() => this.#call());
    else this.#attempt(this.#route);
  }

  #call(): void {
    const route = this.#context.route(this.id);
    if (!route) return this.#loseSoon('no-route');
    this.#nonce = makeNonce();
    this.#calledAt = this.#context.timers.now();
    this.#route = route;
    this.#attempt(route);
  }

  #attempt(route: Route): void {
    if (!this.#context.budget.take(this.#context.timers.now())) return this.#loseSoon('no-budget');
    this.#talk = this.#open(route, this.#nonce);
    this.#climb('signaled');
    this.#expectProgress();
  }

  /** Not from within the step that began the attempt: steps do not nest. */
  #loseSoon(reason: LostReason): void {
    this.#timer = this.#context.timers.after(0, () => this.#lose(reason));
  }

  #open(route: Route, nonce: string): Conversation {
    const { room, budget, timers } = this.#context;
    const options = {
      calls: this.calls,
      with: this.id,
      room,
      self: this.#context.selfMember(),
      iceServers: this.#context.iceServers(),
    };
    return new Conversation(
      options,
      {
        signal: (signal) => {
          if (this.calls) this.#sent.push(signal);
          this.#context.post(route, this.id, nonce, signal);
        },
        climbed: (rung) => this.#climb(rung),
        joined: (hello) => {
          this.incarnation = hello.incarnation;
          this.#step('joined', 'unwanted');
          this.#listener.joined(this, hello);
        },
        frame: (bytes, lane) => this.#listener.frame(this, bytes, lane),
        management: (message) => this.#listener.management(this, message),
        ended: (reason) => this.#lose(reason),
      },
      () => budget.giveBack(timers.now()),
    );
  }

  #lose(reason: LostReason): void {
    this.failures++;
    this.lastLost = reason;
    this.#listener.failed(this, reason);
    this.#step(this.#context.wants(this.id) ? 'lost' : 'unwant', reason);
  }

  #drop(): void {
    this.#talk?.close();
    this.#talk = null;
    this.#sent = [];
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
    this.#timer = this.#context.timers.after(stepTimeoutMs(this.failures), () =>
      this.#lose(this.rung === 'signaled' ? 'no-answer' : 'timeout'),
    );
  }

  async #learnPath(): Promise<void> {
    const talk = this.#talk;
    const path = (await talk?.path()) ?? null;
    if (this.#talk !== talk) return;
    this.path = path;
    this.#listener.changed();
  }
}

function makeNonce(): string {
  return Array.from(randomBytes(10), (byte) => (byte % 36).toString(36)).join('');
}
