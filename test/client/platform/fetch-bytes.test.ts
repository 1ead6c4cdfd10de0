import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { fetchBytes, SILENT_MS, type Fetched } from '../../../client/platform/fetch-bytes.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';

const FILE = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);

/** Fetches what `answer` answers; `tell` hears how far it is. */
async function fetching(
  answer: (response: ServerResponse) => void,
  { total = FILE.length, tell = () => {} }: { total?: number; tell?: (far: Fetched) => void } = {},
) {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const time = new VirtualTime();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { time, result: fetchBytes(address, total, time, tell) };
}

test('says how far it is in the file’s own bytes, however they travel', async () => {
  const told: Fetched[] = [];
  const { time, result } = await fetching(
    (response) => response.setHeader('Content-Encoding', 'gzip').end(gzipSync(FILE)),
    { tell: (far) => told.push(far) },
  );
  expect(await result).toEqual(FILE);
  expect(told[0]).toEqual({ received: 0, total: 1_000 });
  expect(told.at(-1)).toEqual({ received: 1_000, total: 1_000 });
  expect(time.runUntilQuiet(0)).toBe(true);
});

test('a server that refuses, is gone or goes in the middle is named', async () => {
  const refused = await fetching((response) => response.writeHead(404).end());
  await expect(refused.result).rejects.toThrow('the server says 404');
  const broken = await fetching((response) => {
    response.write(FILE.subarray(0, 10), () => response.destroy());
  });
  await expect(broken.result).rejects.toThrow('the server does not answer');
});

test('a file that is longer or shorter than the build says is another version', async () => {
  for (const total of [FILE.length - 1, FILE.length + 1]) {
    const { result } = await fetching((response) => response.end(FILE), { total });
    await expect(result).rejects.toThrow('the server has another version');
  }
});

test('a server that falls silent is given up, and one that is slow is not', async () => {
  let goOn = () => {};
  const told = new EventEmitter();
  const [some, more] = [once(told, '10'), once(told, '20')];
  const { time, result } = await fetching(
    (response) => {
      response.write(FILE.subarray(0, 10));
      goOn = () => response.write(FILE.subarray(10, 20));
    },
    { tell: ({ received }) => told.emit(String(received)) },
  );
  const outcome = result.catch(String);
  await some;
  time.runFor(SILENT_MS - 1);
  goOn();
  await more;
  time.runFor(SILENT_MS - 1);
  expect(time.runUntilQuiet(0)).toBe(false);
  time.runFor(1);
  expect(await outcome).toBe('Error: the server fell silent');
});
