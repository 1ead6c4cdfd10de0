import type { Cancel } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Reply } from './commands.ts';
import type { Answer, Asked } from './messages.ts';

/** An election takes about as long: what is not answered by then was lost, or asked of who leads no more. */
export const ATTEMPT_MS: Milliseconds = 1_000;

/** Who is asked in a row before it waits: a class without a leader is not to be flooded. */
export const MAX_ROUND = 3;

/** Some of the time that an election takes: who is chosen is soon found. */
export const PAUSE_MS: Milliseconds = 400;

/** What an errand needs of the world. */
export interface Way {
  /** Who seems to lead. */
  readonly leader: () => NodeId | null;
  /** Who can be asked. */
  readonly reachable: () => readonly NodeId[];
  readonly random: () => number;
  readonly after: (delayMs: Milliseconds, callback: () => void) => Cancel;
  /** Makes an attempt, and says its number. */
  readonly send: (errand: Errand, to: NodeId) => number;
}

/**
 * One thing that is asked until it is answered, of whoever seems to lead:
 *
 *     somebody to ask? -> attempt -> the store has answered: done
 *       ^  ^     | no        |
 *       |  |     v           +-> it does not lead, leads no more, or says nothing in time
 *       |  +-- pause <- three asked, or busy     |
 *       +----------------------------------------+
 */
export class Errand {
  readonly asked: Asked;
  private readonly way: Way;
  private readonly onReply: (reply: Reply) => void;
  /** Attempts of which nobody has said what became of them, and whom they asked. */
  private readonly unsettled = new Map<number, NodeId>();
  /** Somebody who led had it in its log. */
  private wasLost = false;
  private wasBusy = false;
  /** The attempt that it waits for. */
  private current: number | null = null;
  private inThisRound = new Set<NodeId>();
  /** Whom the node that was asked last took for the leader. */
  private named: NodeId | null = null;
  private cancel: Cancel = () => {};

  constructor(asked: Asked, way: Way, onReply: (reply: Reply) => void) {
    this.asked = asked;
    this.way = way;
    this.onReply = onReply;
  }

  /** An attempt that nobody has answered for may have reached the log, or may still. */
  get mayHaveActed(): boolean {
    return this.wasLost || this.unsettled.size > 0;
  }

  /** What has kept it out of the log, if it never got there. */
  get obstacle(): 'no-leader' | 'busy' {
    return this.wasBusy ? 'busy' : 'no-leader';
  }

  start(): void {
    this.attempt();
  }

  /** No attempt is made any more. */
  stop(): void {
    this.cancel();
    this.current = null;
  }

  /** Answers of attempts that it waits for no longer are as good; some come twice. */
  answered(from: NodeId, answer: Answer): void {
    if (this.unsettled.get(answer.attempt) !== from) return;
    this.unsettled.delete(answer.attempt);
    switch (answer.type) {
      case 'answer':
        return this.end({ ok: true, value: answer.value });
      case 'refused':
        return this.end({ ok: false, reason: answer.reason });
      case 'lost':
        this.wasLost = true;
        return this.goOn(answer.attempt, answer.leader);
      case 'not-taken':
        this.wasBusy = answer.why === 'busy';
        return this.goOn(answer.attempt, answer.leader);
    }
  }

  /** The link to a node has closed: what it was asked it may do, and its answer will not come. */
  unreachable(id: NodeId): void {
    if (this.current !== null && this.unsettled.get(this.current) === id) this.attempt();
  }

  private goOn(attempt: number, leader: NodeId | null): void {
    if (attempt !== this.current) return;
    this.named = leader;
    if (this.wasBusy) this.pause();
    else this.attempt();
  }

  private attempt(): void {
    this.cancel();
    const to = this.inThisRound.size < MAX_ROUND ? this.next() : undefined;
    if (to === undefined) return this.pause();
    this.inThisRound.add(to);
    this.current = this.way.send(this, to);
    this.unsettled.set(this.current, to);
    this.cancel = this.way.after(ATTEMPT_MS, () => this.attempt());
  }

  private next(): NodeId | undefined {
    const { leader, reachable, random } = this.way;
    const left = reachable().filter((id) => !this.inThisRound.has(id));
    const likely = [this.named, leader()].find((id) => id !== null && left.includes(id));
    return likely ?? left[Math.floor(random() * left.length)];
  }

  private pause(): void {
    this.cancel();
    this.current = null;
    this.inThisRound = new Set();
    const waitMs = PAUSE_MS * (0.5 + this.way.random() / 2);
    this.cancel = this.way.after(waitMs, () => this.attempt());
  }

  private end(reply: Reply): void {
    this.stop();
    this.onReply(reply);
  }
}
