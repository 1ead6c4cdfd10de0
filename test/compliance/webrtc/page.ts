import { Mesh } from '../../../client/platform/mesh.ts';
import { TabTimers } from '../../../client/platform/timers.ts';
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

const harness: TransportHarness = {
  async mesh(listeners) {
    const all = listeners.map((listener) => {
      const mesh = addMesh();
      mesh.start(listener);
      return mesh;
    });
    all.forEach((a, index) => all.slice(index + 1).forEach((b) => want(a, b, true)));
    await until('all links', () =>
      all.every((mesh) => mesh.neighbours().length === listeners.length - 1),
    );
    return all;
  },
  drop: (a, b) => want(a, b, false),
  relink: (a, b) => want(a, b, true),
  until,
  quiet: () => new Promise((resolve) => setTimeout(resolve, QUIET_MS)),
};

declare global {
  interface Window {
    /** Runs one case of the suite; null, or what is wrong. */
    runCase?: (title: string) => Promise<string | null>;
  }
}

window.runCase = async (title) => {
  const found = transportCompliance.find((each) => each.title === title);
  if (!found) return `no case of this title: ${title}`;
  try {
    await found.run(harness);
    return null;
  } catch (error) {
    return String(error);
  }
};
