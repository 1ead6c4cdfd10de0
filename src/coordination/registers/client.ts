import type { Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import { copyJson } from '../../wire/json.ts';
import { UNKNOWN, type OnEnd, type Outcome } from '../outcome.ts';
import type { RegisterBackends } from './backend.ts';
import { isKey, isValue } from './cell.ts';
import type { Answer, Ask, Asked } from './messages.ts';
import { BAD_KEY, BAD_VALUE, BEHIND, BUSY, NO_ANSWER, UNREACHABLE } from './refusals.ts';
import type { AskOptions, Open, Wanted } from './request.ts';
import { Session } from './session.ts';

/** Every backend has ended by itself after five seconds; the rest is for the way there and back. */
export const TIMEOUT_MS: Milliseconds = 6_000;

/** Asked by one node and not ended yet: three kinds, twenty times a second, until they time out. */
export const MAX_OPEN = 512;

/** When all who could be asked are behind: news needs about as long to get around. */
export const ASK_AGAIN_MS: Milliseconds = 200;

export interface ClientOptions {
  readonly host: Pick<
    Host<never>,
    'self' | 'incarnation' | 'random' | 'after' | 'store' | 'record'
  >;
  readonly backends: RegisterBackends;
  readonly send: (to: NodeId, ask: Ask) => void;
  /** Has this node itself do it. */
  readonly doHere: (asked: Asked, onEnd: OnEnd) => void;
  /** Who can be asked beside this node. */
  readonly reachable: () => readonly NodeId[];
}

/** The side that asks. What it is told, and when, stands in README.md: REGISTER-1 to REGISTER-9. */
export class RegisterClient {
  private readonly options: ClientOptions;
  private readonly own: Session;
  /** By the number of the attempt that each waits for. */
  private readonly attempts = new Map<number, Open>();
  private readonly open = new Set<Open>();
  private requests = 0;
  private lastAttempt = 0;
  private sessions = 0;

  constructor(options: ClientOptions) {
    this.options = options;
    this.own = this.newSession();
  }

  get size(): number {
    return this.open.size;
  }

  /** Another client of this node, which remembers nothing yet. */
  newSession(): Session {
    const { self, incarnation } = this.options.host;
    this.sessions += 1;
    return new Session(`${self}/${incarnation}/${this.sessions}`);
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  ask(
    wanted: Wanted,
    { at = 'own', fix = 'none', session = this.own }: AskOptions,
    onEnd: OnEnd,
  ): void {
    const { host } = this.options;
    const fault = this.faultOf(wanted);
    if (fault !== null) return void host.after(0, () => onEnd(fault));
    this.requests += 1;
    const open: Open = {
      ...{ number: this.requests, wanted: copyJson(wanted) as Wanted, fix, session, onEnd },
      ...{ asking: null, attempt: 0, behind: new Set<NodeId>(), cancelTimeout: () => {} },
    };
    const to = this.answererOf(at, open);
    this.open.add(open);
    this.noteAsked(open, to);
    open.cancelTimeout = host.after(TIMEOUT_MS, () => this.end(open, this.unanswered(open)));
    if (this.canAsk(to)) this.attempt(open, to);
    else host.after(0, () => this.end(open, UNREACHABLE));
  }

  answered(from: NodeId, { life, number, outcome }: Answer): void {
    // An answer to an earlier life, or one that nobody waits for any more.
    const open = life === this.options.host.incarnation ? this.attempts.get(number) : undefined;
    if (open?.asking === from) this.heard(open, outcome);
  }

  /** Who was asked there may have done it or not. */
  lost(id: NodeId): void {
    for (const open of this.open) {
      if (open.asking !== id) continue;
      const { wanted, fix } = open;
      if (wanted.do === 'get' && fix === 'floor') this.askNext(open);
      else this.end(open, this.unanswered(open));
    }
  }

  private faultOf(wanted: Wanted): Outcome | null {
    if (!isKey(wanted.key)) return BAD_KEY;
    if (wanted.do === 'put' && !isValue(wanted.value)) return BAD_VALUE;
    return this.size >= MAX_OPEN ? BUSY : null;
  }

  private answererOf(at: NodeId | 'own' | 'any', { fix, session }: Open): NodeId {
    const { host, reachable } = this.options;
    const all = [host.self, ...reachable()];
    const drawn = () => all[Math.floor(host.random() * all.length)]!;
    const chosen = at === 'own' ? host.self : at === 'any' ? drawn() : at;
    return fix === 'sticky' ? (session.home ??= chosen) : chosen;
  }

  private canAsk(id: NodeId): boolean {
    return id === this.options.host.self || this.options.reachable().includes(id);
  }

  private attempt(open: Open, to: NodeId): void {
    const { host, send, doHere } = this.options;
    const { wanted, fix, session } = open;
    const floor = fix === 'floor' ? session.floor(wanted.kind, wanted.key) : null;
    const asked = { ...wanted, floor } as Asked;
    this.lastAttempt += 1;
    const number = this.lastAttempt;
    this.attempts.delete(open.attempt);
    this.attempts.set(number, open);
    open.attempt = number;
    open.asking = to;
    if (to !== host.self) return send(to, { type: 'ask', life: host.incarnation, number, asked });
    doHere(asked, (outcome) => {
      // This node's own user hears of nothing that a crash could still undo, as no other does.
      const tell = () => {
        if (this.attempts.get(number) === open) this.heard(open, outcome);
      };
      if (!host.store.whenDurable(tell)) host.after(0, tell);
    });
  }

  private heard(open: Open, outcome: Outcome): void {
    if ('ok' in outcome && !outcome.ok && outcome.reason === 'behind') {
      open.behind.add(open.asking!);
      return this.askNext(open);
    }
    this.end(open, outcome);
  }

  /** Whoever has not been asked yet; when all have been, all once more, a little later. */
  private askNext(open: Open): void {
    const { host, reachable } = this.options;
    this.attempts.delete(open.attempt);
    open.asking = null;
    const next = [host.self, ...reachable()].find((id) => !open.behind.has(id));
    if (next !== undefined) return this.attempt(open, next);
    open.behind.clear();
    host.after(ASK_AGAIN_MS, () => {
      if (this.open.has(open)) this.askNext(open);
    });
  }

  /** How it ends if no answer comes any more. */
  private unanswered({ wanted, asking }: Open): Outcome {
    if (asking === null) return BEHIND;
    return wanted.do === 'put' ? UNKNOWN : NO_ANSWER;
  }

  private end(open: Open, outcome: Outcome): void {
    const { wanted, session, asking } = open;
    open.cancelTimeout();
    this.open.delete(open);
    this.attempts.delete(open.attempt);
    this.noteEnded(open, outcome, asking);
    if ('ok' in outcome && outcome.ok && outcome.mark !== undefined)
      session.saw(this.options.backends, wanted.kind, wanted.key, outcome.mark);
    open.onEnd(outcome);
  }

  private noteAsked({ number: op, wanted, fix, session }: Open, at: NodeId): void {
    const { kind, key } = wanted;
    const value = wanted.do === 'put' ? { value: JSON.stringify(wanted.value) } : {};
    const what = { op, kind, key, do: wanted.do, ...value };
    this.options.host.record('asked', { ...what, at, fix, session: session.name });
  }

  private noteEnded({ number: op }: Open, outcome: Outcome, by: NodeId | null): void {
    this.options.host.record('ended', { op, by, ...noteOf(outcome) });
  }
}

/** Values and marks as JSON text, for a note is flat. */
function noteOf(outcome: Outcome): { readonly [field: string]: string } {
  if ('unknown' in outcome) return { outcome: 'unknown' };
  if (!outcome.ok) return { outcome: 'refused', reason: outcome.reason };
  const { value, mark } = outcome;
  return {
    outcome: 'ok',
    ...(value === undefined ? {} : { value: JSON.stringify(value) }),
    ...(mark === undefined ? {} : { mark: JSON.stringify(mark) }),
  };
}
