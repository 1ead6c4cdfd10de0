import type { Incarnation, NodeId } from '../../vocabulary.ts';

/** Requests of one node that may overtake each other; what is older than that has been here. */
export const WINDOW = 1_024;

/** As many as a room may have nodes, newcomers in place of those that are gone included. */
export const MAX_CLIENTS = 256;

interface Client {
  readonly life: Incarnation;
  highest: number;
  readonly taken: Set<number>;
}

/**
 * Which requests of whom have been here. Links may double what is sent, and a put that were done
 * twice could undo another that came between. Links do not outlive a life of either end, and so
 * neither does what they double: memory is enough.
 */
export class TakenRequests {
  /** The one that asked longest ago first. */
  private readonly clients = new Map<NodeId, Client>();

  /** False for one that has been here; from now on this one has. */
  take(from: NodeId, life: Incarnation, number: number): boolean {
    const client = this.clientOf(from, life);
    if (client === null || number <= client.highest - WINDOW || client.taken.has(number))
      return false;
    client.taken.add(number);
    client.highest = Math.max(client.highest, number);
    for (const old of client.taken) if (old <= client.highest - WINDOW) client.taken.delete(old);
    return true;
  }

  get size(): number {
    return this.clients.size;
  }

  /** Null for a life that has ended. */
  private clientOf(from: NodeId, life: Incarnation): Client | null {
    const known = this.clients.get(from);
    if (known !== undefined && life < known.life) return null;
    this.clients.delete(from);
    const client = known?.life === life ? known : { life, highest: 0, taken: new Set<number>() };
    this.clients.set(from, client);
    if (this.clients.size > MAX_CLIENTS) this.clients.delete(this.clients.keys().next().value!);
    return client;
  }
}
