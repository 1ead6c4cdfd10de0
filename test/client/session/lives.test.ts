import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DiskFailure, type DiskTrouble } from '../../../client/platform/disk/disk-trouble.ts';
import { Lives, type LastingDisk } from '../../../client/session/lives.ts';
import { MemoryNetwork, type MemoryTransport } from '../../../src/network/memory.ts';
import { writeEnvelope } from '../../../src/network/relay-envelope.ts';
import { RelayTransport } from '../../../src/network/relay-transport.ts';
import type { Host } from '../../../src/runtime/host.ts';
import type { Node } from '../../../src/runtime/node.ts';
import type { ProtocolDefinition } from '../../../src/runtime/protocol.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { TEST_ROOM, testNodeId } from '../../support/node-ids.ts';
import { SlowDisk } from '../../support/slow-disk.ts';

type Bare = { readonly host: Host<null>; start(): void; stop(): void; receive(): void };

/** A protocol that does nothing of its own: its host is in the test's hand. */
const bare: ProtocolDefinition<null, Bare & { inspect(): null }> = {
  name: 'bare',
  version: 1,
  schema: v.null(),
  lane: 'stream',
  create: (host) => ({ host, start() {}, stop() {}, receive() {}, inspect: () => null }),
};

class TestDisk extends SlowDisk implements LastingDisk {
  closed = false;

  reset(keep: boolean): Promise<void> {
    this.crash();
    if (!keep) this.durable.clear();
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

/** The disk of each opening, or why there is none. */
function setUp(disk: TestDisk | DiskTrouble = new TestDisk()) {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time);
  const [own, other] = [network.transport(testNodeId(1)), network.transport(testNodeId(2))];
  const relay = new RelayTransport(own);
  const heard: Uint8Array[] = [];
  other.start({ frame: (_from, bytes) => void heard.push(bytes), up() {}, down() {} });
  const events: TraceEvent[] = [];
  const calls: string[] = [];
  let incarnation = 1;
  let loseDisk: (trouble: DiskTrouble) => void = () => {};
  const lives = new Lives<Bare>({
    room: TEST_ROOM,
    transport: relay,
    timers: time,
    openDisk: (lost) => {
      loseDisk = lost;
      return typeof disk === 'string'
        ? Promise.reject(new DiskFailure(disk))
        : Promise.resolve(disk);
    },
    incarnation: () => incarnation,
    protocols: (node: Node) => node.add(bare),
    begun: () => calls.push('begun'),
    ended: () => calls.push('ended'),
    renew: () => {
      calls.push('renew');
      incarnation += 1;
    },
    trace: (event) => events.push(event),
    changed: () => {},
  });
  return {
    time,
    network,
    own,
    relay,
    other,
    heard,
    events,
    calls,
    lives,
    loseDisk: () => loseDisk,
  };
}

type Setting = ReturnType<typeof setUp>;

function linkUp({ network, own, other, time }: Setting): void {
  network.connect(own as MemoryTransport, other as MemoryTransport);
  time.runFor(10);
}

const kinds = ({ events }: Setting): string[] => events.map(({ type }) => type);

/** Lets all that was promised come about. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the lives of a node in a tab', () => {
  test('the first one begins when the disk is open, and hears of links that opened before', async () => {
    const setting = setUp();
    const { lives, own } = setting;
    const begun = lives.start();
    expect(lives).toMatchObject({ state: 'starting', node: null, disk: { state: 'opening' } });
    own.start({ frame() {}, up() {}, down() {} });
    linkUp(setting);
    await begun;
    expect(lives).toMatchObject({ state: 'up', disk: { state: 'ready' } });
    expect(kinds(setting)).toEqual(['start', 'store', 'up']);
  });

  test('without a disk the node works, and it is said why there is none', async () => {
    const setting = setUp('refused');
    const { lives, heard } = setting;
    await lives.start();
    expect(lives).toMatchObject({ state: 'up', disk: { state: 'none', trouble: 'refused' } });
    linkUp(setting);
    lives.protocols!.host.send(testNodeId(2), null);
    setting.time.runFor(10);
    expect(heard).toHaveLength(1);
  });

  test('STORE-1 a disk that fails ends the life: what waited for it is never let out', async () => {
    const disk = new TestDisk();
    const setting = setUp(disk);
    const { lives, heard, calls } = setting;
    await lives.start();
    linkUp(setting);
    disk.finishAll();
    lives.node!.step(() => {
      lives.protocols!.host.store.put('promise', 1);
      lives.protocols!.host.send(testNodeId(2), null);
    });
    setting.loseDisk()('full');
    await settle();
    setting.time.runFor(1_000);

    expect(heard).toEqual([]);
    expect(calls).toEqual(['begun', 'ended', 'renew', 'begun']);
    expect(lives).toMatchObject({ state: 'up', disk: { state: 'none', trouble: 'full' } });
    expect(kinds(setting)).toEqual(['start', 'store', 'up', 'store', 'crash', 'start', 'up']);
    expect(setting.events.at(-1)).toMatchObject({ incarnation: 2 });
    expect(lives.protocols!.host.store.keys()).toEqual([]);
  });

  test('NODE-10 restart finds what is durable, and nothing of what was still on its way', async () => {
    const disk = new TestDisk();
    const { lives } = setUp(disk);
    await lives.start();
    lives.protocols!.host.store.put('kept', 1);
    disk.finishAll();
    lives.protocols!.host.store.put('lost', 2);
    lives.crash();
    expect(lives).toMatchObject({ state: 'crashed', node: null, protocols: null });
    await lives.restart(true);
    expect(lives.protocols!.host.store.keys()).toEqual(['kept']);
    await lives.restart(false);
    expect(lives.protocols!.host.store.keys()).toEqual([]);
    expect(lives.protocols!.host.incarnation).toBe(3);
  });

  test('restarting twice at once is one new life, over the disk that the first call asked for', async () => {
    const disk = new TestDisk();
    const { lives, calls } = setUp(disk);
    await lives.start();
    disk.finishAll();
    await Promise.all([lives.restart(true), lives.restart(false)]);
    expect(calls).toEqual(['begun', 'ended', 'renew', 'begun']);
    expect(disk.durable.size).toBe(1);
  });

  test('RELAY-9 while its node is paused, a tab passes on nothing of others', async () => {
    const setting = setUp();
    const { lives, network, own, relay, other, heard, time } = setting;
    await lives.start();
    linkUp(setting);
    const third = network.transport(testNodeId(3));
    third.start({ frame() {}, up() {}, down() {} });
    network.connect(third, own);
    relay.use(true);
    relay.setRoutes(() => new Map([[other.self, other.self]]));
    time.runFor(10);
    heard.length = 0;
    lives.pause(1_000);
    const frame = Uint8Array.of(7);
    const envelope = { lane: 'stream', target: other.self, path: [third.self], frame } as const;
    third.send(own.self, writeEnvelope(envelope), 'stream');
    time.runFor(900);
    expect(heard).toEqual([]);
    time.runFor(200);
    expect(lives.state).toBe('up');
    expect(heard).toHaveLength(1);
  });

  test('NODE-9 a pause ends by itself, a second one replaces what was left, a crash ends it', async () => {
    const setting = setUp();
    const { lives, time } = setting;
    await lives.start();
    lives.pause(1_000);
    time.runFor(600);
    expect(lives).toMatchObject({ state: 'paused', resumesAt: 1_000 });
    lives.pause(1_000);
    time.runFor(999);
    expect(lives.state).toBe('paused');
    time.runFor(1);
    expect(lives).toMatchObject({ state: 'up', resumesAt: null });
    expect(kinds(setting)).toEqual(['start', 'store', 'pause', 'resume']);

    lives.pause(1_000);
    lives.crash();
    time.runFor(5_000);
    expect(lives).toMatchObject({ state: 'crashed', resumesAt: null });
    expect(kinds(setting).slice(-2)).toEqual(['pause', 'crash']);
  });

  test('timers run on the node’s own clock, also when its rate changes under them', async () => {
    const { lives, time } = setUp('refused');
    await lives.start();
    const firedAt: number[] = [];
    const { host } = lives.protocols!;
    host.after(1_000, () => firedAt.push(time.now()));
    lives.drift(100_000);
    time.runFor(2_000);
    // A clock that is a tenth too fast shows 1,000 ms after 909.
    expect(firedAt).toHaveLength(1);
    expect(firedAt[0]).toBeCloseTo(1_000 / 1.1, 3);
    expect(host.monotonic()).toBeCloseTo(2_200, 3);
  });

  test('a page that goes before its disk is open begins no life, and closes it', async () => {
    const disk = new TestDisk();
    const { lives } = setUp(disk);
    const begun = lives.start();
    lives.stop();
    await begun;
    expect(lives).toMatchObject({ state: 'stopped', node: null });
    expect(disk.closed).toBe(true);
  });
});
