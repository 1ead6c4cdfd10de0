import type { Cancel } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_QUESTIONS, type None, type Which } from './spreading-messages.ts';

/**
 * Long enough for a tab that has to fetch a protocol first, and a moment for whoever waits before a
 * page. Whoever says nothing by then is passed over.
 */
export const ANSWER_MS: Milliseconds = 1_000;

/** Words may be lost: whoever has not answered is asked again. */
export const ASK_AGAIN_MS: Milliseconds = 250;

/** A loop that somebody typed ends here. */
export const MAX_WAITING = 256;

export interface FoundingWorld {
  readonly self: NodeId;
  neighbours(): readonly NodeId[];
  send(to: NodeId, message: Which | None): void;
  after(delayMs: Milliseconds, callback: () => void): Cancel;
}

/**
 * Who may make a first choice. A node that knows of none asks all its neighbours; if each of them has
 * none either, it may. Of two that ask at once the higher makes it.
 *
 *     idle -- somebody waits --> asking -- all have answered, or the time is up --> alone?
 *                                                                                  |     |
 *       all who waited go on  <--------------------------------------------- yes --+     | no, somebody
 *               ^   ^                                                                    v higher asks, too
 *               |   +-- that one is gone, or the time is up --------------------- yielding
 *               +------ a choice has come, in whatever stage
 */
export class Founding {
  private readonly world: FoundingWorld;
  private stage: 'idle' | 'asking' | 'yielding' = 'idle';
  private waiting: (() => void)[] = [];
  private question = 0;
  /** Who has not answered the present question. */
  private readonly silent = new Set<NodeId>();
  /** Neighbours of higher ids that would found as well. */
  private readonly higher = new Set<NodeId>();
  private cancelWait: Cancel = () => {};
  private cancelAsking: Cancel = () => {};

  constructor(world: FoundingWorld) {
    this.world = world;
  }

  /** `goOn` is called once, later: a choice is here, or may be made. False if too many wait. */
  begin(goOn: () => void): boolean {
    if (this.waiting.length === MAX_WAITING) return false;
    this.waiting.push(goOn);
    if (this.stage !== 'idle') return true;
    this.stage = 'asking';
    this.question = (this.question + 1) % MAX_QUESTIONS;
    this.wait();
    for (const id of this.world.neighbours()) this.silent.add(id);
    this.askSilent();
    return true;
  }

  /** All who waited go on. */
  end(): void {
    this.stop();
    const waiting = this.waiting;
    this.waiting = [];
    for (const goOn of waiting) goOn();
  }

  stop(): void {
    this.stage = 'idle';
    this.cancelWait();
    this.cancelAsking();
    this.silent.clear();
    this.higher.clear();
  }

  /** A link to it has opened. */
  up(id: NodeId): void {
    if (this.stage !== 'idle') this.silent.add(id);
    this.ask(id);
  }

  down(id: NodeId): void {
    this.silent.delete(id);
    this.higher.delete(id);
    this.settle();
  }

  /** It knows of no choice either, and asks. */
  asked(from: NodeId, { question, founds }: Which): void {
    this.world.send(from, { type: 'none', question, founds: this.stage !== 'idle' });
    this.heard(from, founds);
    // It may have had no ears for the question before: its tab has fetched the protocol since.
    if (this.silent.has(from)) this.ask(from);
  }

  answered(from: NodeId, { question, founds }: None): void {
    if (question !== this.question) return;
    this.heard(from, founds);
    this.silent.delete(from);
    this.settle();
  }

  private heard(from: NodeId, founds: boolean): void {
    if (this.stage !== 'idle' && founds && from > this.world.self) this.higher.add(from);
  }

  private ask(id: NodeId): void {
    const { question, stage } = this;
    this.world.send(id, { type: 'which', question, founds: stage !== 'idle' });
  }

  private askSilent(): void {
    for (const id of this.silent) this.ask(id);
    this.cancelAsking = this.world.after(ASK_AGAIN_MS, () => this.askSilent());
  }

  private wait(): void {
    this.cancelWait();
    this.cancelWait = this.world.after(ANSWER_MS, () => this.timeIsUp());
  }

  private timeIsUp(): void {
    if (this.stage === 'yielding') return this.end();
    this.silent.clear();
    this.goOnIfAlone();
  }

  /** Whoever has no neighbour yet may just have come, and waits for one. */
  private settle(): void {
    const isLinked = this.world.neighbours().length > 0;
    if (this.stage !== 'idle' && this.silent.size === 0 && isLinked) this.goOnIfAlone();
  }

  private goOnIfAlone(): void {
    if (this.higher.size === 0) return this.end();
    if (this.stage === 'yielding') return;
    this.stage = 'yielding';
    this.wait();
  }
}
