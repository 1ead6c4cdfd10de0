import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, openLinks, type Student } from '../support/classroom.ts';
import { causalOrder } from '../support/causal-order.ts';

describe('six tabs in contexts of their own', () => {
  let classroom: Classroom;
  let students: Student[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    students = await classroom.join(6);
    await fullMesh(students);
  });
  afterAll(() => classroom?.close());

  test('form a full mesh: every peers() shows the five others, open', async () => {
    const ids = (await Promise.all(students.map((student) => student.call('self')))).map(
      ({ id }) => id!,
    );
    expect(new Set(ids).size).toBe(6);
    for (const [index, student] of students.entries()) {
      const others = ids.filter((_, other) => other !== index).sort();
      expect(await openLinks(student)).toEqual(others);
    }
  });

  test('show how each link found its way, and a round trip', async () => {
    for (const student of students) {
      await student.page.waitForFunction(() =>
        window.netsplit!.peers().every((peer) => peer.rttMs !== null),
      );
      for (const peer of await student.call('peers')) {
        expect(['host', 'srflx', 'relay']).toContain(peer.path);
        expect(peer.verdict).toBe('alive');
        expect(peer.rttMs).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('hear a broadcast, each of them once', async () => {
    const sent = await students[0]!.call('broadcast', { hello: 'class', n: 1 });
    await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
    const from = (await students[0]!.call('self')).id;
    for (const student of students) {
      const copies = (await student.call('delivered')).filter(({ id }) => id === sent.id);
      expect(copies).toHaveLength(1);
      expect(copies[0]).toMatchObject({ from, payload: { hello: 'class', n: 1 } });
      expect(copies[0]!.receivedAt).toBeGreaterThan(sent.sentAt - 1);
    }
  });

  test('keep vector clocks that order events just as messages did', async () => {
    for (const student of students) await student.call('broadcast', 'tick');
    for (const student of students) {
      await student.page.waitForFunction(
        () => window.netsplit!.delivered().filter(({ payload }) => payload === 'tick').length === 6,
      );
    }
    const traces = await Promise.all(
      students.map((student) => student.call('trace', { limit: 100_000 })),
    );
    const verdict = causalOrder(traces);
    expect(verdict.messages).toBeGreaterThan(6 * 5);
    expect(verdict.pairs).toBeGreaterThan(1_000);
    expect(verdict.disagreements).toEqual([]);
  });

  test('keep an own entry that counts every event of this life', async () => {
    for (const student of students) {
      const { id } = await student.call('self');
      const before = await student.call('clocks');
      await student.call('broadcast', 'one more');
      const after = await student.call('clocks');
      expect(after!.vector[id!]!).toBeGreaterThan(before!.vector[id!]!);
      expect(after!.lamport).toBeGreaterThan(before!.lamport);
      expect(Object.keys(after!.vector)).toHaveLength(6);
    }
  });

  test('count what they sent and received, by protocol', async () => {
    const { gossip } = await students[0]!.call('metrics');
    expect(gossip!.messagesSent).toBeGreaterThan(0);
    expect(gossip!.bytesSent).toBeGreaterThan(gossip!.messagesSent);
    expect(gossip!.messagesReceived).toBeGreaterThan(0);
  });

  test('complain of nothing', () => {
    expect(students.flatMap((student) => student.errors)).toEqual([]);
  });
});

test('a call that is lost on its way is made again over the same connection', async () => {
  const classroom = await Classroom.open();
  try {
    let lost = 0;
    const losesFirstCall = async (page: Page): Promise<void> => {
      await page.routeWebSocket(/./, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => {
          const isCall = typeof message === 'string' && message.includes('"type":"offer"');
          if (isCall && lost === 0) lost++;
          else server.send(message);
        });
      });
    };
    const students = [
      await classroom.enter(undefined, losesFirstCall),
      await classroom.enter(undefined, losesFirstCall),
    ];
    await fullMesh(students);
    expect(lost).toBe(1);
    for (const { page } of students)
      expect(await page.evaluate(() => window.testConnections!.made())).toBe(1);
  } finally {
    await classroom.close();
  }
});
