import * as v from 'valibot';
import { registerSettingSchema, type RegisterSetting } from '../../network/register-setting.ts';
import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import type { OnEnd, Outcome } from '../outcome.ts';
import { isKey, isValue } from './cell.ts';
import { quorumSchema, type QuorumMessage, type RunId } from './messages.ts';
import { BAD_KEY, BAD_VALUE, NOT_CHOSEN } from './refusals.ts';
import { QuorumRun } from './run.ts';

const SETTING_KEY = 'setting';

/**
 * Registers of which every key has copies on n nodes: a write is done when w of them have it, a read
 * when r have answered. The rules QUORUM-1 to QUORUM-17 stand in README.md.
 */
export class Quorum implements Protocol<QuorumMessage> {
  private readonly host: Host<QuorumMessage>;
  private reachable: () => readonly NodeId[];
  private running: QuorumRun | null = null;
  private isStarted = false;
  /** It counts from the start on. */
  private offered: RegisterSetting | null = null;

  constructor(host: Host<QuorumMessage>) {
    this.host = host;
    this.reachable = () => host.neighbours();
  }

  start(): void {
    this.isStarted = true;
    const stored = v.safeParse(registerSettingSchema, this.host.store.get(SETTING_KEY));
    if (stored.success) this.run(stored.output);
    if (this.offered !== null) this.use(this.offered);
  }

  stop(): void {}

  /** Who can be asked beside this node; unless it is said, the neighbours. */
  reachBy(reachable: () => readonly NodeId[]): void {
    this.reachable = reachable;
  }

  /** What the class has chosen. A newer setting that this node has heard of stays. */
  use(setting: RegisterSetting): void {
    this.offered = setting;
    if (!this.isStarted || !isNewer(setting, this.setting)) return;
    this.running?.end();
    this.running?.copies.clear();
    this.host.store.put(SETTING_KEY, { ...setting, by: { ...setting.by } });
    this.run(setting);
    for (const id of this.host.neighbours()) this.tell(id);
  }

  get setting(): RegisterSetting | null {
    return this.running?.setting ?? null;
  }

  /** `onEnd` hears once how it ended, after this has returned; not at all if this life ends first. */
  put(key: string, value: Json, onEnd: OnEnd): void {
    const { running } = this;
    if (!isKey(key)) return this.refuse(BAD_KEY, onEnd);
    if (!isValue(value)) return this.refuse(BAD_VALUE, onEnd);
    if (running === null) return this.refuse(NOT_CHOSEN, onEnd);
    running.coordinator.put(key, value, onEnd);
  }

  get(key: string, onEnd: OnEnd): void {
    const { running } = this;
    if (!isKey(key)) return this.refuse(BAD_KEY, onEnd);
    if (running === null) return this.refuse(NOT_CHOSEN, onEnd);
    running.coordinator.get(key, onEnd);
  }

  receive(from: NodeId, message: QuorumMessage): void {
    if (message.type === 'setting') return this.use(message.setting);
    if (this.running === null) return;
    if (isNewer(this.running.setting, message.run)) this.tell(from);
    else if (!isNewer(message.run, this.running.setting)) this.running.receive(from, message);
  }

  neighbourUp(id: NodeId): void {
    this.tell(id);
    this.running?.handOver();
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

  private tell(id: NodeId): void {
    const { setting } = this;
    if (setting !== null) this.host.send(id, { type: 'setting', setting });
  }

  private refuse(refusal: Outcome, onEnd: OnEnd): void {
    this.host.after(0, () => onEnd(refusal));
  }
}

/** The later turn; of two at once, by an order that all nodes agree on. */
function isNewer(a: RunId, b: RunId | null): boolean {
  if (b === null || a.turn !== b.turn) return a.turn > (b?.turn ?? 0);
  if (a.by.id !== b.by.id) return a.by.id > b.by.id;
  return a.by.life > b.by.life;
}

export const quorum: ProtocolDefinition<QuorumMessage, Quorum> = {
  name: 'quorum',
  version: 1,
  schema: quorumSchema,
  lane: 'stream',
  create: (host) => new Quorum(host),
};
