import { describe, expect, test } from 'vitest';
import { Node } from '../../src/runtime/node.ts';
import { countInLife } from '../../src/clocks/tick.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import { MAX_FRAME_BYTES } from '../../src/wire/lane.ts';
import { echo, frameFrom, loneNode, TestEnvironment } from '../support/lone-node.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';
import { SlowDisk } from '../support/slow-disk.ts';

const self = testNodeId(0);
const peer = testNodeId(1);

describe('clocks', () => {
  test('NODE-1 every event ticks, and the own entry counts the events of this life', () => {
    const { environment, node, protocol } = loneNode(3);
    protocol.host.record('thought', { deep: true });
    protocol.host.send(peer, { text: 'hi' });
    node.up(peer);
    node.receive(peer, frameFrom());
    node.receive(peer, Uint8Array.of(9, 9, 9));
    node.down(peer, 'cut');
    node.stop();
    expect(environment.types()).toEqual(
      ['start', 'note', 'send', 'up', 'receive', 'drop', 'down', 'stop'], // prettier-ignore
    );
    environment.events.forEach((event, index) => {
      expect(event.sequence).toBe(index + 1);
      expect(countInLife(event.vector[self]!)).toBe(event.sequence);
      expect(event).toMatchObject({ node: self, incarnation: 3, wall: 1_000_000, monotonic: 0 });
    });
    const lamports = environment.events.map(({ lamport }) => lamport);
    expect(lamports).toEqual([1, 2, 3, 4, 11, 12, 13, 14]);
  });

  test('NODE-2 a message carries the clocks of its sending', () => {
    const { environment, protocol } = loneNode(2);
    protocol.host.send(peer, { text: 'hi' });
    const decoded = decodeFrame(environment.sent[0]!.bytes, TEST_ROOM);
    const sending = environment.events.at(-1)!;
    expect(decoded).toMatchObject({
      ok: true,
      frame: {
        sender: self,
        incarnation: 2,
        protocol: 'echo',
        message: 1,
        lamport: sending.lamport,
        vector: { ids: [self], ticks: [sending.vector[self]] },
      },
    });
  });

  test('NODE-2 the stamp of a message is merged before its protocol sees it', () => {
    const { node, protocol } = loneNode();
    let seen = {};
    protocol.receive = () => (seen = node.clocks());
    node.receive(peer, frameFrom());
    expect(seen).toMatchObject({ lamport: 11, vector: { [self]: 2, [peer]: 4 } });
  });
});

describe('life', () => {
  test('NODE-3 a protocol is started, told of links and messages, and stopped', () => {
    const { node, protocol } = loneNode();
    node.up(peer);
    node.receive(peer, frameFrom());
    node.down(peer, 'cut');
    node.stop();
    expect(protocol.calls).toEqual([
      ['start'],
      ['up', peer],
      ['heard', peer],
      ['receive', peer, 'hi'],
      ['down', peer],
      ['stop'],
    ]);
  });

  test('NODE-4 after stop no timer fires, nothing leaves and nothing is received', () => {
    const { environment, node, protocol } = loneNode();
    protocol.host.after(5, () => expect.unreachable('a timer fired after stop'));
    node.stop();
    const events = environment.events.length;
    environment.now = 10;
    node.wake();
    protocol.host.after(0, () => expect.unreachable('a timer was taken after stop'));
    node.wake();
    protocol.host.send(peer, { text: 'late' });
    protocol.host.record('late', {});
    node.receive(peer, frameFrom());
    node.up(peer);
    expect(environment.sent).toEqual([]);
    expect(environment.events).toHaveLength(events);
    expect(environment.wake).toBeNull();
    expect(protocol.calls.at(-1)).toEqual(['stop']);
  });

  test('NODE-4 what a protocol says as it is stopped still leaves', () => {
    const { environment, node, protocol } = loneNode();
    protocol.stop = () => protocol.host.send(peer, { text: 'bye' });
    node.stop();
    expect(environment.sent).toHaveLength(1);
  });

  test('a node lives once, and a protocol is added once, to one that lives', () => {
    const { node } = loneNode();
    expect(() => node.start()).toThrow();
    expect(() => node.add(echo)).toThrow(/twice/);
    node.stop();
    expect(() => node.add({ ...echo, name: 'late' })).toThrow(/ended/);
    const fresh = new Node(new TestEnvironment());
    fresh.add(echo);
    expect(() => fresh.add(echo)).toThrow(/twice/);
    expect(() => fresh.add({ ...echo, name: 'No Name' })).toThrow(/name/);
    expect(() => fresh.add({ ...echo, name: 'other', version: 0 })).toThrow(/version/);
  });

  test('NODE-12 a protocol that comes late starts at once, or when a pause ends, and hears of open links', () => {
    const { node } = loneNode();
    node.up(peer);
    expect(node.add({ ...echo, name: 'late' }).calls).toEqual([['start'], ['up', peer]]);
    node.pause();
    const later = node.add({ ...echo, name: 'later' });
    expect(later.calls).toEqual([]);
    node.resume();
    expect(later.calls).toEqual([['start'], ['up', peer]]);
  });

  test('NODE-13 a protocol that is not run is told of with each frame, and at the start if the disk holds something of it', () => {
    const disk = new SlowDisk();
    const first = loneNode(1, disk);
    const late = first.node.add({ ...echo, name: 'late' });
    late.host.store.put('words', 'kept');
    first.protocol.host.store.put('words', 'kept too');
    disk.finishAll();
    first.node.crash();
    const { environment, node } = loneNode(2, disk);
    expect(environment.lacking).toEqual(['late']);
    node.receive(peer, frameFrom({ protocol: 'board' }));
    node.receive(peer, frameFrom({ protocol: 'late', message: 2 }));
    node.add({ ...echo, name: 'late' });
    node.receive(peer, frameFrom({ protocol: 'late', message: 3 }));
    node.receive(peer, frameFrom({ protocol: 'late', protocolVersion: 2, message: 4 }));
    expect(environment.lacking).toEqual(['late', 'board', 'late']);
  });

  test('inspect asks every protocol', () => {
    expect(loneNode().node.inspect()).toEqual({ echo: 1 });
  });
});

describe('timers', () => {
  test('NODE-6 a timer fires once its time has come on the node’s own clock, and once only', () => {
    const { environment, node, protocol } = loneNode();
    const fired: number[] = [];
    protocol.host.after(100, () => fired.push(environment.now));
    expect(environment.wake).toBe(100);
    environment.now = 99;
    node.wake();
    expect(fired).toEqual([]);
    expect(environment.wake).toBe(100);
    environment.now = 100;
    environment.wake = null; // it is spent
    node.wake();
    node.wake();
    expect(fired).toEqual([100]);
    expect(environment.wake).toBeNull();
  });

  test('NODE-6 the earliest timer is what the node asks to be woken for', () => {
    const { environment, protocol } = loneNode();
    protocol.host.after(50, () => {});
    const cancel = protocol.host.after(20, () => expect.unreachable());
    expect(environment.wake).toBe(20);
    cancel();
    cancel();
    expect(environment.wake).toBe(50);
  });

  test('NODE-6 a timer that throws does not keep the others from their wake-up', () => {
    const { environment, node, protocol } = loneNode();
    const fired: string[] = [];
    protocol.host.after(1, () => {
      throw new Error('a bug');
    });
    protocol.host.after(2, () => fired.push('second'));
    environment.now = 2;
    expect(() => node.wake()).toThrow('a bug');
    expect(environment.wake).toBe(2);
    node.wake();
    expect(fired).toEqual(['second']);
  });

  test('a protocol that leaks timers, or waits for no number, is stopped', () => {
    const { protocol } = loneNode();
    expect(() => protocol.host.after(NaN, () => {})).toThrow(RangeError);
    expect(() => {
      for (;;) protocol.host.after(1, () => {});
    }).toThrow(/timers/);
  });
});

describe('sending', () => {
  test.each(['no-link', 'overflow', 'too-large'] as const)(
    'NODE-7 a send that ends in %s is a drop event and no exception',
    (outcome) => {
      const { environment, node, protocol } = loneNode();
      environment.outcome = outcome;
      protocol.host.send(peer, { text: 'hi' });
      expect(environment.events.at(-1)).toMatchObject({ type: 'drop', peer, reason: outcome });
      expect(node.metrics()['echo']).toMatchObject({
        messagesSent: 0,
        bytesSent: 0,
        dropped: { [outcome]: 1 },
      });
    },
  );

  test('NODE-7 a message beyond the largest frame never reaches the transport', () => {
    const { environment, protocol } = loneNode();
    protocol.host.send(peer, { text: 'x'.repeat(MAX_FRAME_BYTES) });
    expect(environment.sent).toEqual([]);
    expect(environment.events.at(-1)).toMatchObject({ type: 'drop', reason: 'too-large' });
  });

  test('NODE-8 a frame larger than a datagram goes on the stream, whatever its lane', () => {
    const { environment, protocol } = loneNode();
    protocol.host.send(peer, { text: 'short' });
    protocol.host.send(peer, { text: 'x'.repeat(20_000) });
    expect(environment.sent.map(({ lane }) => lane)).toEqual(['datagram', 'stream']);
  });

  test('metrics count whole frames, both ways', () => {
    const { environment, node, protocol } = loneNode();
    protocol.host.send(peer, { text: 'hi' });
    const frame = frameFrom();
    node.receive(peer, frame);
    expect(node.metrics()).toEqual({
      echo: {
        messagesSent: 1,
        bytesSent: environment.sent[0]!.bytes.length,
        messagesReceived: 1,
        bytesReceived: frame.length,
        dropped: {},
      },
      '?': { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0, dropped: {} },
    });
  });
});
