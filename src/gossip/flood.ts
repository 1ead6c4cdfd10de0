import * as v from 'valibot';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, NodeId } from '../vocabulary.ts';
import { copyJson } from '../wire/json.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { assertFit, payloadSchema } from './payload.ts';

/**
 * Broadcast by flooding: whoever hears something new tells all neighbours but the one it came from.
 * It reaches every node that a chain of open links leads to, and it costs about one message for
 * each link in each direction. The rules FLOOD-1 to FLOOD-7 stand in README.md.
 */

/** A class at its liveliest says a few things a second: this remembers about a quarter of an hour. */
export const MAX_SEEN = 4096;

/** Long enough for any id that `broadcast` makes. */
const MAX_ID_LENGTH = 40;

/** What is told from neighbour to neighbour, unchanged. */
export const floodSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH)),
    origin: nodeIdSchema,
    payload: payloadSchema,
  }),
  v.check(({ id, origin }) => id.startsWith(`${origin}.`), 'id of another origin'),
);
export type FloodMessage = v.InferOutput<typeof floodSchema>;

export interface FloodDelivery {
  readonly id: string;
  /** Who broadcast it, however many nodes passed it on. */
  readonly from: NodeId;
  readonly payload: Json;
}

export class Flood implements Protocol<FloodMessage> {
  private readonly host: Host<FloodMessage>;
  private readonly listeners = new Set<(delivery: FloodDelivery) => void>();
  private readonly seen = new Set<string>();
  private broadcasts = 0;
  private delivered = 0;
  private duplicates = 0;

  constructor(host: Host<FloodMessage>) {
    this.host = host;
  }

  start(): void {}

  stop(): void {}

  /** Tells everyone, this node included. Throws `UnfitPayload` for what cannot be told. */
  broadcast(payload: Json): { readonly id: string } {
    assertFit(payload);
    const { self, incarnation } = this.host;
    this.broadcasts += 1;
    const id = `${self}.${incarnation}.${this.broadcasts}`;
    this.spread({ id, origin: self, payload: copyJson(payload) });
    return { id };
  }

  receive(from: NodeId, message: FloodMessage): void {
    if (this.seen.has(message.id)) {
      this.duplicates += 1;
      return;
    }
    this.spread(message, from);
  }

  /** `listener` hears every broadcast once, from now on. */
  onDeliver(listener: (delivery: FloodDelivery) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  inspect(): Json {
    const { broadcasts, delivered, duplicates } = this;
    return { broadcasts, delivered, duplicates, remembered: this.seen.size };
  }

  /** The first copy: remember it, pass it on, deliver it. */
  private spread(message: FloodMessage, cameFrom?: NodeId): void {
    this.remember(message.id);
    for (const neighbour of this.host.neighbours()) {
      if (neighbour !== cameFrom) this.host.send(neighbour, message);
    }
    this.deliver(message);
  }

  private deliver({ id, origin, payload }: FloodMessage): void {
    this.delivered += 1;
    this.host.record('deliver', { id, from: origin });
    for (const listener of this.listeners) listener({ id, from: origin, payload });
  }

  private remember(id: string): void {
    if (this.seen.size === MAX_SEEN) this.seen.delete(this.seen.values().next().value!);
    this.seen.add(id);
  }
}

export const flood: ProtocolDefinition<FloodMessage, Flood> = {
  name: 'flood',
  version: 1,
  schema: floodSchema,
  lane: 'stream',
  create: (host) => new Flood(host),
};
