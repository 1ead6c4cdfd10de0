import type { NodeId } from '../../vocabulary.ts';
import type { OnEnd, Outcome } from '../outcome.ts';
import type { RegisterBackends } from './backend.ts';
import type { Answer, Ask, Asked } from './messages.ts';
import { BEHIND, BUSY } from './refusals.ts';
import { TakenRequests } from './taken-requests.ts';

/** Under way at one node for all its clients: a class that asks twenty times a second of a node that is cut off. */
export const MAX_UNDER_WAY = 2_048;

/** The side that is asked: it has the backend do it, and sees to it that whoever asks gets nothing older than it had. */
export class Coordinator {
  private readonly backends: RegisterBackends;
  private readonly send: (to: NodeId, answer: Answer) => void;
  private readonly taken = new TakenRequests();
  private underWay = 0;

  constructor(backends: RegisterBackends, send: (to: NodeId, answer: Answer) => void) {
    this.backends = backends;
    this.send = send;
  }

  get size(): number {
    return this.underWay;
  }

  asked(from: NodeId, { life, number, asked }: Ask): void {
    if (!this.taken.take(from, life, number)) return;
    this.do(asked, (outcome) => this.send(from, { type: 'answer', life, number, outcome }));
  }

  do(asked: Asked, onEnd: OnEnd): void {
    if (this.underWay >= MAX_UNDER_WAY) return onEnd(BUSY);
    this.underWay += 1;
    const end: OnEnd = (outcome) => {
      this.underWay -= 1;
      onEnd(outcome);
    };
    if (asked.do === 'get') return this.get(asked, end);
    if (asked.floor === null) return this.put(asked, end);
    // What is put at a node that has seen all is newer than all that.
    this.get(asked, (seen) => ('ok' in seen && seen.ok ? this.put(asked, end) : end(seen)));
  }

  private put({ kind, key, value }: Extract<Asked, { readonly do: 'put' }>, onEnd: OnEnd): void {
    this.backends[kind].put(key, value, onEnd);
  }

  private get({ kind, key, floor }: Asked, onEnd: OnEnd): void {
    const backend = this.backends[kind];
    const isBehind = (outcome: Outcome) =>
      floor !== null &&
      'ok' in outcome &&
      outcome.ok &&
      !backend.covers(outcome.mark ?? null, floor);
    backend.get(key, (outcome) => onEnd(isBehind(outcome) ? BEHIND : outcome));
  }
}
