import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { MembershipMessage } from './messages.ts';
import type { Voice } from './voice.ts';

/** Half of the time that the asker waits: this answer then still comes in time. */
export const NACK_MS: Milliseconds = 350;

/** An asker that is well has given up by half of this; one that is unwell waits longer. */
const DROP_MS: Milliseconds = 1_400;

/** All of a large mesh asking at once about a dead node. Beyond it askers get no help from here. */
export const MAX_ERRANDS = 64;

interface Errand {
  readonly asker: NodeId;
  /** The asker's own for it. */
  readonly number: number;
  readonly target: NodeId;
  cancel: Cancel;
}

/** Pings on behalf of others: what they have no answer from, this node may have. */
export class Errands {
  private readonly host: Host<MembershipMessage>;
  private readonly voice: Voice;
  private readonly ping: (target: NodeId) => void;
  private readonly open = new Set<Errand>();

  constructor(host: Host<MembershipMessage>, voice: Voice, ping: (target: NodeId) => void) {
    this.host = host;
    this.voice = voice;
    this.ping = ping;
  }

  get size(): number {
    return this.open.size;
  }

  run(asker: NodeId, number: number, target: NodeId): void {
    if (!this.host.neighbours().includes(target))
      return this.voice.say(asker, { type: 'nack', number });
    if (this.open.size === MAX_ERRANDS) return;
    const errand: Errand = { asker, number, target, cancel: () => {} };
    this.open.add(errand);
    errand.cancel = this.host.after(NACK_MS, () => this.nack(errand));
    this.ping(target);
  }

  /** A sign of life of whom it was sent to. */
  heard(target: NodeId): void {
    for (const errand of this.open) {
      if (errand.target !== target) continue;
      errand.cancel();
      this.open.delete(errand);
      this.voice.say(errand.asker, { type: 'ack', number: errand.number });
    }
  }

  /** An answer that comes later is still passed on. */
  private nack(errand: Errand): void {
    this.voice.say(errand.asker, { type: 'nack', number: errand.number });
    errand.cancel = this.host.after(DROP_MS - NACK_MS, () => this.open.delete(errand));
  }
}
