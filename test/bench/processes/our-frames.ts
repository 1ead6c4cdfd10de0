import { Node } from '../../../src/runtime/node.ts';
import type { Host } from '../../../src/runtime/host.ts';
import type { Protocol } from '../../../src/runtime/protocol.ts';
import { VectorImage } from '../../../src/wire/vector-image.ts';
import { encodeFrame } from '../../../src/wire/frame.ts';
import { encodeBody } from '../../../src/wire/body.ts';
import { testNodeId, TEST_ROOM } from '../../support/node-ids.ts';
import { answer, cpuMs } from './answer.ts';
import { BODIES, SENDER, type FrameBody } from './frame-bodies.ts';

/**
 * All that happens to a message between the protocol that sends it and the one that receives it, in
 * bytes as between two tabs: stamped, encoded, decoded, checked, merged. Nothing carries it.
 */

const ENTRIES = 30;

class Silent implements Protocol<unknown> {
  received = 0;
  readonly host: Host<unknown>;
  constructor(host: Host<unknown>) {
    this.host = host;
  }
  start(): void {}
  stop(): void {}
  receive(): void {
    this.received += 1;
  }
  inspect() {
    return this.received;
  }
}

function lone(index: number, { schema }: FrameBody, send: (bytes: Uint8Array) => void) {
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
      send(bytes);
      return 'sent';
    },
    wakeAt: () => {},
    trace: null,
  });
  const create = (host: Host<unknown>) => new Silent(host);
  const protocol = node.add({ name: 'bench', version: 1, schema, lane: 'stream', create });
  node.start();
  return { node, protocol };
}

/** A frame that tells of 30 nodes, so that whoever receives it tells of them too. */
function introduction({ message }: FrameBody): Uint8Array {
  const ids = Array.from({ length: ENTRIES }, (_, i) => testNodeId(i));
  const vector = new VectorImage().bytesOf({ ids, ticks: ids.map((_, i) => 1_000 + 37 * i) });
  const header = { sender: testNodeId(2), incarnation: 1, protocol: 'bench', protocolVersion: 1 };
  return encodeFrame(
    TEST_ROOM,
    { ...header, message: 1, lamport: 1 },
    vector,
    encodeBody(message),
  )!;
}

const pairs = BODIES.map((body) => {
  const to = testNodeId(1);
  const receiver = lone(1, body, () => {});
  const sender = lone(0, body, (bytes) => receiver.node.receive(SENDER, bytes));
  for (const { node } of [sender, receiver]) node.receive(testNodeId(2), introduction(body));
  const entries = Object.keys(sender.node.clocks().vector).length;
  if (entries !== ENTRIES) throw new Error(`a frame has ${entries} clock entries`);
  return { send: () => sender.protocol.host.send(to, body.message), receiver };
});

/** The time of `rounds` messages, in milliseconds of this process. */
function run({ body, rounds }: { body: number; rounds: number }): number {
  const { send, receiver } = pairs[body]!;
  const before = receiver.protocol.received;
  const startedMs = cpuMs();
  for (let i = 0; i < rounds; i++) send();
  const tookMs = cpuMs() - startedMs;
  if (receiver.protocol.received !== before + rounds) throw new Error('a frame was refused');
  return tookMs;
}

answer({ run });
