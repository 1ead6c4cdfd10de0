import { describe, expect, test } from 'vitest';
import { ANNOUNCE_MS } from '../../src/membership/adjacency.ts';
import type { Links } from '../../src/membership/overlay/links.ts';
import { MemoryNetwork } from '../../src/network/memory.ts';
import { RelayTransport } from '../../src/network/relay-transport.ts';
import type { Outcome } from '../../src/requests/outcome.ts';
import { requests, type Requests } from '../../src/requests/requests.ts';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import { addProgram, addRequests, choose, type Program } from '../../src/program/program.ts';
import { Node } from '../../src/runtime/node.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';

const SOON_MS = ANNOUNCE_MS + 100;

interface Relaying extends Program {
  readonly calls: Requests;
  readonly node: Node;
  readonly relay: RelayTransport;
}

/** The line stays as the test makes it. */
const FIXED: Links = { contacts: () => [], want() {}, unwant() {} };

/** Nodes in a line that relay by what they learn of the graph. */
function lineOf(count: number) {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time);
  const bare = Array.from({ length: count }, (_, i) => network.transport(testNodeId(i)));
  const nodes = bare.map((transport, i): Relaying => {
    const relay = new RelayTransport(transport);
    const random = new Random(i);
    let cancel = () => {};
    const node: Node = new Node({
      self: transport.self,
      incarnation: 1,
      room: TEST_ROOM,
      monotonic: time.now,
      wallClock: time.now,
      trueTime: time.now,
      random: random.next,
      neighbours: () => relay.neighbours(),
      send: (to, bytes, lane) => relay.send(to, bytes, lane),
      wakeAt(moment) {
        cancel();
        cancel = moment === null ? () => {} : time.alarm(moment, () => node.wake());
      },
      trace: null,
    });
    const program = addProgram(node, { links: FIXED, relay });
    const calls = addRequests(node, program, requests);
    choose(program, DEFAULT_CHOICES);
    calls.serve({ serviceMs: 0, handle: ({ from }) => from });
    relay.start({
      frame: (from, frame) => node.receive(from, frame),
      up: (id) => node.up(id),
      down: (id, reason) => node.down(id, reason),
    });
    node.start();
    return { ...program, calls, node, relay };
  });
  const link = (a: number, b: number) => network.connect(bare[a]!, bare[b]!);
  const unlink = (a: number, b: number) => network.disconnect(bare[a]!, bare[b]!, 'cut');
  const use = (on: boolean) => {
    for (const one of nodes) {
      one.relay.use(on);
      choose(one, { ...DEFAULT_CHOICES, relay: on });
    }
    time.runFor(SOON_MS);
  };
  const call = (from: number, to: number) => {
    const outcomes: Outcome[] = [];
    nodes[from]!.calls.call(testNodeId(to), null, (outcome) => outcomes.push(outcome));
    time.runFor(30_000);
    return outcomes;
  };
  for (let i = 1; i < count; i++) link(i - 1, i);
  time.runFor(0);
  return { time, nodes, link, unlink, use, call };
}

describe('a node that is no neighbour', () => {
  test('RELAY-2 is asked along others, and answers as if it were one; off again, it is not', () => {
    const { use, call, nodes } = lineOf(5);
    expect(call(0, 4)).toMatchObject([{ ok: false, reason: 'no-link', mayHaveHappened: false }]);
    use(true);
    expect(call(0, 4)).toEqual([{ ok: true, value: testNodeId(0), attempts: 1 }]);
    expect(nodes[0]!.node.metrics()['requests']).toMatchObject({ messagesSent: 1, messagesReceived: 1 }); // prettier-ignore
    use(false);
    expect(call(0, 4)).toMatchObject([{ reason: 'no-link' }]);
  });

  test('RELAY-5 cannot be reached into the other side of a partition, until a way is there', () => {
    const { use, call, link, unlink, time } = lineOf(4);
    use(true);
    unlink(1, 2);
    time.runFor(SOON_MS);
    expect(call(0, 3)).toMatchObject([{ reason: 'no-link' }]);
    link(1, 3);
    time.runFor(SOON_MS);
    expect(call(0, 2)).toMatchObject([{ ok: true }]);
  });
});

test('RELAY-6 a node that lies about links makes frames get lost, and none go round', () => {
  const { use, call, nodes, time } = lineOf(4);
  use(true);
  const entry = (origin: number, neighbours: number[]) => ({
    origin: testNodeId(origin),
    life: 1,
    version: 10_000,
    ageMs: 0,
    neighbours: neighbours.map(testNodeId),
  });
  // To node 2, node 1 says that node 9 is behind node 0; to node 0, that it is behind node 3.
  const lies = (to: number, link: readonly [number, number]) =>
    nodes[to]!.adjacency.receive(testNodeId(1), {
      entries: [entry(link[0], [link[1], 1]), entry(link[1], [link[0]])],
    });
  lies(2, [0, 9]);
  lies(0, [2, 9]);
  expect(nodes[0]!.adjacency.routes().get(testNodeId(9))).toBe(testNodeId(1));
  nodes[1]!.relay.setRoutes(() => new Map([[testNodeId(9), testNodeId(2)]]));
  expect(call(0, 9)).toMatchObject([{ ok: false }]);
  expect(nodes[2]!.relay.counts.lost.loop).toBeGreaterThan(0);
  const passed = nodes.map(({ relay }) => relay.counts.passedOn);
  time.runFor(60_000);
  expect(nodes.map(({ relay }) => relay.counts.passedOn)).toEqual(passed);
  expect(call(3, 2)).toMatchObject([{ ok: true }]);
});
