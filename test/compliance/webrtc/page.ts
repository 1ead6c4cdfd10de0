import { Mesh } from '../../../client/platform/mesh.ts';
import { TabTimers } from '../../../client/platform/timers.ts';
import { UNTOUCHED } from '../../../src/network/network-document.ts';
import { RuledTransport } from '../../../src/network/ruled-transport.ts';
import { Random } from '../../../src/simulator/random.ts';
import type { Transport } from '../../../src/network/transport.ts';
import type { Relay } from '../../../src/wire/signaling-messages.ts';
import type { NodeId, RoomCode } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { transportCompliance, type TransportHarness } from '../transport.ts';

/**
 * The transport suite over real data channels: several meshes in one page, each with connections of
 * its own to the others. Only the post office between them is of this page.
 */

const DEADLINE_MS = 20_000;
const QUIET_MS = 300;
const ROOM = 'TETHER' as RoomCode;

const stunPort = new URLSearchParams(location.search).get('stun');
const timers = new TabTimers();
timers.start();

const meshes = new Map<NodeId, Mesh>();
let made = 0;

function addMesh(): Mesh {
  const id = testNodeId(made++);
  const post = {
    connected: true,
    signal: ({ to, nonce, signal }: Relay) =>
      queueMicrotask(() => meshes.get(to)?.takeSignal('server', id, nonce, signal)),
  };
  const self = {
    id,
    name: id,
    role: 'node',
    incarnation: 1,
    plugged: true,
    present: true,
  } as const;
  const mesh = new Mesh({ self, room: ROOM, timers, post, changed: () => {} });
  mesh.setIceServers([{ urls: `stun:${location.hostname}:${stunPort}` }]);
  meshes.set(id, mesh);
  return mesh;
}

function want(a: Transport, b: Transport, plugged: boolean): void {
  for (const [mesh, other] of [
    [meshes.get(a.self)!, b.self],
    [meshes.get(b.self)!, a.self],
  ] as const)
    mesh.takeMember({
      id: other,
      name: other,
      role: 'node',
      incarnation: 1,
      plugged,
      present: true,
    });
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${DEADLINE_MS} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Rules that take back nothing of what a transport promises, each way between all in a case. */
function underRules(mesh: Mesh, others: readonly Mesh[]): RuledTransport {
  const ruled = new RuledTransport(mesh, timers, new Random(mesh.self));
  const pairs = others.flatMap((from) => others.map((to) => ({ from: from.self, to: to.self })));
  const rules = pairs
    .filter(({ from, to }) => from !== to)
    .map((direction) => ({ ...direction, latencyMs: 20, jitterMs: 20, reorder: 0.1 }));
  ruled.take({ ...UNTOUCHED, version: 1, rules });
  return ruled;
}

const harnessOf = (ruled: boolean): TransportHarness => ({
  async mesh(listeners) {
    const bare = listeners.map(() => addMesh());
    const all = bare.map((mesh) => (ruled ? underRules(mesh, bare) : mesh));
    all.forEach((transport, index) => transport.start(listeners[index]!));
    all.forEach((a, index) => all.slice(index + 1).forEach((b) => want(a, b, true)));
    await until('all links', () =>
      all.every((transport) => transport.neighbours().length === listeners.length - 1),
    );
    return all;
  },
  drop: (a, b) => want(a, b, false),
  relink: (a, b) => want(a, b, true),
  until,
  quiet: () => new Promise((resolve) => setTimeout(resolve, QUIET_MS)),
});

declare global {
  interface Window {
    /** Runs one case of the suite; null, or what is wrong. */
    runCase?: (title: string, ruled: boolean) => Promise<string | null>;
  }
}

window.runCase = async (title, ruled) => {
  const found = transportCompliance.find((each) => each.title === title);
  if (!found) return `no case of this title: ${title}`;
  try {
    await found.run(harnessOf(ruled));
    return null;
  } catch (error) {
    return String(error);
  }
};
