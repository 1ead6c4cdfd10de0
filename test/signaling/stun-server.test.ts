import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { startStun } from '../../signaling/stun-server.ts';

const REQUEST = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((a) => a?.address === '::1');

async function startCounted(port: number) {
  const outcomes: string[] = [];
  const server = await startStun({
    host: '::',
    port,
    clock: () => performance.now(),
    count: (outcome) => outcomes.push(outcome),
  });
  onTestFinished(() => server?.close());
  return { server: server!, outcomes };
}

async function binding(
  family: 'udp4' | 'udp6',
  port: number,
): Promise<{ answer: Buffer; from: number }> {
  const socket = createSocket(family);
  onTestFinished(() => void socket.close());
  socket.send(REQUEST, port, family === 'udp4' ? '127.0.0.1' : '::1');
  const [answer] = (await once(socket, 'message')) as [Buffer];
  return { answer, from: socket.address().port };
}

test('SIG-44 tells an IPv4 socket its own address and port over UDP', async () => {
  const { server, outcomes } = await startCounted(0);
  const { answer, from } = await binding('udp4', server.port);
  expect(answer.subarray(20, 26).toString('hex')).toBe('002000080001');
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(from);
  expect((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001);
  expect(outcomes).toEqual(['answered']);
});

test.skipIf(!hasIpv6)('SIG-44 tells an IPv6 socket the same on the same port', async () => {
  const { server } = await startCounted(0);
  const { answer, from } = await binding('udp6', server.port);
  expect(answer.subarray(20, 26).toString('hex')).toBe('002000140002');
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(from);
});

test('SIG-45 takes another port if the one that was wanted is taken', async () => {
  const first = await startCounted(0);
  const second = await startCounted(first.server.port);
  expect(second.server.port).not.toBe(first.server.port);
  expect((await binding('udp4', second.server.port)).answer.readUInt16BE(0)).toBe(0x0101);
});

test('SIG-45 counts what it ignores and goes on', async () => {
  const { server, outcomes } = await startCounted(0);
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  for (let size = 0; size < 50; size++)
    socket.send(Buffer.alloc(size * 40, 1), server.port, '127.0.0.1');
  socket.send(REQUEST, server.port, '127.0.0.1');
  await once(socket, 'message');
  expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'ignored').length).toBeGreaterThan(0);
});
