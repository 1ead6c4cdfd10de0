import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ROOM_NAME } from '../../signaling/room-record.ts';
import { ask, makeFolder, metric, openRoom, serve, tab } from './support.ts';

const SCRIPT = 'console.log("netsplit");'.repeat(100);
/** The smallest module: its magic number and its version. */
const WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

async function makeDist(): Promise<string> {
  const dist = await makeFolder();
  await mkdir(join(dist, 'assets'));
  for (const page of ['index', 'student', 'teacher'])
    await writeFile(join(dist, `${page}.html`), '<!doctype html><title>Netsplit</title>');
  await writeFile(join(dist, 'assets', 'index-abc123.js'), SCRIPT);
  await writeFile(join(dist, 'assets', 'index-abc123.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(dist, 'assets', 'automerge-abc123.wasm'), WASM);
  await writeFile(join(dist, 'assets', 'automerge-abc123.wasm.gz'), gzipSync(WASM));
  await writeFile(join(dist, '..', 'netsplit-secret.txt'), 'secret').catch(() => undefined);
  return dist;
}

async function site(options: Parameters<typeof serve>[0] = {}) {
  const server = await serve({ dist: await makeDist(), version: '1.2.3', ...options });
  const base = `http://127.0.0.1:${server.port}`;
  return { server, get: (path: string, init?: RequestInit) => fetch(base + path, init) };
}

/** The path exactly as given: fetch would tidy it. */
async function rawGet(
  port: number,
  path: string,
  headers = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response
        .on('data', (chunk) => (body += chunk))
        .on('end', () => resolve({ status: response.statusCode!, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('SIG-50 pages', () => {
  test.each(['/', '/r/ACDEFG', '/r/acdefg', '/r/ACDEFG/teach', '/?x=1'])(
    '%s is the one document, never cached',
    async (path) => {
      const { get } = await site();
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>Netsplit</title>');
    },
  );

  test('assets are kept for good and come compressed', async () => {
    const { get } = await site();
    const response = await get('/assets/index-abc123.js', { headers: { 'accept-encoding': 'br' } });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe(SCRIPT);
    const again = await get('/assets/index-abc123.js', {
      headers: { 'accept-encoding': 'br', 'if-none-match': response.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  test('WebAssembly comes under its own type, compressed, and kept for good', async () => {
    const { get } = await site();
    const response = await get('/assets/automerge-abc123.wasm', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(response.headers.get('content-type')).toBe('application/wasm');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(WASM);
  });

  test.each(['/nothing', '/r/', '/r/ACDEFG/other', '/assets/', '/assets/none.js', '/rooms'])(
    '%s is plain 404, not cached',
    async (path) => {
      const { get } = await site();
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );

  test.each([
    '/../netsplit-secret.txt',
    '/assets/../../netsplit-secret.txt',
    '/%2e%2e/netsplit-secret.txt',
    '/..%2fnetsplit-secret.txt',
    '/assets/..\\..\\netsplit-secret.txt',
    '//etc/passwd',
    '/%',
    '/%00',
    '/__proto__',
    '/constructor',
    'http://elsewhere/../x',
    '/rooms/%',
    '/rooms/../health',
  ])('%s leads nowhere', async (path) => {
    const { server } = await site();
    const { status, body } = await rawGet(server.port, path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });

  test('a range that ends before it begins is answered like any request', async () => {
    const { server } = await site();
    expect(await rawGet(server.port, '/assets/index-abc123.js', { range: 'bytes=9-2' })).toEqual({
      status: 200,
      body: SCRIPT,
    });
  });

  test('without a build there is a sentence, and the rest works', async () => {
    const { get } = await site({ dist: 'no-such-folder' });
    const response = await get('/');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm start');
    expect((await get('/health')).status).toBe(200);
  });
});

describe('SIG-51 headers', () => {
  test('every answer allows only this server', async () => {
    const { server, get } = await site();
    for (const path of ['/', '/health', '/nothing', '/assets/index-abc123.js']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy')!.split('; ');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain(
        `connect-src 'self' ws://127.0.0.1:${server.port} wss://127.0.0.1:${server.port}`,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  test('a strange Host adds nothing to the policy', async () => {
    const { server } = await site();
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text));
      socket.write('GET /health HTTP/1.1\r\nHost: a; script-src *\r\nConnection: close\r\n\r\n');
    });
    expect(answer).toContain("connect-src 'self';");
    expect(answer).not.toContain('script-src *');
  });
});

describe('SIG-52 rooms over HTTP', () => {
  test('a room is made with its code, its key and its addresses', async () => {
    const { server, get } = await site();
    const response = await get('/rooms', { method: 'POST' });
    expect(response.status).toBe(201);
    const room = (await response.json()) as Record<string, string>;
    expect(room).toEqual({
      code: expect.stringMatching(/^[A-Z0-9]{6}$/),
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      joinUrl: `${server.url}/r/${room.code}`,
      teachUrl: `${server.url}/r/${room.code}/teach#${room.key}`,
    });
  });

  test('a page that was opened under a name gets addresses of that name', async () => {
    const { server } = await site();
    const host = `class.example:${server.port}`;
    const made = await new Promise<string>((resolve) => {
      httpRequest(
        {
          host: '127.0.0.1',
          port: server.port,
          path: '/rooms',
          method: 'POST',
          headers: { host, origin: `http://${host}` },
        },
        (response) => {
          let body = '';
          response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
        },
      ).end();
    });
    expect(JSON.parse(made).joinUrl).toMatch(`http://${host}/r/`);
  });

  test('another site’s page may not make rooms', async () => {
    const { server, get } = await site();
    expect(
      (await get('/rooms', { method: 'POST', headers: { origin: 'http://evil.example' } })).status,
    ).toBe(403);
    expect(server.census().rooms).toBe(0);
  });

  test('a room says what it is, without its key', async () => {
    const { server, get } = await site();
    const { code } = await openRoom(server);
    expect(await (await get(`/rooms/${code.toLowerCase()}`)).json()).toEqual({
      code,
      name: DEFAULT_ROOM_NAME,
      locked: false,
      full: false,
      ended: false,
    });
    const unknown = await get('/rooms/ACDEFG');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 'unknown-room' });
  });

  test('one address makes so many and no more', async () => {
    const { get } = await site({ limits: { roomsPerAddress: { burst: 2, perSecond: 0 } } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await get('/rooms', { method: 'POST' })).status);
    expect(statuses).toEqual([201, 201, 429]);
  });

  test('the server holds so many, and an ended one makes way', async () => {
    const { server, get } = await site({
      limits: { rooms: 2, roomsPerAddress: { burst: 9, perSecond: 9 } },
    });
    const [first] = [await openRoom(server), await openRoom(server)];
    const full = await get('/rooms', { method: 'POST' });
    expect([full.status, await full.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'too-many-rooms' }),
    ]);
    const teacher = tab(server);
    await teacher.enter(first.code, { role: 'observer', key: first.key });
    await ask((reply) => teacher.socket.emit('end', reply));
    expect((await get('/rooms', { method: 'POST' })).status).toBe(201);
    expect((await get(`/rooms/${first.code}`)).status).toBe(404);
  });
});

describe('SIG-53 what the server says of itself', () => {
  test('/health answers JSON', async () => {
    const { server, get } = await site();
    const { code } = await openRoom(server);
    await tab(server).enter(code);
    expect(await (await get('/health')).json()).toEqual({
      ok: true,
      version: '1.2.3',
      uptimeSeconds: expect.any(Number),
      rooms: 1,
      members: 1,
      stunPort: server.stunPort,
    });
  });

  test('/metrics counts requests by route and status, and no path becomes a label', async () => {
    const { server, get } = await site();
    for (const path of ['/health', '/health', '/secret-path-1', '/r/ACDEFG'])
      await (await get(path)).text();
    expect(await metric(server, 'netsplit_http_requests_total{route="health",status="200"}')).toBe(
      2,
    );
    expect(await metric(server, 'netsplit_http_requests_total{route="asset",status="404"}')).toBe(
      1,
    );
    expect(await metric(server, 'netsplit_http_requests_total{route="page",status="200"}')).toBe(1);
    const text = await (await get('/metrics')).text();
    expect(text).not.toContain('secret-path');
    expect(text).toContain('process_cpu_seconds_total');
  });
});

describe('SIG-54 sockets', () => {
  const upgrade = (port: number, origin?: string) =>
    new Promise<number>((resolve) => {
      const asked = httpRequest({
        host: '127.0.0.1',
        port,
        path: '/socket.io/?EIO=4&transport=websocket',
        headers: {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          ...(origin ? { origin } : {}),
        },
      });
      asked.on('upgrade', (response, socket) => (socket.destroy(), resolve(response.statusCode!)));
      asked.on('response', (response) => (response.resume(), resolve(response.statusCode!)));
      asked.end();
    });

  test('are for pages of this server, and for tools that name no page', async () => {
    const { server } = await site();
    expect(await upgrade(server.port)).toBe(101);
    expect(await upgrade(server.port, `http://127.0.0.1:${server.port}`)).toBe(101);
    expect(await upgrade(server.port, 'http://evil.example')).toBe(400);
    expect(await upgrade(server.port, 'null')).toBe(400);
  });

  test('are WebSockets only', async () => {
    const { get } = await site();
    expect((await get('/socket.io/?EIO=4&transport=polling')).status).toBe(400);
    expect((await get('/socket.io/socket.io.js')).status).toBe(400);
  });
});
