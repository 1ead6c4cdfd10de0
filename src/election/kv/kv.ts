import type { Cancel, Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { KvClient, type OnEnd } from './client.ts';
import type { Deed } from './commands.ts';
import type { Consensus } from '../consensus.ts';
import { Holdings } from './holdings.ts';
import { KeyValueMachine } from './machine.ts';
import { kvSchema, type Answer, type Ask, type KvMessage } from './messages.ts';
import { refusal } from './outcome.ts';
import { KvServer } from './server.ts';

/**
 * A key-value store that a whole class shares: every node may ask, whoever leads the log answers. The
 * rules KV-1 to KV-21 stand in README.md.
 */
export class Kv implements Protocol<KvMessage> {
  /** What the log is applied to at this node. */
  readonly machine = new KeyValueMachine();
  private readonly host: Host<KvMessage>;
  private readonly consensus: () => Consensus | null;
  private readonly client: KvClient;
  private readonly server: KvServer;
  private slowness: () => number = () => 1;
  private isDeclaredDead: () => boolean = () => false;
  private reachable: () => readonly NodeId[];

  constructor(host: Host<KvMessage>, consensus: () => Consensus | null) {
    const { self } = host;
    this.host = host;
    this.consensus = consensus;
    this.reachable = () => host.neighbours();
    new Holdings(this.machine, host);
    this.server = new KvServer({
      consensus,
      machine: this.machine,
      answer: (to, answer) => this.answer(to, answer),
    });
    this.client = new KvClient({
      incarnation: host.incarnation,
      random: () => host.random(),
      after: (delayMs, callback) => this.after(delayMs, callback),
      send: (to, ask) => this.ask(to, ask),
      reachable: () => [self, ...this.reachable().filter((id) => id !== self)],
      leader: () => consensus()?.leader() ?? null,
    });
  }

  start(): void {}

  stop(): void {}

  /** Delays of the client are so many times as long, as those of the elections are. */
  paceBy(slowness: () => number): void {
    this.slowness = slowness;
  }

  /** Who can be asked beside this node; unless it is said, the neighbours. */
  reachBy(reachable: () => readonly NodeId[]): void {
    this.reachable = reachable;
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  get(key: string, onEnd: OnEnd, { through = 'index' as 'index' | 'log' } = {}): void {
    this.client.get(key, through, onEnd);
  }

  /** Null deletes. */
  put(key: string, value: Json, onEnd: OnEnd): void {
    this.do({ kind: 'put', key, value }, onEnd);
  }

  /** Puts `to` if the key holds `from`, where null is nothing. */
  cas(key: string, from: Json, to: Json, onEnd: OnEnd): void {
    this.do({ kind: 'cas', key, from, to }, onEnd);
  }

  delete(key: string, onEnd: OnEnd): void {
    this.do({ kind: 'delete', key }, onEnd);
  }

  /** While this says so the node writes nothing: KV-21. */
  judgeBy(isDeclaredDead: () => boolean): void {
    this.isDeclaredDead = isDeclaredDead;
  }

  receive(from: NodeId, message: KvMessage): void {
    if (message.type === 'ask') this.server.asked(from, message);
    else this.client.asker.answered(from, message);
  }

  neighbourDown(id: NodeId): void {
    if (!this.reachable().includes(id)) this.client.asker.unreachable(id);
  }

  inspect() {
    return {
      open: this.client.size,
      leader: this.consensus()?.leader() ?? null,
      entries: this.machine.all().map((entry) => ({ ...entry })),
    };
  }

  private do(deed: Deed, onEnd: OnEnd): void {
    if (this.isDeclaredDead()) this.host.after(0, () => onEnd(refusal('declared-dead')));
    else this.client.do(deed, onEnd);
  }

  private ask(to: NodeId, ask: Ask): void {
    if (to !== this.host.self) return this.host.send(to, ask);
    this.host.after(0, () => this.server.asked(to, ask));
  }

  /** This node's own user hears of nothing that a crash could still undo, as no other does. */
  private answer(to: NodeId, answer: Answer): void {
    const { self, store } = this.host;
    if (to !== self) return this.host.send(to, answer);
    store.whenDurable(() => this.client.asker.answered(self, answer));
  }

  private after(delayMs: Milliseconds, callback: () => void): Cancel {
    return this.host.after(delayMs * this.slowness(), callback);
  }
}

/** @param consensus the log that this node takes part in now; null while there is none */
export function kvOver(consensus: () => Consensus | null): ProtocolDefinition<KvMessage, Kv> {
  return {
    name: 'kv',
    version: 1,
    schema: kvSchema,
    lane: 'stream',
    create: (host) => new Kv(host, consensus),
  };
}
