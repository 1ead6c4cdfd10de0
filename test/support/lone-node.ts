import * as v from 'valibot';
import type { Disk } from '../../src/runtime/disk.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import type { Host } from '../../src/runtime/host.ts';
import { Node } from '../../src/runtime/node.ts';
import type { Protocol, ProtocolDefinition } from '../../src/runtime/protocol.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Incarnation, NodeId } from '../../src/vocabulary.ts';
import { encodeBody } from '../../src/wire/body.ts';
import { encodeFrame, type FrameHeader } from '../../src/wire/frame.ts';
import type { Lane, SendOutcome } from '../../src/wire/lane.ts';
import { VectorImage } from '../../src/wire/vector-image.ts';
import { TEST_ROOM, testNodeId } from './node-ids.ts';

export interface Sent {
  readonly to: NodeId;
  readonly bytes: Uint8Array;
  readonly lane: Lane;
}

/** An environment in a test's hand: it says what time it is and sees all that leaves. */
export class TestEnvironment implements Environment {
  readonly self = testNodeId(0);
  readonly incarnation: Incarnation;
  readonly room = TEST_ROOM;
  readonly sent: Sent[] = [];
  readonly events: TraceEvent[] = [];
  readonly lacking: string[] = [];
  now = 0;
  wake: number | null = null;
  outcome: SendOutcome = 'sent';

  readonly disk?: Disk;

  constructor(incarnation: Incarnation = 1, disk?: Disk) {
    this.incarnation = incarnation;
    if (disk !== undefined) this.disk = disk;
  }

  monotonic = () => this.now;
  wallClock = () => 1_000_000 + this.now;
  trueTime = () => this.now;
  random = () => 0.5;
  neighbours = () => [testNodeId(1)];
  wakeAt = (moment: number | null) => {
    this.wake = moment;
  };
  lacks = (protocol: string) => {
    this.lacking.push(protocol);
  };
  trace = (event: TraceEvent) => {
    this.events.push(event);
  };

  send(to: NodeId, bytes: Uint8Array, lane: Lane): SendOutcome {
    if (this.outcome === 'sent') this.sent.push({ to, bytes, lane });
    return this.outcome;
  }

  types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

const echoSchema = v.object({ text: v.string() });
type Echo = v.InferOutput<typeof echoSchema>;

/** Writes down what it is called with; tests act through its host. */
export class EchoProtocol implements Protocol<Echo> {
  readonly host: Host<Echo>;
  readonly calls: unknown[][] = [];

  constructor(host: Host<Echo>) {
    this.host = host;
  }

  start(): void {
    this.calls.push(['start']);
  }
  stop(): void {
    this.calls.push(['stop']);
  }
  receive(from: NodeId, message: Echo): void {
    this.calls.push(['receive', from, message.text]);
  }
  neighbourUp(id: NodeId): void {
    this.calls.push(['up', id]);
  }
  neighbourDown(id: NodeId): void {
    this.calls.push(['down', id]);
  }
  heard(from: NodeId): void {
    this.calls.push(['heard', from]);
  }
  inspect() {
    return this.calls.length;
  }
}

export const echo: ProtocolDefinition<Echo, EchoProtocol> = {
  name: 'echo',
  version: 1,
  schema: echoSchema,
  lane: 'datagram',
  create: (host) => new EchoProtocol(host),
};

/** One node that runs echo alone, started. */
export function loneNode(incarnation: Incarnation = 1, disk?: Disk) {
  const environment = new TestEnvironment(incarnation, disk);
  const node = new Node(environment);
  const protocol = node.add(echo);
  node.start();
  return { environment, node, protocol };
}

/** A frame as neighbour 1 would send it, but for what is changed. */
export function frameFrom(
  change: Partial<FrameHeader> = {},
  message: unknown = { text: 'hi' },
  room = TEST_ROOM,
): Uint8Array {
  const header = {
    sender: testNodeId(1),
    incarnation: 1,
    protocol: 'echo',
    protocolVersion: 1,
    message: 1,
    lamport: 10,
    ...change,
  };
  const vectorBytes = new VectorImage().bytesOf({ ids: [testNodeId(1)], ticks: [4] });
  return encodeFrame(room, header, vectorBytes, encodeBody(message))!;
}
