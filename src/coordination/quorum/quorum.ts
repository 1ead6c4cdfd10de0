import {
  registerSettingSchema,
  usualSetting,
  type RegisterSetting,
} from '../../network/register-setting.ts';
import { isNewer } from '../../network/runs.ts';
import { SpreadingChoice } from '../../network/spreading-choice.ts';
import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import { copyJson } from '../../wire/json.ts';
import type { OnEnd, Outcome } from '../outcome.ts';
import { isKey, isValue } from './cell.ts';
import { quorumSchema, type QuorumMessage } from './messages.ts';
import { BAD_KEY, BAD_VALUE, BUSY } from './refusals.ts';
import { QuorumRun } from './run.ts';

/**
 * Registers of which every key has copies on n nodes: a write is done when w of them have it, a read
 * when r have answered. The rules QUORUM-1 to QUORUM-20 stand in README.md.
 */
export class Quorum implements Protocol<QuorumMessage> {
  private readonly host: Host<QuorumMessage>;
  private readonly spreading: SpreadingChoice<RegisterSetting>;
  private reachable: () => readonly NodeId[];
  private running: QuorumRun | null = null;
  private isStarted = false;
  /** What the class has chosen: it counts from the start on. */
  private offered: RegisterSetting | null = null;

  constructor(host: Host<QuorumMessage>) {
    this.host = host;
    this.reachable = () => host.neighbours();
    this.spreading = new SpreadingChoice({
      host,
      schema: registerSettingSchema,
      adopted: (setting) => {
        this.running?.end();
        this.running?.copies.clear();
        this.run(setting);
      },
    });
  }

  start(): void {
    this.isStarted = true;
    const kept = this.spreading.start();
    if (kept !== null) this.run(kept);
    if (this.offered !== null) this.use(this.offered);
  }

  stop(): void {
    this.spreading.stop();
  }

  /** Who can be asked beside this node; unless it is said, the neighbours. */
  reachBy(reachable: () => readonly NodeId[]): void {
    this.reachable = reachable;
  }

  /** What the class has chosen. A newer setting that this node has heard of stays. */
  use(setting: RegisterSetting): void {
    this.offered = setting;
    if (this.isStarted) this.spreading.adopt(setting);
  }

  get setting(): RegisterSetting | null {
    return this.spreading.choice;
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  put(key: string, value: Json, onEnd: OnEnd): void {
    if (!isKey(key)) return this.refuse(BAD_KEY, onEnd);
    if (!isValue(value)) return this.refuse(BAD_VALUE, onEnd);
    const asPut = copyJson(value);
    this.ask(onEnd, ({ coordinator }) => coordinator.put(key, asPut, onEnd));
  }

  get(key: string, onEnd: OnEnd): void {
    if (!isKey(key)) return this.refuse(BAD_KEY, onEnd);
    this.ask(onEnd, ({ coordinator }) => coordinator.get(key, onEnd));
  }

  receive(from: NodeId, message: QuorumMessage): void {
    if (!('run' in message)) return this.spreading.receive(from, message);
    const { running, spreading } = this;
    if (running === null || isNewer(message.run, running.setting)) return;
    // Who goes by an older one is told of the newer, as one that has just come.
    if (isNewer(running.setting, message.run)) spreading.neighbourUp(from);
    else running.receive(from, message);
  }

  neighbourUp(id: NodeId): void {
    this.spreading.neighbourUp(id);
    this.running?.handOver();
  }

  neighbourDown(id: NodeId): void {
    this.spreading.neighbourDown(id);
  }

  inspect() {
    const { running } = this;
    return {
      setting: running && { ...running.setting, by: { ...running.setting.by } },
      open: running?.coordinator.size ?? 0,
      kept: (running?.copies.all() ?? []).map(({ home, key, held }) => ({
        ...{ home, key, value: held.value },
        version: held.version && { ...held.version },
      })),
    };
  }

  private run(setting: RegisterSetting): void {
    this.running = new QuorumRun(setting, this.host, () => this.reachable());
    this.running.start();
  }

  /** Where nobody has chosen, whoever is asked first begins with the usual. */
  private ask(onEnd: OnEnd, act: (running: QuorumRun) => void): void {
    const { host, spreading } = this;
    const { self: id, incarnation: life } = host;
    const known = () => {
      if (this.running === null) spreading.adopt(usualSetting(1, { id, life }, this.reachable()));
      act(this.running!);
    };
    if (!spreading.whenKnown(known)) this.refuse(BUSY, onEnd);
  }

  private refuse(refusal: Outcome, onEnd: OnEnd): void {
    this.host.after(0, () => onEnd(refusal));
  }
}

export const quorum: ProtocolDefinition<QuorumMessage, Quorum> = {
  name: 'quorum',
  version: 1,
  schema: quorumSchema,
  lane: 'stream',
  create: (host) => new Quorum(host),
};
