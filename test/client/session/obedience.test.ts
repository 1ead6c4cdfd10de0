import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Lives, type LastingDisk } from '../../../client/session/lives.ts';
import { Obedience } from '../../../client/session/obedience.ts';
import { MemoryNetwork } from '../../../src/network/memory.ts';
import { UNTOUCHED, type NetworkDocument } from '../../../src/network/network-document.ts';
import type { NodeAct } from '../../../src/network/node-condition.ts';
import { DEFAULT_CHOICES, type RoomChoices } from '../../../src/network/room-choices.ts';
import { RelayTransport } from '../../../src/network/relay-transport.ts';
import { RuledTransport } from '../../../src/network/ruled-transport.ts';
import type { LinkRules } from '../../../src/network/rules-document.ts';
import type { ProtocolDefinition } from '../../../src/runtime/protocol.ts';
import { Random } from '../../../src/simulator/random.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { rule } from '../../network/measure.ts';
import { TEST_ROOM, testNodeId } from '../../support/node-ids.ts';
import { SlowDisk } from '../../support/slow-disk.ts';

class TestDisk extends SlowDisk implements LastingDisk {
  reset(): Promise<void> {
    this.crash();
    return Promise.resolve();
  }
  close(): void {}
}

const idle: ProtocolDefinition<
  null,
  { start(): void; stop(): void; receive(): void; inspect(): null }
> = {
  name: 'idle',
  version: 1,
  schema: v.null(),
  lane: 'stream',
  create: () => ({ start() {}, stop() {}, receive() {}, inspect: () => null }),
};

const SELF = testNodeId(1);

function setUp() {
  const time = new VirtualTime();
  const transport = new RuledTransport(
    new MemoryNetwork(time).transport(SELF),
    time,
    new Random('a seed'),
  );
  const events: TraceEvent[] = [];
  const obeyed: LinkRules[] = [];
  let incarnation = 1;
  let plugs = 0;
  const chosen: RoomChoices[] = [];
  const lives = new Lives({
    room: TEST_ROOM,
    transport: new RelayTransport(transport),
    timers: time,
    openDisk: () => Promise.resolve(new TestDisk()),
    incarnation: () => incarnation,
    protocols: (node) => node.add(idle),
    begun: (node) => obedience.begun(node),
    ended: () => {},
    renew: () => void incarnation++,
    trace: (event) => events.push(event),
    changed: () => {},
  });
  const obedience = new Obedience({
    transport,
    mesh: { obey: (rules) => obeyed.push(rules) },
    lives,
    plug: () => void plugs++,
    choose: (choices) => void chosen.push(choices),
    edit: (deeds) => (deeds.length > 0 ? Promise.resolve(null) : 'Nothing to do.'),
    nameOf: () => 'Heron',
  });
  const take = (change: Partial<NetworkDocument>) => obedience.take({ ...UNTOUCHED, ...change });
  const act = (told: object) => obedience.act({ id: SELF, ...told } as NodeAct);
  const orders = () =>
    events.flatMap((event) =>
      event.type === 'order'
        ? [{ title: event.title, version: event.version, under: event.under }]
        : [],
    );
  return { time, lives, obedience, take, act, orders, obeyed, plugs: () => plugs, events, chosen };
}

describe('a tab under the teacher’s network', () => {
  test('works by what the newest document chooses', () => {
    const { take, chosen } = setUp();
    const phi: RoomChoices = { ...DEFAULT_CHOICES, detector: 'phi' };
    take({ version: 2, choices: phi });
    take({ version: 1, choices: DEFAULT_CHOICES });
    expect(chosen).toEqual([phi]);
  });

  test('writes each document down, and what befalls its own node only when that changes', async () => {
    const { lives, take, orders, obeyed, plugs } = setUp();
    await lives.start();
    take({ version: 1, title: 'elsewhere', rules: [rule({ loss: 1 }, 3, 4)] });
    take({
      version: 2,
      title: 'here',
      rules: [rule({ latencyMs: 9 })],
      conditions: [{ id: SELF, slowMs: 5 }],
    });
    take({ version: 2, title: 'again', rules: [] });
    take({
      version: 3,
      title: 'still',
      rules: [rule({ latencyMs: 9 })],
      conditions: [{ id: SELF, slowMs: 5 }],
    });
    take({ version: 4, title: 'clear' });
    const under = { links: [{ to: testNodeId(2), rule: { latencyMs: 9 } }], node: { slowMs: 5 } };
    expect(orders()).toEqual([
      { title: 'elsewhere', version: 1, under: null },
      { title: 'here', version: 2, under },
      { title: 'still', version: 3, under: null },
      { title: 'clear', version: 4, under: { links: [], node: {} } },
    ]);
    expect(obeyed.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    expect(plugs()).toBe(4);
  });

  test('sets both clocks, and a life that begins later is under the same', async () => {
    const { time, lives, obedience, take, act, orders } = setUp();
    take({
      version: 5,
      title: 'clocks',
      conditions: [{ id: SELF, wallOffsetMs: 5_000, driftPpm: 100_000 }],
    });
    expect(orders()).toEqual([]);
    await lives.start();
    const under = { links: [], node: { driftPpm: 100_000, wallOffsetMs: 5_000 } };
    expect(orders()).toEqual([{ title: 'clocks', version: 5, under }]);
    const before = lives.monotonic.now();
    const ahead = lives.wall.error;
    time.runFor(1_000);
    expect(lives.monotonic.now() - before).toBeCloseTo(1_100);
    expect(ahead).toBeGreaterThanOrEqual(5_000);
    await lives.restart(true);
    expect(orders().at(-1)).toEqual({ title: 'clocks', version: 5, under });
    expect(act({ do: 'jump', byMs: -2_000 })).toBeNull();
    expect(obedience.jumpedMs).toBe(-2_000);
    take({ version: 6, title: 'right' });
    expect(lives.wall.driftPpm).toBe(0);
  });

  test('edits the board as it is told, and does not while it is paused or crashed', async () => {
    const { lives, act, orders } = setUp();
    await lives.start();
    expect(act({ do: 'edit', deeds: [] })).toBe('Nothing to do.');
    expect(orders()).toEqual([]);
    expect(await act({ do: 'edit', deeds: [{}] })).toBeNull();
    expect(orders().map(({ title }) => title)).toEqual(['lets Heron edit the board']);
    void act({ do: 'pause', ms: 4_000 });
    expect(act({ do: 'edit', deeds: [{}] })).toBe('This node is paused.');
    void act({ do: 'crash' });
    expect(act({ do: 'edit', deeds: [{}] })).toBe('This node has crashed already.');
    expect(lives.state).toBe('crashed');
  });

  test('is paused, crashed and restarted, each an event before it happens', async () => {
    const { time, lives, obedience, act, events } = setUp();
    expect(act({ do: 'crash' })).toBe('This tab is not a node yet.');
    await lives.start();
    expect(act({ do: 'pause', ms: 4_000 })).toBeNull();
    expect([lives.state, obedience.struck]).toEqual(['paused', true]);
    time.runFor(4_000);
    expect(lives.state).toBe('up');
    expect(act({ do: 'crash' })).toBeNull();
    expect(lives.state).toBe('crashed');
    expect(act({ do: 'crash' })).toBe('This node has crashed already.');
    expect(act({ do: 'pause', ms: 5 })).toBe('This node has crashed already.');
    expect(act({ do: 'restart', keepDisk: false })).toBeNull();
    await expect.poll(() => lives.state).toBe('up');
    expect(obedience.struck).toBe(false);
    await expect.poll(() => events.at(-1)?.type).toBe('order');
    const told = events
      .filter(({ type }) => type !== 'store')
      .map((event) => (event.type === 'order' ? event.title : event.type));
    expect(told).toEqual([
      'start',
      'freezes Heron for 4 s',
      'pause',
      'resume',
      'crashes Heron',
      'crash',
      'start',
      'restart',
      'restarts Heron without its disk',
    ]);
  });
});
