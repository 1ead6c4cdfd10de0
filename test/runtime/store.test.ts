import { describe, expect, test } from 'vitest';
import { RESERVED_AT_ONCE } from '../../src/runtime/lamport-reserve.ts';
import { MAX_ENTRIES, MAX_KEY_LENGTH, MAX_VALUE_BYTES } from '../../src/runtime/stable-store.ts';
import { MAX_HELD_BYTES } from '../../src/runtime/steps.ts';
import { frameFrom, loneNode } from '../support/lone-node.ts';
import { testNodeId } from '../support/node-ids.ts';
import { SlowDisk } from '../support/slow-disk.ts';

const peer = testNodeId(1);
const other = testNodeId(2);

/** A node over a disk that is idle: what it reserved at its start is durable. */
function storingNode(incarnation = 1, disk = new SlowDisk()) {
  const lone = loneNode(incarnation, disk);
  disk.finishAll();
  return { ...lone, disk, host: lone.protocol.host };
}

describe('store before send', () => {
  test('STORE-1 what a step sends leaves only when all that it stored is durable, in either order', () => {
    const { environment, node, protocol, disk, host } = storingNode();
    protocol.receive = () => {
      host.send(peer, { text: 'before' });
      host.store.put('a', 1);
      host.store.put('b', 2);
      host.send(peer, { text: 'after' });
    };
    node.receive(peer, frameFrom());
    expect(environment.sent).toEqual([]);
    expect(disk.waiting).toEqual([['echo/a', 'echo/b']]);
    disk.finishOne();
    expect(environment.sent).toHaveLength(2);
  });

  test('STORE-2 a later step’s message waits behind it, wherever it goes', () => {
    const { environment, disk, host } = storingNode();
    host.store.put('a', 1);
    host.send(other, { text: 'I have a' });
    expect(environment.sent).toEqual([]);
    host.store.put('b', 1);
    host.send(peer, { text: 'I have b' });
    disk.finishOne();
    expect(environment.sent.map(({ to }) => to)).toEqual([other]);
    disk.finishOne();
    expect(environment.sent.map(({ to }) => to)).toEqual([other, peer]);
  });

  test('STORE-3 a crash loses what was not durable, and what depended on it is never sent', () => {
    const { environment, node, disk, host } = storingNode();
    host.store.put('a', 1);
    host.send(peer, { text: 'I have a' });
    host.store.whenDurable(() => expect.unreachable('told of a write that was lost'));
    node.crash();
    disk.finishAll();
    expect(environment.sent).toEqual([]);
    expect(environment.events.at(-1)!.type).toBe('crash');
    expect(environment.events.some(({ type }) => type === 'send')).toBe(false);
  });

  test('STORE-3 the next life finds what was durable and nothing else', () => {
    const { node, disk, host } = storingNode();
    host.store.put('a', { list: [1] });
    disk.finishAll();
    host.store.put('a', 'lost');
    host.store.put('b', 'lost');
    node.crash();
    disk.crash();
    const next = storingNode(2, disk);
    expect(next.host.store.get('a')).toEqual({ list: [1] });
    expect(next.host.store.keys()).toEqual(['a']);
    expect(next.environment.types().slice(0, 2)).toEqual(['start', 'restart']);
  });

  test('STORE-4 who asks is told when all up to the end of the step is durable', () => {
    const { node, disk, host } = storingNode();
    let told = 0;
    node.step(() => {
      host.store.whenDurable(() => (told += 1));
      host.store.put('a', 1);
    });
    expect(told).toBe(0);
    disk.finishOne();
    expect(told).toBe(1);
    host.store.whenDurable(() => (told += 1));
    expect(told).toBe(2);
  });

  test('STORE-1 what throws in a step is not swallowed, and the node goes on', () => {
    const { environment, node, protocol, host } = storingNode();
    protocol.receive = () => {
      throw new Error('a bug');
    };
    expect(() => node.receive(peer, frameFrom())).toThrow('a bug');
    host.send(peer, { text: 'on' });
    expect(environment.sent).toHaveLength(1);
  });

  test('STORE-6 what waits for a disk that hangs has a limit; beyond it a message is dropped', () => {
    const { environment, node, disk, host } = storingNode();
    host.store.put('a', 1);
    const text = 'x'.repeat(1_000_000);
    const count = Math.ceil(MAX_HELD_BYTES / 1_000_000);
    for (let i = 0; i < count; i++) host.send(peer, { text });
    expect(node.metrics()['echo']!.dropped).toEqual({ overflow: 1 });
    disk.finishAll();
    expect(environment.sent).toHaveLength(count - 1);
  });
});

describe('an answer that finds no room', () => {
  test('STORE-8 is dropped with a reason and a value, and its write is kept', () => {
    const { environment, node, disk, host } = storingNode();
    host.store.put('a', 1);
    const text = 'x'.repeat(1_000_000);
    while (!environment.types().includes('drop')) host.send(peer, { text });
    for (let waits = true; waits;) waits = host.store.whenDurable(() => {});
    const before = node.metrics()['echo']!.dropped['overflow']!;
    node.step(() => {
      host.store.put('b', 2);
      expect(host.store.whenDurable(() => expect.unreachable('it was dropped'))).toBe(false);
    });
    expect(environment.events.findLast(({ type }) => type === 'drop')).toMatchObject({
      peer: environment.self,
      protocol: 'echo',
      reason: 'overflow',
    });
    expect(node.metrics()['echo']!.dropped).toEqual({ overflow: before + 1 });
    disk.finishAll();
    expect(disk.durable.get('echo/b')).toBe(2);

    let told = false;
    expect(host.store.whenDurable(() => (told = true))).toBe(true);
    expect(told).toBe(true);
  });

  test('STORE-8 a node that has ended answers nobody, and says so', () => {
    const { node, host } = storingNode();
    node.crash();
    expect(host.store.whenDurable(() => expect.unreachable('it has ended'))).toBe(false);
  });
});

describe('what is stored', () => {
  test('STORE-5 is a copy, both ways, and is deleted', () => {
    const { disk, host } = storingNode();
    const value = { list: [1] };
    host.store.put('a', value);
    value.list.push(2);
    expect(host.store.get('a')).toEqual({ list: [1] });
    (host.store.get('a') as { list: number[] }).list.push(3);
    expect(host.store.get('a')).toEqual({ list: [1] });
    host.store.delete('a');
    expect([host.store.get('a'), host.store.keys()]).toEqual([undefined, []]);
    disk.finishAll();
    expect([...disk.durable.keys()]).toEqual(['/lamport']);
  });

  test('STORE-6 has limits with names', () => {
    const { host } = storingNode();
    expect(() => host.store.put('k'.repeat(MAX_KEY_LENGTH), 1)).toThrow(/key/);
    expect(() => host.store.put('a', 'x'.repeat(MAX_VALUE_BYTES))).toThrow(/bytes/);
    expect(() => host.store.put('a', NaN)).toThrow(/JSON/);
    // One entry is the node's own.
    for (let i = 1; i < MAX_ENTRIES; i++) host.store.put(`${i}`, i);
    expect(() => host.store.put('more', 1)).toThrow(`${MAX_ENTRIES} entries`);
    host.store.put('1', 'again');
  });
});

describe('Lamport over a restart', () => {
  test('STORE-7 the clock of a later life begins above all that left an earlier one', () => {
    const { environment, node, disk, host } = storingNode();
    node.receive(peer, frameFrom({ lamport: 5_000_000 }));
    disk.finishAll();
    host.send(peer, { text: 'high' });
    const high = environment.events.at(-1)!.lamport;
    node.crash();
    disk.crash();
    expect(high).toBeGreaterThan(5_000_000);
    expect(loneNode(2, disk).environment.events[0]!.lamport).toBeGreaterThan(high);
  });

  test('STORE-7 a message above what is durably reserved waits for the reservation', () => {
    const { environment, node, disk, host } = storingNode();
    node.receive(peer, frameFrom({ lamport: 5 * RESERVED_AT_ONCE }));
    host.send(peer, { text: 'high' });
    expect(environment.sent).toEqual([]);
    disk.finishOne();
    expect(environment.sent).toHaveLength(1);
  });
});
