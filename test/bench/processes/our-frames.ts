import { VectorImage } from '../../../src/wire/vector-image.ts';
import { encodeFrame } from '../../../src/wire/frame.ts';
import { encodeBody } from '../../../src/wire/body.ts';
import { testNodeId, TEST_ROOM } from '../../support/node-ids.ts';
import { answer, cpuMs } from './answer.ts';
import { BODIES, SENDER, type FrameBody } from './frame-bodies.ts';
import { loneNode } from './lone-node.ts';

const ENTRIES = 30;

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
  const { schema } = body;
  const receiver = loneNode(1, { schema });
  const send = (bytes: Uint8Array) => receiver.node.receive(SENDER, bytes);
  const sender = loneNode(0, { schema, send });
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
