import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import type { OnEnd, Outcome } from '../outcome.ts';
import { readNeeds, writeNeeds } from './needs.ts';
import { Read } from './read.ts';
import { BUSY, CHANGED, noQuorum } from './refusals.ts';
import type { Desk, Request } from './request.ts';
import { Write } from './write.ts';

/** What clients of one node may have asked without an answer. */
export const MAX_OPEN = 256;

/** A read that was answered hears for so long who else is behind; so many of them at most. */
export const LINGER_MS: Milliseconds = 1_000;
export const MAX_LINGERING = 256;

/** The side that clients ask: their requests, each until it ends. It need not keep a copy itself. */
export class Coordinator {
  private readonly desk: Desk;
  private readonly open = new Set<Request>();
  private readonly lingering = new Set<Request>();

  constructor(desk: Desk) {
    this.desk = desk;
  }

  get size(): number {
    return this.open.size;
  }

  put(key: string, value: Json, onEnd: OnEnd): void {
    const refusal = this.refusal('write', key, writeNeeds(this.desk.setting));
    if (refusal !== null) return this.refuse(refusal, onEnd);
    const write: Write = new Write(key, value, this.desk, (outcome) =>
      this.ended(write, outcome, onEnd),
    );
    this.begin(write);
  }

  get(key: string, onEnd: OnEnd): void {
    const refusal = this.refusal('read', key, readNeeds(this.desk.setting));
    if (refusal !== null) return this.refuse(refusal, onEnd);
    const read: Read = new Read(key, this.desk, (outcome) => this.ended(read, outcome, onEnd));
    this.begin(read);
  }

  /** Ends all that is open, because another setting counts. */
  stop(): void {
    for (const request of [...this.open]) request.end(request.verdict(CHANGED));
    for (const request of [...this.lingering]) this.forget(request);
  }

  /** Why nothing is sent for it: too few can be asked, or too much is asked already. */
  private refusal(what: 'read' | 'write', key: string, needs: number): Outcome | null {
    if (this.open.size >= MAX_OPEN) return BUSY;
    const reached = this.reached(key);
    return reached < needs ? noQuorum(this.desk.setting, what, needs, reached) : null;
  }

  private reached(key: string): number {
    const { setting, places, reaches } = this.desk;
    const count = (ids: readonly NodeId[]) => ids.filter(reaches).length;
    const { homes, standIns } = places(key);
    return Math.min(setting.n, count(homes) + count(standIns));
  }

  private refuse(refusal: Outcome, onEnd: OnEnd): void {
    this.desk.after(0, () => onEnd(refusal));
  }

  private begin(request: Request): void {
    this.open.add(request);
    request.start();
  }

  private ended(request: Request, outcome: Outcome, onEnd: OnEnd): void {
    this.open.delete(request);
    if (request.isOpen) this.linger(request);
    else this.forget(request);
    onEnd(outcome);
  }

  private linger(request: Request): void {
    this.lingering.add(request);
    const [oldest] = this.lingering;
    if (this.lingering.size > MAX_LINGERING) this.forget(oldest!);
    this.desk.after(LINGER_MS, () => this.forget(request));
  }

  private forget(request: Request): void {
    request.stop();
    this.lingering.delete(request);
  }
}
