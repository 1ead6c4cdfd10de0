import * as v from 'valibot';
import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, NodeId } from '../../vocabulary.ts';

/**
 * The smallest protocol that needs a disk: whoever is asked to keep a value stores it, and then
 * acknowledges it. What was acknowledged is kept for ever, whatever crashes.
 */
const keeperSchema = v.object({ type: v.picklist(['keep', 'kept']), value: v.number() });
type KeeperMessage = v.InferOutput<typeof keeperSchema>;

export class Keeper implements Protocol<KeeperMessage> {
  private readonly host: Host<KeeperMessage>;
  private readonly onKept: (keeper: NodeId, value: number) => void;

  constructor(host: Host<KeeperMessage>, onKept: (keeper: NodeId, value: number) => void) {
    this.host = host;
    this.onKept = onKept;
  }

  start(): void {}

  stop(): void {}

  /** Asks a neighbour to keep a value. No answer says nothing: it may be kept or not. */
  ask(keeper: NodeId, value: number): void {
    this.host.send(keeper, { type: 'keep', value });
  }

  receive(from: NodeId, { type, value }: KeeperMessage): void {
    if (type === 'kept') return this.onKept(from, value);
    // In either order: both are one step, and the message leaves when the value is durable.
    this.host.send(from, { type: 'kept', value });
    this.host.store.put(String(value), true);
  }

  keeps(value: number): boolean {
    return this.host.store.get(String(value)) === true;
  }

  inspect(): Json {
    return this.host.store.keys().length;
  }
}

export function keeper(
  onKept: (keeper: NodeId, value: number) => void,
): ProtocolDefinition<KeeperMessage, Keeper> {
  return {
    name: 'keeper',
    version: 1,
    schema: keeperSchema,
    lane: 'stream',
    create: (host) => new Keeper(host, onKept),
  };
}
