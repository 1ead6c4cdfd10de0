import type { RegisterSetting } from '../../network/register-setting.ts';
import type { Cancel, Detail, Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import { Asks } from './asks.ts';
import { Coordinator } from './coordinator.ts';
import { Copies, type Hint } from './copies.ts';
import { Handoff } from './handoff.ts';
import { Keeper } from './keeper.ts';
import type { Answer, Asked, Question, QuorumMessage, RunId } from './messages.ts';
import { rendezvousOrder } from './rendezvous.ts';
import type { Places } from './round.ts';
import { textOf, VersionCounter } from './version.ts';

/** The registers of one setting at one node, from when it is chosen to when another one is. */
export class QuorumRun {
  readonly setting: RegisterSetting;
  readonly copies: Copies;
  readonly coordinator: Coordinator;
  private readonly host: Host<QuorumMessage>;
  private readonly id: RunId;
  private readonly asks: Asks;
  private readonly keeper: Keeper;
  private readonly handoff: Handoff;
  private readonly counter = new VersionCounter();
  private isOver = false;

  /** @param reachable who can be asked beside this node itself */
  constructor(
    setting: RegisterSetting,
    host: Host<QuorumMessage>,
    reachable: () => readonly NodeId[],
  ) {
    const { self, incarnation: life } = host;
    this.setting = setting;
    this.host = host;
    this.id = { turn: setting.turn, by: setting.by };
    this.copies = new Copies(self, host.store);
    this.asks = new Asks((to, number, question) => this.send(to, number, question));
    const { asks, copies, counter } = this;
    for (const { held } of copies.all()) counter.saw(held.version);
    const way = {
      asks,
      reaches: (id: NodeId) => id === self || reachable().includes(id),
      after: (delayMs: Milliseconds, callback: () => void) => this.after(delayMs, callback),
    };
    this.keeper = new Keeper({
      self,
      copies,
      counter,
      note: (kind, what) => this.note(kind, what),
    });
    this.handoff = new Handoff({
      ...{ ...way, copies },
      handedOver: (hint) => this.note('handed-over', noteOf(hint)),
    });
    this.coordinator = new Coordinator({
      ...{ ...way, setting },
      places: (key) => this.places(key),
      nextVersion: () => ({ count: counter.next(), by: self, life }),
      mend: (to, question) => asks.ask(to, question, () => {}).forget(),
    });
  }

  start(): void {
    const { n, r, w, sloppy, repair } = this.setting;
    this.note('setting', { n, r, w, sloppy, repair });
    this.handoff.start();
  }

  /** Another setting counts. */
  end(): void {
    this.coordinator.stop();
    this.isOver = true;
  }

  receive(from: NodeId, message: Exclude<QuorumMessage, { type: 'setting' }>): void {
    const { run, life, number } = message;
    if (message.type !== 'answer') {
      this.host.send(from, { type: 'answer', run, life, number, ...this.keeper.answer(message) });
    } else if (life === this.host.incarnation) {
      // To an earlier life: nobody is left who asked.
      this.answered(from, number, message);
    }
  }

  /** A link has opened: somebody may be back. */
  handOver(): void {
    this.handoff.handOver();
  }

  private answered(from: NodeId, number: number, answer: Answer): void {
    this.counter.saw(answer.version);
    this.asks.answered(from, number, answer);
  }

  private places(key: string): Places {
    const { n, nodes, sloppy } = this.setting;
    const order = rendezvousOrder(key, nodes);
    return { homes: order.slice(0, n), standIns: sloppy ? order.slice(n) : [] };
  }

  private send(to: NodeId, number: number, question: Question): void {
    const { id: run, host } = this;
    const { self, incarnation: life } = host;
    if (to === self) this.after(0, () => this.askSelf(number, question));
    else host.send(to, { ...question, run, life, number } as Asked);
  }

  /** Its own copy is asked like any other, without the network; it too answers after its disk. */
  private askSelf(number: number, question: Question): void {
    const { self, store } = this.host;
    const answer = this.keeper.answer(question);
    store.whenDurable(() => {
      if (!this.isOver) this.answered(self, number, answer);
    });
  }

  private after(delayMs: Milliseconds, callback: () => void): Cancel {
    return this.host.after(delayMs, () => {
      if (!this.isOver) callback();
    });
  }

  private note(kind: string, what: Detail): void {
    const { turn, by } = this.id;
    this.host.record(kind, { run: `${turn}.${by.id}.${by.life}`, ...what });
  }
}

function noteOf({ home, key, held }: Hint): Detail {
  return { for: home, key, version: textOf(held.version!) };
}
