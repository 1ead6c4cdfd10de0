import { expect, test } from 'vitest';
import { MAX_SDP_LENGTH } from '../../src/wire/signaling-limits.ts';
import type { Relay } from '../../src/wire/signaling-messages.ts';
import { codes, openRoom, serve, tab } from './support.ts';

async function pair() {
  const server = await serve();
  const { code } = await openRoom(server);
  const tabs = [tab(server), tab(server)].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [low, high] = tabs as [(typeof tabs)[0], (typeof tabs)[0]];
  await low.enter(code);
  await high.enter(code);
  return { server, code, low, high };
}

const offer = { type: 'offer', sdp: 'v=0\r\n' } as const;
const answer = { type: 'answer', sdp: 'v=0\r\n' } as const;
const candidate = {
  type: 'candidate',
  candidate: {
    candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
  },
} as const;

test('SIG-20 signals of one attempt arrive whole and in order, with the true sender', async () => {
  const { server, low, high } = await pair();
  low.socket.emit('signal', { to: high.id, nonce: 'a1', signal: offer, from: low.id });
  low.socket.emit('signal', { to: high.id, nonce: 'a1', signal: candidate });
  await low.settled();
  await high.settled();
  high.socket.emit('signal', { to: low.id, nonce: 'a1', signal: answer });
  await high.settled();
  await low.settled();
  expect(high.heard.signal).toEqual([
    { from: low.id, nonce: 'a1', signal: offer },
    { from: low.id, nonce: 'a1', signal: candidate },
  ]);
  expect(low.heard.signal).toEqual([{ from: high.id, nonce: 'a1', signal: answer }]);
  expect(server.tally.signalsRelayed).toBe(3);
});

test('SIG-20 a signal of an older attempt is dropped by name', async () => {
  const { server, low, high } = await pair();
  low.socket.emit('signal', { to: high.id, nonce: 'a1', signal: offer });
  low.socket.emit('signal', { to: high.id, nonce: 'a2', signal: offer });
  await low.settled();
  high.socket.emit('signal', { to: low.id, nonce: 'a1', signal: answer });
  await high.settled();
  await low.settled();
  expect(codes(high.heard.refused)).toEqual(['stale-nonce']);
  expect(low.heard.signal).toEqual([]);
  expect(server.tally.refusals.get('stale-nonce')).toBe(1);
});

test.each<[string, (own: string, other: string) => unknown]>([
  ['not-you', (_own, other) => ({ to: other, nonce: 'a', signal: offer, from: other })],
  ['unknown-node', () => ({ to: '0000000000', nonce: 'a', signal: offer })],
  [
    'too-large',
    (_own, to) => ({
      to,
      nonce: 'a',
      signal: { type: 'offer', sdp: 'x'.repeat(MAX_SDP_LENGTH + 1) },
    }),
  ],
  ['bad-message', (_own, to) => ({ to, nonce: 'A!', signal: offer })],
  ['bad-message', (_own, to) => ({ to, nonce: 'a', signal: { type: 'poke' } })],
  ['bad-message', () => null],
])('SIG-23 %s comes back as `refused`, and nothing arrives', async (why, make) => {
  const { low, high } = await pair();
  low.socket.emit('signal', make(low.id, high.id) as Relay);
  await low.settled();
  await high.settled();
  expect(codes(low.heard.refused)).toEqual([why]);
  expect(high.heard.signal).toEqual([]);
});

test('SIG-23 who has not entered cannot signal, and nobody signals into another room', async () => {
  const { server, high } = await pair();
  const outside = tab(server);
  const refused = outside.next('refused');
  outside.socket.emit('signal', { to: high.id, nonce: 'a', signal: offer });
  expect((await refused).code).toBe('not-entered');
  const next = await openRoom(server);
  await outside.enter(next.code);
  outside.socket.emit('signal', { to: high.id, nonce: 'a', signal: offer });
  await outside.settled();
  expect(codes(outside.heard.refused)).toEqual(['not-entered', 'unknown-node']);
});

test('SIG-25 only what the schema knows is passed on', async () => {
  const { low, high } = await pair();
  const arrives = high.next('signal');
  low.socket.emit('signal', { to: high.id, nonce: 'a', signal: { ...offer, extra: 'x' } } as Relay);
  expect(await arrives).toEqual({ from: low.id, nonce: 'a', signal: offer });
});

test('SIG-26 the burst of a full mesh of 60 passes', async () => {
  const { low, high } = await pair();
  const all = new Promise<void>((done) =>
    high.socket.on('signal', () => high.heard.signal.length === 59 * 8 && done()),
  );
  for (let i = 0; i < 59 * 8; i++)
    low.socket.emit('signal', { to: high.id, nonce: 'a', signal: candidate });
  await all;
  expect(low.heard.refused).toEqual([]);
});
