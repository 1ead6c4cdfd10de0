import * as v from 'valibot';
import { TabDisk } from '../../../client/platform/disk/tab-disk.ts';
import { Mesh } from '../../../client/platform/mesh.ts';
import { TabTimers } from '../../../client/platform/timers.ts';
import { Lives } from '../../../client/session/lives.ts';
import { RelayTransport } from '../../../src/network/relay-transport.ts';
import type { Host } from '../../../src/runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../../src/runtime/protocol.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { Member, Relay } from '../../../src/wire/signaling-messages.ts';
import { TEST_ROOM } from '../../support/node-ids.ts';

/**
 * A node with its real disk and its real mesh that stores a number and sends it, a thousand times:
 * so that a test can kill its browser in the middle. Only the post office is of this page.
 */

const valueSchema = v.object({ value: v.number() });
type Value = v.InferOutput<typeof valueSchema>;

class StoreThenSend implements Protocol<Value> {
  readonly host: Host<Value>;
  readonly received: number[] = [];
  private waiting: { count: number; reached: () => void } | null = null;

  constructor(host: Host<Value>) {
    this.host = host;
  }

  start(): void {}
  stop(): void {}

  put(value: number): void {
    this.host.store.put(String(value), value);
    for (const id of this.host.neighbours()) this.host.send(id, { value });
  }

  receive(_from: NodeId, { value }: Value): void {
    this.received.push(value);
    if (this.waiting && this.received.length >= this.waiting.count) this.waiting.reached();
  }

  reached(count: number): Promise<void> {
    return new Promise((reached) => (this.waiting = { count, reached }));
  }

  inspect() {
    return {};
  }
}

const storeThenSend: ProtocolDefinition<Value, StoreThenSend> = {
  name: 'storethensend',
  version: 1,
  schema: valueSchema,
  lane: 'stream',
  create: (host) => new StoreThenSend(host),
};

class Keeper {
  readonly mesh: Mesh;
  private readonly recorder = new Recorder();
  private readonly lives: Lives<StoreThenSend>;

  constructor(self: Member, stunPort: number) {
    const timers = new TabTimers();
    timers.start();
    this.mesh = new Mesh({
      self,
      room: TEST_ROOM,
      timers,
      post: { connected: true, signal: (relay) => void window.carry!(self.id, relay) },
      changed: () => {},
    });
    this.mesh.setIceServers([{ urls: `stun:${location.hostname}:${stunPort}` }]);
    this.lives = new Lives({
      room: TEST_ROOM,
      transport: new RelayTransport(this.mesh),
      timers,
      openDisk: (lost) => TabDisk.open(self.id, timers, lost),
      incarnation: () => self.incarnation,
      protocols: (node) => node.add(storeThenSend),
      begun: () => {},
      ended: () => {},
      renew: () => {},
      trace: this.recorder.record,
      changed: () => {},
    });
  }

  /** Answers what the node found on its disk. */
  async live(): Promise<number[]> {
    await this.lives.start();
    const { store } = this.protocol.host;
    return store.keys().map((key) => store.get(key) as number);
  }

  /** Each a step of its own, one a millisecond: so that a kill finds many still to come. */
  async run(count: number): Promise<void> {
    const turns = new MessageChannel();
    const turn = (): Promise<unknown> =>
      new Promise((next) => {
        turns.port1.onmessage = next;
        turns.port2.postMessage(null);
      });
    const startedAt = performance.now();
    for (let value = 1; value <= count; value++) {
      this.lives.node!.step(() => this.protocol.put(value));
      do await turn();
      while (performance.now() < startedAt + value);
    }
  }

  reached(count: number): Promise<void> {
    return this.protocol.reached(count);
  }

  received(): readonly number[] {
    return this.protocol.received;
  }

  /** What the trace says of the beginning of this life. */
  restarts(): number[] {
    const { events } = this.recorder.since(0, Infinity);
    return events.flatMap((event) => (event.type === 'restart' ? event.entries : []));
  }

  private get protocol(): StoreThenSend {
    return this.lives.protocols!;
  }
}

declare global {
  interface Window {
    /** Given by the test: takes a signal to the other page. */
    carry?: (from: NodeId, relay: Relay) => Promise<void>;
    makeKeeper?: (self: Member, stunPort: number) => void;
    keeper?: Keeper;
  }
}

window.makeKeeper = (self, stunPort) => {
  window.keeper = new Keeper(self, stunPort);
};
