import { describe, expect, test } from 'vitest';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { MemoryNetwork, type Delay } from '../../src/network/memory.ts';
import { partition } from '../../src/network/partition.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Lane } from '../../src/wire/lane.ts';
import { testNodeId } from '../support/node-ids.ts';
import { binomialSlack, rule } from './measure.ts';

/** Linked transports, numbered from 1; what each hears is written down with its time. */
function network(nodes: number, delay: Delay = () => 1, seed = 'a seed') {
  const time = new VirtualTime();
  const net = new MemoryNetwork(time, delay, new Random(seed));
  const heard: unknown[][][] = [];
  const transports = Array.from({ length: nodes }, (_, i) => {
    const transport = net.transport(testNodeId(i + 1));
    const mine: unknown[][] = [];
    heard.push(mine);
    transport.start({
      frame: (from, bytes) => mine.push([time.now(), Number(from.slice(1)), [...bytes]]),
      up: (id) => mine.push([time.now(), 'up', Number(id.slice(1))]),
      down: (id, reason) => mine.push([time.now(), 'down', Number(id.slice(1)), reason]),
    });
    return transport;
  });
  for (const a of transports) for (const b of transports) if (a !== b) net.connect(a, b);
  time.runFor(0);
  for (const mine of heard) mine.length = 0;
  let version = 0;
  const setRules = (...rules: LinkRule[]) => net.setRules({ version: ++version, rules });
  const send = (from: number, to: number, byte: number, lane: Lane = 'datagram') =>
    transports[from - 1]!.send(testNodeId(to), Uint8Array.of(byte), lane);
  return { time, net, transports, heard, setRules, send };
}

describe('rules in the in-memory network', () => {
  test('MEMORY-5 act in their direction alone, on both lanes, beside the network’s own delay', () => {
    const { time, heard, setRules, send } = network(2);
    setRules(rule({ latencyMs: 50 }));
    for (const lane of ['stream', 'datagram'] as const) {
      send(1, 2, 7, lane);
      send(2, 1, 8, lane);
    }
    time.runFor(1_000);
    expect(heard[0]).toEqual([[1, 2, [8]], [1, 2, [8]]]); // prettier-ignore
    expect(heard[1]).toEqual([[51, 1, [7]], [51, 1, [7]]]); // prettier-ignore
  });

  test.each<Lane>(['stream', 'datagram'])(
    'MEMORY-5 loss on the %s loses its share one way and nothing on the way back',
    (lane) => {
      const { time, heard, setRules, send } = network(2);
      setRules(rule({ loss: 0.2 }));
      for (let i = 0; i < 5_000; i++) {
        expect([send(1, 2, 1, lane), send(2, 1, 1, lane)]).toEqual(['sent', 'sent']);
        time.runFor(1);
      }
      time.runFor(10);
      expect(heard[0]).toHaveLength(5_000);
      expect(Math.abs(heard[1]!.length - 4_000)).toBeLessThan(binomialSlack(5_000, 0.2));
    },
  );

  test('MEMORY-5 a doubled frame arrives twice, and each arrival owns its bytes', () => {
    const { time, net, transports, setRules, heard } = network(2);
    const arrived: Uint8Array[] = [];
    const c = net.transport(testNodeId(3));
    c.start({ frame: (_from, bytes) => arrived.push(bytes), up: () => {}, down: () => {} });
    net.connect(transports[0]!, c);
    setRules(rule({ duplicate: 1 }, 1, 3));
    time.runFor(0);
    transports[0]!.send(c.self, Uint8Array.of(1, 2), 'stream');
    time.runFor(10);
    arrived[0]!.fill(9);
    expect(arrived.map((bytes) => [...bytes])).toEqual([[9, 9], [1, 2]]); // prettier-ignore
    expect(heard[1]).toEqual([]);
  });

  test('MEMORY-5 the line’s queue is real: the sender hears overflow, and a meter reads what waits', () => {
    const { time, net, transports, heard, setRules } = network(2);
    setRules(rule({ bytesPerSecond: 1_000, queueBytes: 250 }));
    const outcomes = Array.from({ length: 4 }, () =>
      transports[0]!.send(testNodeId(2), new Uint8Array(100), 'stream'),
    );
    expect(outcomes).toEqual(['sent', 'sent', 'overflow', 'overflow']);
    expect(net.queuedBytes(testNodeId(1), testNodeId(2))).toBe(200);
    expect(net.queuedBytes(testNodeId(2), testNodeId(1))).toBe(0);
    time.runFor(150);
    expect(net.queuedBytes(testNodeId(1), testNodeId(2))).toBe(50);
    time.runFor(1_000);
    expect(heard[1]!.map(([at]) => at)).toEqual([101, 201]);
  });

  test('MEMORY-5 the stream keeps its order when the rule that slowed it is lifted', () => {
    const { time, heard, setRules, send } = network(2);
    setRules(rule({ latencyMs: 100 }));
    send(1, 2, 1, 'stream');
    setRules();
    send(1, 2, 2, 'stream');
    send(1, 2, 3, 'datagram');
    time.runFor(1_000);
    expect(heard[1]).toEqual([[1, 1, [3]], [101, 1, [1]], [101, 1, [2]]]); // prettier-ignore
  });

  test('MEMORY-5 what a rule draws does not depend on other directions', () => {
    const arrivals = (busy: boolean) => {
      const { time, heard, setRules, send } = network(3);
      setRules(rule({ loss: 0.5 }), rule({ loss: 0.5 }, 1, 3), rule({ loss: 0.5 }, 2, 1));
      for (let i = 0; i < 200; i++) {
        send(1, 2, i);
        if (busy) for (const [from, to] of [[1, 3], [2, 1]] as const) send(from, to, i); // prettier-ignore
        time.runFor(1);
      }
      return heard[1]!.filter(([, from]) => from === 1);
    };
    expect(arrivals(true)).toEqual(arrivals(false));
  });

  test('MEMORY-5 two directions under the same rule lose different frames', () => {
    const { time, heard, setRules, send } = network(2);
    setRules(rule({ loss: 0.5 }), rule({ loss: 0.5 }, 2, 1));
    for (let i = 0; i < 100; i++) for (const [from, to] of [[1, 2], [2, 1]] as const) send(from, to, i); // prettier-ignore
    time.runFor(10);
    const arrived = (node: number) => heard[node]!.map(([, , bytes]) => bytes);
    expect(arrived(0)).not.toEqual(arrived(1));
  });

  test('MEMORY-5 a rule that needs chance fails loudly in a network that has none', () => {
    const time = new VirtualTime();
    const net = new MemoryNetwork(time);
    const [a, b] = [net.transport(testNodeId(1)), net.transport(testNodeId(2))];
    for (const one of [a, b]) one.start({ frame: () => {}, up: () => {}, down: () => {} });
    net.connect(a, b);
    time.runFor(0);
    net.setRules({ version: 1, rules: [rule({ latencyMs: 5 })] });
    expect(a.send(b.self, Uint8Array.of(1), 'stream')).toBe('sent');
    net.setRules({ version: 2, rules: [rule({ loss: 0.5 })] });
    expect(() => a.send(b.self, Uint8Array.of(1), 'stream')).toThrow(/seeded generator/);
  });
});

/** Both ways, as a link is closed. */
const severed = [rule({ cut: true }), rule({ cut: true }, 2, 1)];

describe('a cut', () => {
  test('LINK-1 of one way: nothing passes, on its way or sent later, and the sender knows; all passes back', () => {
    const { time, heard, transports, setRules, send } = network(3);
    send(1, 2, 1);
    setRules(rule({ cut: true }));
    expect(send(1, 2, 2)).toBe('no-link');
    expect(send(2, 1, 3)).toBe('sent');
    expect(send(1, 3, 4)).toBe('sent');
    time.runFor(10);
    expect(heard.map((mine) => mine.splice(0))).toEqual([[[1, 2, [3]]], [], [[1, 1, [4]]]]);
    expect(transports[0]!.neighbours()).toEqual([testNodeId(2), testNodeId(3)]);
    setRules();
    expect(send(1, 2, 5)).toBe('sent');
    time.runFor(1);
    expect(heard[1]).toEqual([[11, 1, [5]]]);
  });

  test('MEMORY-6 both ways closes the link at both ends, and healing one of them opens it', () => {
    const { time, heard, transports, setRules, send } = network(3);
    send(1, 2, 1);
    setRules(...severed);
    expect(send(1, 2, 1)).toBe('no-link');
    time.runFor(10);
    expect(heard.map((mine) => mine.splice(0))).toEqual([
      [[0, 'down', 2, 'cut']],
      [[0, 'down', 1, 'cut']],
      [],
    ]);
    expect(transports[0]!.neighbours()).toEqual([testNodeId(3)]);
    setRules(rule({ cut: true }, 2, 1));
    time.runFor(0);
    expect(heard.map((mine) => mine.splice(0))).toEqual([[[10, 'up', 2]], [[10, 'up', 1]], []]);
    expect(send(1, 2, 5)).toBe('sent');
    time.runFor(5);
    expect(heard[1]).toEqual([[11, 1, [5]]]);
  });

  test('MEMORY-6 refuses to connect until it heals, and then connects', () => {
    const { time, net, transports, heard, setRules } = network(2);
    const [a, b] = transports as [(typeof transports)[0], (typeof transports)[0]];
    net.disconnect(a, b, 'unplugged');
    setRules(...severed);
    expect(net.connect(a, b)).toBe(false);
    expect(net.connect(b, a)).toBe(false);
    time.runFor(10);
    expect(a.neighbours()).toEqual([]);
    setRules();
    time.runFor(0);
    expect(heard[1]).toEqual([[0, 'down', 1, 'unplugged'], [10, 'up', 1]]); // prettier-ignore
  });

  test('MEMORY-6 healing opens no link that was not there, or was closed or stopped meanwhile', () => {
    const { time, net, transports, setRules } = network(4);
    const [a, b, c, d] = transports as [(typeof transports)[0], ...typeof transports];
    net.disconnect(a, b!, 'unplugged');
    time.runFor(0);
    setRules(...partition([[a.self], [b!.self, c!.self, d!.self]], 'cut'));
    net.disconnect(c!, a, 'unplugged');
    d!.stop();
    d!.start({ frame: () => {}, up: () => expect.unreachable(), down: () => {} });
    setRules();
    time.runFor(10);
    expect(a.neighbours()).toEqual([]);
  });

  test('MEMORY-6 a partition parts the groups and leaves each whole', () => {
    const { time, transports, setRules } = network(5);
    const ids = transports.map(({ self }) => self);
    setRules(...partition([ids.slice(0, 2), ids.slice(2)], 'cut'));
    time.runFor(0);
    const degrees = () => transports.map((one) => one.neighbours().length);
    expect(degrees()).toEqual([1, 1, 2, 2, 2]);
    setRules();
    time.runFor(0);
    expect(degrees()).toEqual([4, 4, 4, 4, 4]);
  });

  test('MEMORY-6 a link that was cut begins afresh: nothing waits from before', () => {
    const { time, heard, transports, setRules } = network(2);
    const slow = rule({ bytesPerSecond: 1_000, queueBytes: 1_000 });
    setRules(slow);
    const send = (byte: number) =>
      transports[0]!.send(testNodeId(2), new Uint8Array(500).fill(byte, 0, 1), 'stream');
    send(1);
    send(2);
    setRules(slow, ...severed);
    setRules(slow);
    time.runFor(0);
    send(3);
    time.runFor(5_000);
    const frames = heard[1]!.filter(([, from]) => from === 1);
    expect(frames.map(([at, , bytes]) => [at, (bytes as number[])[0]])).toEqual([[501, 3]]);
  });
});

describe('a blackhole', () => {
  test('MEMORY-7 leaves the link open and swallows one direction in silence', () => {
    const { time, heard, setRules, send } = network(2);
    setRules(rule({ blackhole: true }));
    expect([send(1, 2, 1, 'stream'), send(1, 2, 1), send(2, 1, 2)]).toEqual([
      'sent',
      'sent',
      'sent',
    ]);
    time.runFor(10);
    expect(heard).toEqual([[[1, 2, [2]]], []]);
  });

  test('MEMORY-7 the receiver looks again: what was on its way is swallowed too', () => {
    const { time, heard, setRules, send } = network(2, () => 20);
    send(1, 2, 1);
    time.runFor(10);
    setRules(rule({ blackhole: true }));
    time.runFor(100);
    expect(heard[1]).toEqual([]);
    setRules();
    send(1, 2, 2);
    time.runFor(100);
    expect(heard[1]).toEqual([[130, 1, [2]]]);
  });
});

test('MEMORY-8 a document that is not newer changes nothing', () => {
  const { time, net, heard, send } = network(2);
  expect(net.setRules({ version: 5, rules: [] })).toBe(true);
  expect(net.setRules({ version: 5, rules: [rule({ cut: true })] })).toBe(false);
  expect(net.setRules({ version: 4, rules: [rule({ blackhole: true })] })).toBe(false);
  send(1, 2, 1);
  time.runFor(10);
  expect(heard[1]).toEqual([[1, 1, [1]]]);
});
