import { describe, expect, test } from 'vitest';
import { MAX_FROZEN_BYTES } from '../../src/runtime/frozen-arrivals.ts';
import { PAUSE_THRESHOLD_MS } from '../../src/runtime/gap-watch.ts';
import type { EchoProtocol } from '../support/lone-node.ts';
import { frameFrom, loneNode } from '../support/lone-node.ts';
import { testNodeId } from '../support/node-ids.ts';

const peer = testNodeId(1);

/** Writes down every gap that the protocol is told of among its other calls. */
function withGaps(protocol: EchoProtocol) {
  (protocol as EchoProtocol & { resumed(gapMs: number): void }).resumed = (gapMs) =>
    void protocol.calls.push(['resumed', gapMs]);
}

describe('a commanded pause', () => {
  test('NODE-9 freezes all, and then everything comes at once and in order, timers last', () => {
    const { environment, node, protocol } = loneNode();
    withGaps(protocol);
    protocol.host.after(100, () => protocol.calls.push(['timer']));
    node.pause();
    const before = environment.events.length;
    environment.now = 5_000;
    node.up(peer);
    node.receive(peer, frameFrom());
    node.wake();
    node.down(peer, 'cut');
    protocol.host.send(peer, { text: 'frozen' });
    expect(protocol.calls).toEqual([['start']]);
    expect(environment.events).toHaveLength(before);
    expect(environment.sent).toEqual([]);
    node.resume();
    expect(protocol.calls.slice(1)).toEqual([
      ['resumed', 4_900],
      ['up', peer],
      ['heard', peer],
      ['receive', peer, 'hi'],
      ['down', peer],
      ['timer'],
    ]);
    expect(environment.sent).toHaveLength(1);
    const pauses = environment.events.filter(({ type }) => type === 'pause' || type === 'resume');
    expect(pauses).toMatchObject([
      { type: 'pause', lengthMs: null },
      { type: 'resume', pausedMs: 5_000, lost: 0 },
    ]);
  });

  test('NODE-9 news from outside waits too, in its place among what arrives', () => {
    const { node, protocol } = loneNode();
    const told = () => node.told(() => void protocol.calls.push(['told']));
    told();
    node.pause();
    node.up(peer);
    told();
    node.down(peer, 'cut');
    expect(protocol.calls).toEqual([['start'], ['told']]);
    node.resume();
    expect(protocol.calls.slice(2)).toEqual([['up', peer], ['told'], ['down', peer]]);
    node.crash();
    told();
    expect(protocol.calls).toHaveLength(5);
  });

  test('NODE-9 keeps frames up to the named bytes and counts the rest', () => {
    const { environment, node, protocol } = loneNode();
    node.pause();
    const frame = frameFrom({}, { text: 'x'.repeat(1_000_000) });
    const room = Math.floor(MAX_FROZEN_BYTES / (frame.length + 256));
    for (let i = 0; i < room + 3; i++) node.receive(peer, frame);
    node.resume();
    expect(protocol.calls.filter(([call]) => call === 'receive')).toHaveLength(room);
    expect(environment.events).toContainEqual(expect.objectContaining({ type: 'resume', lost: 3 }));
  });
});

describe('a crash', () => {
  test('NODE-10 ends a life in the middle of a step: nothing leaves and nothing is handled', () => {
    const { environment, node, protocol } = loneNode();
    protocol.receive = () => {
      protocol.host.send(peer, { text: 'never' });
      node.crash();
    };
    node.receive(peer, frameFrom());
    node.receive(peer, frameFrom());
    expect(environment.sent).toEqual([]);
    expect(environment.types().slice(-2)).toEqual(['receive', 'crash']);
    expect(environment.wake).toBeNull();
  });
});

describe('a real pause', () => {
  test('NODE-11 a late wake-up is recorded once, and protocols hear of it before what is due', () => {
    const { environment, node, protocol } = loneNode();
    withGaps(protocol);
    protocol.host.after(100, () => protocol.calls.push(['timer']));
    environment.now = 100 + PAUSE_THRESHOLD_MS;
    node.receive(peer, frameFrom());
    node.wake();
    expect(protocol.calls.slice(1)).toEqual([
      ['resumed', PAUSE_THRESHOLD_MS],
      ['heard', peer],
      ['receive', peer, 'hi'],
      ['timer'],
    ]);
    const pauses = environment.events.filter(({ type }) => type === 'pause');
    expect(pauses).toMatchObject([{ lengthMs: PAUSE_THRESHOLD_MS }]);
  });

  test('NODE-11 a wake-up a little less late is none', () => {
    const { environment, node, protocol } = loneNode();
    protocol.host.after(100, () => {});
    environment.now = 99 + PAUSE_THRESHOLD_MS;
    node.wake();
    expect(environment.types()).toEqual(['start']);
  });
});
