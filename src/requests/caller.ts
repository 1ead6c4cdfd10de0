import type { Cancel, Host } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { copyJson } from '../wire/json.ts';
import { assertFit } from '../wire/payload.ts';
import { backoffMs } from './backoff.ts';
import { Breaker, type BreakerState, type Permit } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import { MAX_ATTEMPTS, MAX_PAYLOAD_BYTES, MAX_TIMEOUT_MS } from './messages.ts';
import type { RefusedMessage, RequestsMessage } from './messages.ts';
import type { CallOptions, FailureReason, Outcome } from './outcome.ts';
import type { RetryPolicy } from './policy.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Tally } from './tally.ts';

/** A hundred times what a link of a school's Wi-Fi takes, and as long as a person waits without a doubt. */
export const DEFAULT_TIMEOUT_MS: Milliseconds = 1_000;

/** Of all targets together, with the bulkhead or without: each has a timer. */
export const MAX_OPEN_CALLS = 2_000;

/** Called lately; past the limit the one that came first begins anew. The fullest room, twice over. */
export const MAX_TARGETS = 120;

/** What a caller keeps of one node that it calls. */
interface Target {
  readonly id: NodeId;
  readonly breaker: Breaker;
  readonly bulkhead: Bulkhead;
  readonly budget: RetryBudget;
}

interface OpenCall {
  readonly id: string;
  readonly number: number;
  readonly target: Target;
  readonly payload: Json;
  readonly timeoutMs: Milliseconds;
  readonly maxAttempts: number;
  readonly startedAt: Milliseconds;
  readonly onDone: (outcome: Outcome) => void;
  readonly isInBulkhead: boolean;
  attempts: number;
  /** Attempts that were sent, and neither answered nor refused. */
  readonly unanswered: Set<number>;
  /** An attempt is out; between two attempts it is not. */
  isWaiting: boolean;
  permit: Permit | null;
  /** Of the timeout, or of the wait before the next attempt. */
  cancelTimer: Cancel;
}

interface CallerOptions {
  readonly host: Host<RequestsMessage>;
  readonly tally: Tally;
  readonly policy: () => RetryPolicy;
  readonly reaches: (id: NodeId) => boolean;
}

/**
 * The side that asks. A call is one question with one id, in as many attempts as it takes and as the
 * policy allows:
 *
 *     call -> room for it? -> attempt -> answered: done
 *                               ^  |
 *                               |  +-> refused, or no answer in time -> once more? -> no: done
 *                               +---------- backoff <------------------ yes
 */
export class Caller {
  private readonly options: CallerOptions;
  private readonly open = new Map<number, OpenCall>();
  private targets = new Map<NodeId, Target>();
  private calls = 0;
  private isCalling = false;
  /** Ended within `call`; told soon after. */
  private ended: (() => void)[] = [];

  constructor(options: CallerOptions) {
    this.options = options;
  }

  get openCalls(): number {
    return this.open.size;
  }

  /** Of the nodes that were called lately. */
  breakers(): readonly { readonly to: NodeId; readonly state: BreakerState }[] {
    return [...this.targets.values()].map(({ id, breaker }) => ({ to: id, state: breaker.state }));
  }

  /** Forgets what it knows of the nodes that it calls: another policy begins without a history. */
  begin(): void {
    this.targets = new Map();
  }

  call(
    to: NodeId,
    payload: Json,
    onDone: (outcome: Outcome) => void,
    { timeoutMs = DEFAULT_TIMEOUT_MS, attempts = MAX_ATTEMPTS }: CallOptions,
  ): { readonly id: string } {
    assertFit(payload, MAX_PAYLOAD_BYTES, 'a call');
    assertWithin('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
    assertWithin('attempts', attempts, MAX_ATTEMPTS);
    const { host, tally, policy } = this.options;
    const { bulkhead, attempts: allowed } = policy();
    const target = this.target(to);
    this.calls += 1;
    const number = this.calls;
    const id = `${host.self}.${host.incarnation}.${number}`;
    const hasRoom = this.open.size < MAX_OPEN_CALLS;
    const isInBulkhead = hasRoom && bulkhead && target.bulkhead.enter();
    const call: OpenCall = {
      id,
      number,
      target,
      payload: copyJson(payload),
      timeoutMs,
      maxAttempts: Math.min(attempts, allowed),
      startedAt: host.monotonic(),
      onDone,
      isInBulkhead,
      attempts: 0,
      unanswered: new Set(),
      isWaiting: false,
      permit: null,
      cancelTimer: () => {},
    };
    tally.count('offered');
    tally.note('call', { id, to });
    target.budget.called();
    this.isCalling = true;
    if (!hasRoom || (bulkhead && !isInBulkhead)) {
      this.failed(call, 'bulkhead-full');
    } else {
      this.open.set(number, call);
      this.attempt(call);
    }
    this.isCalling = false;
    return { id };
  }

  answered(from: NodeId, number: number, value: Json): void {
    const call = this.find(from, number);
    if (call === undefined) return this.options.tally.count('late');
    if (call.permit !== null) call.target.breaker.succeeded(call.permit);
    const { id, attempts, startedAt } = call;
    const tookMs = this.options.host.monotonic() - startedAt;
    this.options.tally.count('answered');
    this.options.tally.note('answer', { id, from, attempts, tookMs });
    this.end(call, { ok: true, value, attempts });
  }

  refused(from: NodeId, { number, attempt }: RefusedMessage): void {
    const call = this.find(from, number);
    call?.unanswered.delete(attempt);
    if (call?.isWaiting === true && attempt === call.attempts) this.attemptFailed(call, 'refused');
  }

  private find(from: NodeId, number: number): OpenCall | undefined {
    const call = this.open.get(number);
    return call?.target.id === from ? call : undefined;
  }

  private attempt(call: OpenCall): void {
    const { host, policy, reaches } = this.options;
    const { id: to, breaker } = call.target;
    call.permit = null;
    if (policy().breaker) {
      call.permit = breaker.permit();
      if (call.permit === null) return this.failed(call, 'circuit-open');
    }
    call.attempts += 1;
    const { number, attempts: attempt, timeoutMs: waitMs, payload } = call;
    if (!reaches(to)) return this.attemptFailed(call, 'no-link');
    call.unanswered.add(attempt);
    call.isWaiting = true;
    call.cancelTimer = host.after(waitMs, () => this.attemptFailed(call, 'timeout'));
    host.send(to, { type: 'call', life: host.incarnation, number, attempt, waitMs, payload });
  }

  private attemptFailed(call: OpenCall, reason: FailureReason): void {
    const { host, tally, policy } = this.options;
    const { backsOff, budget: isBounded } = policy();
    const { id, target, permit } = call;
    call.cancelTimer();
    call.isWaiting = false;
    if (permit !== null) target.breaker.failed(permit);
    if (call.attempts >= call.maxAttempts) return this.failed(call, reason);
    if (isBounded && !target.budget.take()) return this.failed(call, reason);
    const waitMs = backsOff ? backoffMs(call.attempts, host.random()) : 0;
    tally.count('retries');
    tally.note('retry', { id, to: target.id, attempt: call.attempts + 1, reason, waitMs });
    if (waitMs === 0) this.attempt(call);
    else call.cancelTimer = host.after(waitMs, () => this.attempt(call));
  }

  private failed(call: OpenCall, reason: FailureReason): void {
    const { tally } = this.options;
    const { id, target, attempts, unanswered } = call;
    const mayHaveHappened = unanswered.size > 0;
    tally.count('failed');
    tally.note('failed', { id, to: target.id, reason, attempts, mayHaveHappened });
    this.end(call, { ok: false, reason, attempts, mayHaveHappened });
  }

  private end(call: OpenCall, outcome: Outcome): void {
    call.cancelTimer();
    this.open.delete(call.number);
    if (call.isInBulkhead) call.target.bulkhead.leave();
    if (this.isCalling) this.tellSoon(() => call.onDone(outcome));
    else call.onDone(outcome);
  }

  /** Who calls knows the call's id before its outcome. */
  private tellSoon(tell: () => void): void {
    if (this.ended.length === 0) this.options.host.after(0, () => this.tellEnded());
    this.ended.push(tell);
  }

  private tellEnded(): void {
    const { ended } = this;
    this.ended = [];
    for (const tell of ended) tell();
  }

  private target(id: NodeId): Target {
    const known = this.targets.get(id);
    if (known !== undefined) return known;
    if (this.targets.size === MAX_TARGETS) this.targets.delete(this.targets.keys().next().value!);
    const { host } = this.options;
    const target: Target = {
      id,
      breaker: new Breaker(host, (state) => host.record('breaker', { to: id, state })),
      bulkhead: new Bulkhead(),
      budget: new RetryBudget(),
    };
    this.targets.set(id, target);
    return target;
  }
}

function assertWithin(name: string, value: number, most: number): void {
  if (value >= 1 && value <= most) return;
  throw new RangeError(`${name} must be from 1 to ${most}, not ${value}.`);
}
