import type * as v from 'valibot';
import type { Host } from '../../../src/runtime/host.ts';
import { Node } from '../../../src/runtime/node.ts';
import type { Protocol } from '../../../src/runtime/protocol.ts';
import { testNodeId, TEST_ROOM } from '../../support/node-ids.ts';

/** Counts what arrives, and hands it on. */
class Counting implements Protocol<unknown> {
  received = 0;
  readonly host: Host<unknown>;
  readonly #arrived: (message: unknown) => void;
  constructor(host: Host<unknown>, arrived: (message: unknown) => void) {
    this.host = host;
    this.#arrived = arrived;
  }
  start(): void {}
  stop(): void {}
  receive(_from: unknown, message: unknown): void {
    this.received += 1;
    this.#arrived(message);
  }
  inspect() {
    return this.received;
  }
}

interface Ends {
  readonly schema: v.GenericSchema;
  /** Takes the frames that it sends. */
  readonly send?: (bytes: Uint8Array) => void;
  readonly arrived?: (message: unknown) => void;
}

/**
 * A node with one protocol. What one sends and another receives goes all the way between their protocols, in
 * bytes as between two tabs: stamped, encoded, decoded, checked, merged. Nothing carries it.
 */
export function loneNode(index: number, { schema, send, arrived = () => {} }: Ends) {
  const node = new Node({
    self: testNodeId(index),
    incarnation: 1,
    room: TEST_ROOM,
    monotonic: () => 0,
    wallClock: () => 0,
    trueTime: () => 0,
    random: () => 0,
    neighbours: () => [],
    send: (_to, bytes) => {
      send?.(bytes);
      return 'sent';
    },
    wakeAt: () => {},
    trace: null,
  });
  const create = (host: Host<unknown>) => new Counting(host, arrived);
  const protocol = node.add({ name: 'bench', version: 1, schema, lane: 'stream', create });
  node.start();
  return { node, protocol };
}
