import { describe, expect, test } from 'vitest';
import { GARBAGE_LIMIT, GARBAGE_WINDOW_MS, QUARANTINE_MS } from '../../src/runtime/quarantine.ts';
import { parseRoomCode } from '../../src/vocabulary.ts';
import { MAX_FRAME_BYTES } from '../../src/wire/lane.ts';
import { frameFrom, loneNode } from '../support/lone-node.ts';
import { testNodeId } from '../support/node-ids.ts';

const peer = testNodeId(1);

function damaged(): Uint8Array {
  const frame = frameFrom();
  frame[frame.length - 1]! ^= 1;
  return frame;
}

function otherVersion(): Uint8Array {
  const frame = frameFrom();
  frame[0] = 99;
  return frame;
}

describe('checks on arrival', () => {
  test.each([
    { rule: 'INBOX-1', reason: 'too-large', bytes: new Uint8Array(MAX_FRAME_BYTES + 1), by: '?' },
    { rule: 'INBOX-1', reason: 'malformed', bytes: new Uint8Array(3), by: '?' },
    { rule: 'INBOX-1', reason: 'version', bytes: otherVersion(), by: '?' },
    { rule: 'INBOX-1', reason: 'checksum', bytes: damaged(), by: '?' },
    {
      rule: 'INBOX-2',
      reason: 'other-room',
      bytes: frameFrom({}, {}, parseRoomCode('WXY346')!),
      by: '?',
    },
    { rule: 'INBOX-2', reason: 'impostor', bytes: frameFrom({ sender: testNodeId(2) }), by: '?' },
    { rule: 'INBOX-4', reason: 'unknown-protocol', bytes: frameFrom({ protocol: 'new' }), by: '?' },
    { rule: 'INBOX-4', reason: 'version', bytes: frameFrom({ protocolVersion: 2 }), by: 'echo' },
    { rule: 'INBOX-5', reason: 'schema', bytes: frameFrom({}, { text: 5 }), by: 'echo' },
    {
      rule: 'INBOX-5',
      reason: 'malformed',
      bytes: frameFrom({}, JSON.parse('{"__proto__":1}')),
      by: 'echo',
    },
  ])('$rule $reason is counted, traced and not delivered', ({ reason, bytes, by }) => {
    const { environment, node, protocol } = loneNode();
    node.receive(peer, bytes);
    expect(protocol.calls).toEqual([['start']]);
    expect(environment.events.at(-1)).toMatchObject({ type: 'drop', peer, protocol: by, reason });
    expect(node.metrics()[by]!.dropped).toEqual({ [reason]: 1 });
    expect(node.clocks().vector).not.toHaveProperty(peer);
  });

  test('INBOX-3 a frame of an older life is stale once a newer one was seen', () => {
    const { environment, node, protocol } = loneNode();
    node.receive(peer, frameFrom({ incarnation: 2 }));
    node.receive(peer, frameFrom({ incarnation: 1 }));
    expect(environment.events.at(-1)).toMatchObject({ type: 'drop', reason: 'stale-incarnation' });
    node.receive(peer, frameFrom({ incarnation: 2, message: 2 }));
    expect(protocol.calls.filter(([call]) => call === 'receive')).toHaveLength(2);
  });

  test('INBOX-2 an impostor does not raise the life of the one it claims to be', () => {
    const { node, protocol } = loneNode();
    node.receive(testNodeId(2), frameFrom({ incarnation: 8 }));
    node.receive(peer, frameFrom({ incarnation: 1 }));
    expect(protocol.calls.at(-1)).toEqual(['receive', peer, 'hi']);
  });
});

describe('quarantine', () => {
  test('NODE-5 garbage beyond the limit silences a peer for a time, and the trace shows it', () => {
    const { environment, node, protocol } = loneNode();
    for (let i = 0; i < GARBAGE_LIMIT; i++) node.receive(peer, damaged());
    expect(environment.types()).not.toContain('quarantine');
    node.receive(peer, damaged());
    expect(environment.events.at(-1)).toMatchObject({
      type: 'quarantine',
      peer,
      untilMonotonic: QUARANTINE_MS,
    });

    const events = environment.events.length;
    environment.now = QUARANTINE_MS - 1;
    node.receive(peer, frameFrom());
    expect(protocol.calls).toEqual([['start']]);
    expect(environment.events).toHaveLength(events);
    expect(node.metrics()['?']!.dropped).toMatchObject({ quarantined: 1 });

    node.receive(testNodeId(2), frameFrom({ sender: testNodeId(2) }));
    expect(protocol.calls.at(-1)).toEqual(['receive', testNodeId(2), 'hi']);
    environment.now = QUARANTINE_MS;
    node.receive(peer, frameFrom());
    expect(protocol.calls.at(-1)).toEqual(['receive', peer, 'hi']);
  });

  test('NODE-5 the same garbage spread over a longer time is only counted', () => {
    const { environment, node } = loneNode();
    for (let i = 0; i < 3 * GARBAGE_LIMIT; i++) {
      environment.now += (1.1 * GARBAGE_WINDOW_MS) / GARBAGE_LIMIT;
      node.receive(peer, damaged());
    }
    expect(environment.types()).not.toContain('quarantine');
  });

  test('NODE-5 what a correct peer may send is no garbage: unknown protocols, older lives', () => {
    const { environment, node } = loneNode();
    node.receive(peer, frameFrom({ incarnation: 2 }));
    for (let i = 0; i < 2 * GARBAGE_LIMIT; i++) {
      node.receive(peer, frameFrom({ incarnation: 2, protocol: 'new' }));
      node.receive(peer, frameFrom({ incarnation: 1 }));
    }
    expect(environment.types()).not.toContain('quarantine');
  });
});
