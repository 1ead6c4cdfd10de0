import type { Host } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { assertFit } from '../wire/payload.ts';
import { AnsweredCalls } from './answered-calls.ts';
import { MAX_PAYLOAD_BYTES, type CallMessage, type RequestsMessage } from './messages.ts';
import type { RetryPolicy } from './policy.ts';
import { ServiceQueue, type WaitingCall } from './service-queue.ts';
import type { Tally } from './tally.ts';

/** A call as a service sees it. */
export interface Request {
  /** The same in all attempts of a call, and in no other call. */
  readonly id: string;
  readonly from: NodeId;
  readonly payload: Json;
}

/** What a node does for others. */
export interface Service {
  /** How much of this node's own time each call takes: one after the other, so this is its capacity. */
  readonly serviceMs: Milliseconds;
  /**
   * What was answered is remembered over a crash too. Whatever `handle` puts into a store then happens
   * once in all lives that keep the disk, for both are one write; and each answer waits for it.
   * Without it memory ends with the life, which is enough where the effects do too.
   */
  readonly durable?: boolean;
  handle(request: Request): Json;
}

interface ServerOptions {
  readonly host: Host<RequestsMessage>;
  readonly tally: Tally;
  readonly policy: () => RetryPolicy;
}

/** The side that answers. */
export class Server {
  private readonly options: ServerOptions;
  private readonly queue: ServiceQueue;
  private readonly untilCrash = new AnsweredCalls(null);
  private onDisk: AnsweredCalls | null = null;
  private service: Service | null = null;

  constructor(options: ServerOptions) {
    const { host } = options;
    this.options = options;
    this.queue = new ServiceQueue({
      monotonic: () => host.monotonic(),
      after: (delay, callback) => host.after(delay, callback),
      serviceMs: () => this.service!.serviceMs,
      isWanted: (call) => this.isWanted(call),
      serve: (call) => this.execute(call),
    });
  }

  get queued(): number {
    return this.queue.length;
  }

  get remembered(): number {
    return this.memory.size;
  }

  /** In place of the service before; null serves nobody, and what waits gets no answer. */
  serve(service: Service | null): void {
    this.service = service;
    if (service === null) this.queue.clear();
    else if (service.durable === true) this.onDisk ??= new AnsweredCalls(this.options.host.store);
  }

  called(from: NodeId, message: CallMessage): void {
    const { host, tally, policy } = this.options;
    if (this.service === null) return this.refuse(from, message, 'nobody-serves');
    const { life, number, payload, waitMs } = message;
    const { remembers, queueLimit } = policy();
    const key = `${from}.${life}.${number}`;
    const waitedForUntil = host.monotonic() + waitMs;
    const answer = remembers ? this.memory.get(key) : undefined;
    const waiting = remembers ? this.queue.find(key) : undefined;
    if (answer !== undefined || waiting !== undefined) tally.count('repeated');
    if (answer !== undefined) host.send(from, { type: 'answer', life, number, value: answer });
    else if (waiting !== undefined) putOff(waiting, waitedForUntil);
    else if (this.queue.length >= queueLimit) this.refuse(from, message, 'busy');
    else this.queue.join({ key, from, life, number, payload, waitedForUntil });
  }

  private get memory(): AnsweredCalls {
    return this.service?.durable === true ? this.onDisk! : this.untilCrash;
  }

  private isWanted({ waitedForUntil }: WaitingCall): boolean {
    const { host, tally, policy } = this.options;
    if (!policy().dropsLate || host.monotonic() <= waitedForUntil) return true;
    tally.count('dropped');
    return false;
  }

  private execute({ key, from, life, number, payload }: WaitingCall): void {
    const { host, tally, policy } = this.options;
    const value = this.service!.handle({ id: key, from, payload });
    assertFit(value, MAX_PAYLOAD_BYTES, 'an answer');
    if (policy().remembers) this.memory.keep(key, value);
    tally.count('served');
    host.send(from, { type: 'answer', life, number, value });
  }

  private refuse(
    to: NodeId,
    { life, number, attempt }: CallMessage,
    why: 'busy' | 'nobody-serves',
  ): void {
    const { host, tally } = this.options;
    tally.count('refused');
    tally.note('refused', { id: `${to}.${life}.${number}`, from: to, attempt, why });
    host.send(to, { type: 'refused', life, number, attempt, why });
  }
}

/** Attempts may overtake each other. */
function putOff(call: WaitingCall, waitedForUntil: Milliseconds): void {
  call.waitedForUntil = Math.max(call.waitedForUntil, waitedForUntil);
}
