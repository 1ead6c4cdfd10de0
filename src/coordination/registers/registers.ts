import type { RegisterLoad } from '../../network/register-load.ts';
import type { RegisterKind } from '../../network/register-kinds.ts';
import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import type { OnEnd } from '../outcome.ts';
import type { RegisterBackends } from './backend.ts';
import { RegisterClient } from './client.ts';
import { Coordinator } from './coordinator.ts';
import { LoadGenerator } from './load.ts';
import { registersSchema, type RegistersMessage } from './messages.ts';
import type { AskOptions } from './request.ts';
import type { Session } from './session.ts';

/**
 * One register built three ways, side by side: a client asks a node, its own or another, which has
 * the backend of that kind do it. The rules REGISTER-1 to REGISTER-11 stand in README.md.
 */
export class Registers implements Protocol<RegistersMessage> {
  private readonly client: RegisterClient;
  private readonly coordinator: Coordinator;
  private readonly load: LoadGenerator;
  private reachable: () => readonly NodeId[];
  private isStarted = false;
  private chosenLoad: RegisterLoad | null = null;

  constructor(host: Host<RegistersMessage>, backends: RegisterBackends) {
    this.reachable = () => host.neighbours();
    this.coordinator = new Coordinator(backends, (to, answer) => host.send(to, answer));
    this.client = new RegisterClient({
      ...{ host, backends },
      send: (to, ask) => host.send(to, ask),
      doHere: (asked, onEnd) => this.coordinator.do(asked, onEnd),
      reachable: () => this.reachable().filter((id) => id !== host.self),
    });
    this.load = new LoadGenerator(host, this.client);
  }

  start(): void {
    this.isStarted = true;
    this.load.use(this.chosenLoad);
  }

  stop(): void {}

  /** Who can be asked beside this node; unless it is said, the neighbours. */
  reachBy(reachable: () => readonly NodeId[]): void {
    this.reachable = reachable;
  }

  /** What this node asks for by itself; null for nothing. */
  drive(load: RegisterLoad | null): void {
    this.chosenLoad = load;
    if (this.isStarted) this.load.use(load);
  }

  /** Another client of this node; those that name none are one. */
  newSession(): Session {
    return this.client.newSession();
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  put(kind: RegisterKind, key: string, value: Json, onEnd: OnEnd, options: AskOptions = {}): void {
    this.client.ask({ do: 'put', kind, key, value }, options, onEnd);
  }

  get(kind: RegisterKind, key: string, onEnd: OnEnd, options: AskOptions = {}): void {
    this.client.ask({ do: 'get', kind, key }, options, onEnd);
  }

  receive(from: NodeId, message: RegistersMessage): void {
    if (message.type === 'ask') this.coordinator.asked(from, message);
    else this.client.answered(from, message);
  }

  neighbourDown(id: NodeId): void {
    if (!this.reachable().includes(id)) this.client.lost(id);
  }

  inspect() {
    return {
      open: this.client.size,
      coordinating: this.coordinator.size,
      askedByItself: this.load.asked,
    } satisfies Json;
  }
}

/** @param backends what each kind is built on at this node */
export function registersOver(
  backends: RegisterBackends,
): ProtocolDefinition<RegistersMessage, Registers> {
  return {
    name: 'registers',
    version: 1,
    schema: registersSchema,
    lane: 'stream',
    create: (host) => new Registers(host, backends),
  };
}
