import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { RefusalCode } from '../../src/wire/refusals.ts';
import type { Admission, ServerToTab, TabToServer } from '../../src/network/control-plane.ts';
import type { NodeAct } from '../../src/network/node-condition.ts';
import type { NetworkChange, NetworkDocument } from '../../src/network/network-document.ts';
import type { Answer, Enter, Refusal } from '../../src/wire/signaling-messages.ts';
import { makeNodeId, type NodeId, type RoomCode } from '../../src/vocabulary.ts';
import { startServer, type ServerOptions, type SignalingServer } from '../../signaling/server.ts';

/** Real sockets of real tabs' kind, on loopback; everything that was opened is closed after the test. */

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netsplit-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function serve(options: Partial<ServerOptions> = {}): Promise<SignalingServer> {
  const server = await startServer({
    ports: [0],
    host: '127.0.0.1',
    stunPort: 0,
    dist: 'no-such-folder',
    data: options.data ?? (await makeFolder()),
    ...options,
    limits: { roomsPerAddress: { burst: 1_000, perSecond: 1_000 }, ...options.limits },
  });
  onTestFinished(() => server.close());
  return server;
}

export interface OpenRoom {
  readonly code: RoomCode;
  readonly key: string;
}

export async function openRoom(server: { readonly port: number }): Promise<OpenRoom> {
  const response = await fetch(`http://127.0.0.1:${server.port}/rooms`, { method: 'POST' });
  return (await response.json()) as OpenRoom;
}

type Events = { [Name in keyof ServerToTab]: Parameters<ServerToTab[Name]>[0] };
export type TabConnection = Socket<ServerToTab, TabToServer>;

/** A tab as the server knows tabs: an identity and a socket, and everything that it was told. */
export class Tab {
  readonly id: NodeId;
  readonly secret = randomBytes(16).toString('hex');
  socket: TabConnection;
  readonly heard: { [Name in keyof Events]: Events[Name][] } = {
    member: [],
    gone: [],
    room: [],
    signal: [],
    network: [],
    act: [],
    there: [],
    refused: [],
    out: [],
  };
  readonly #port: number;

  constructor(port: number, id = makeNodeId(randomBytes(10))) {
    this.#port = port;
    this.id = id;
    this.socket = this.#open();
  }

  #open(): TabConnection {
    const socket: TabConnection = io(`http://127.0.0.1:${this.#port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const events = Object.keys(this.heard) as (keyof Events)[];
    for (const event of events)
      socket.on(event, ((value: never) => this.heard[event].push(value)) as never);
    return socket;
  }

  /** A new socket for the same tab, as after a lost network. */
  reopen(): void {
    this.socket.disconnect();
    this.socket = this.#open();
  }

  claim(room: RoomCode, more: Partial<Enter> = {}): Enter {
    return {
      room,
      id: this.id,
      secret: this.secret,
      incarnation: 1,
      name: 'Otter',
      role: 'node',
      plugged: true,
      ...more,
    };
  }

  enter(room: RoomCode, more: Partial<Enter> = {}): Promise<Answer<Admission>> {
    return ask((reply) => this.socket.emit('enter', this.claim(room, more), reply));
  }

  network(change: NetworkChange) {
    return ask<{ document: NetworkDocument }>((r) => this.socket.emit('network', change, r));
  }

  act(act: NodeAct) {
    return ask((reply) => this.socket.emit('act', act, reply));
  }

  /** Resolves with the next value of an event; call it before what causes it. */
  next<Name extends keyof Events>(event: Name): Promise<Events[Name]> {
    return new Promise((resolve) => this.socket.once(event, resolve as never));
  }

  /** Everything that the server had sent before has arrived once this resolves. */
  async settled(): Promise<void> {
    await ask((reply) => this.socket.emit('present', {}, reply));
  }

  closed(): Promise<string> {
    return new Promise((resolve) => this.socket.once('disconnect', resolve));
  }
}

export function tab(server: { readonly port: number }, id?: NodeId): Tab {
  const opened = new Tab(server.port, id);
  onTestFinished(() => void opened.socket.disconnect());
  return opened;
}

export function ask<Value>(
  emit: (reply: (answer: Answer<Value>) => void) => void,
): Promise<Answer<Value>> {
  return new Promise(emit);
}

/** The name of the refusal, or `ok`. */
export function verdict(answer: Answer<unknown>): RefusalCode | 'ok' {
  return answer.ok ? 'ok' : answer.refusal.code;
}

export function codes(refusals: readonly Refusal[]): RefusalCode[] {
  return refusals.map(({ code }) => code);
}

export function nodeId(index: number): NodeId {
  return makeNodeId(
    Uint8Array.from({ length: 10 }, (_, i) => (i < 8 ? 0 : i === 8 ? index >> 5 : index)),
  );
}

export async function metric(server: SignalingServer, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}
