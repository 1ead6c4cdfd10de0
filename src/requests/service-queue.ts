import type { Cancel } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';

/** A call that waits to be served. */
export interface WaitingCall {
  /** The same for all attempts of a call, and for no other. */
  readonly key: string;
  readonly from: NodeId;
  readonly life: number;
  readonly number: number;
  readonly payload: Json;
  /** By the server's clock; a later attempt puts it off. */
  waitedForUntil: Milliseconds;
}

interface Desk {
  monotonic(): Milliseconds;
  after(delay: Milliseconds, callback: () => void): Cancel;
  /** How long each takes: the capacity of the server. */
  serviceMs(): Milliseconds;
  /** Is this still worth serving? */
  isWanted(call: WaitingCall): boolean;
  serve(call: WaitingCall): void;
}

/**
 * One desk and one line in front of it: calls are served one after the other, first come, first
 * served, and each takes its time.
 */
export class ServiceQueue {
  private readonly desk: Desk;
  private readonly line: WaitingCall[] = [];
  private served: WaitingCall | null = null;
  private cancel: Cancel = () => {};

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** What waits, and what is being served. */
  get length(): number {
    return this.line.length + (this.served === null ? 0 : 1);
  }

  /** The call with that key, if it is here. */
  find(key: string): WaitingCall | undefined {
    if (this.served?.key === key) return this.served;
    return this.line.find((call) => call.key === key);
  }

  join(call: WaitingCall): void {
    this.line.push(call);
    if (this.served === null) this.next(this.desk.monotonic());
  }

  clear(): void {
    this.cancel();
    this.line.length = 0;
    this.served = null;
  }

  /** @param since when the desk became free */
  private next(since: Milliseconds): void {
    const { desk } = this;
    let call = this.line.shift();
    while (call !== undefined && !desk.isWanted(call)) call = this.line.shift();
    if (call === undefined) return;
    this.served = call;
    const doneAt = since + desk.serviceMs();
    this.cancel = desk.after(Math.max(0, doneAt - desk.monotonic()), () => this.done(call, doneAt));
  }

  private done(call: WaitingCall, doneAt: Milliseconds): void {
    const { desk } = this;
    this.served = null;
    desk.serve(call);
    // A timer that is late by a little takes nothing from the capacity; a node that did not run served nobody.
    const now = desk.monotonic();
    this.next(now - doneAt < desk.serviceMs() ? doneAt : now);
  }
}
