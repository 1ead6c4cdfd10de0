import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { hearNot } from '../support/hear-not.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher } from '../support/teacher.ts';

/** How exact a rule must be where it is felt. */
const TENTH = 0.1;

const errorOf = (actual: number, expected: number) => Math.abs(actual - expected) / expected;

async function idOf(student: Student): Promise<NodeId> {
  return (await student.call('self')).id!;
}

async function openTeacher(classroom: Classroom): Promise<Teacher> {
  const teacher = new Teacher((await classroom.teach()).page);
  await teacher.is('joined');
  return teacher;
}

/** How many messages of one node another has received in this life. */
async function received(student: Student, from: NodeId): Promise<number> {
  const trace = await student.call('trace', { limit: 100_000 });
  return trace.filter((event) => event.type === 'receive' && event.from === from).length;
}

/** Waits until a node has received this many messages of another. */
async function hears(student: Student, from: NodeId, count: number): Promise<void> {
  await student.page.waitForFunction(
    ([sender, wanted]) =>
      window
        .netsplit!.trace({ limit: 100_000 })
        .filter((event) => event.type === 'receive' && event.from === sender).length >= wanted,
    [from, count] as const,
  );
}

async function linkOf(student: Student, to: NodeId): Promise<string | undefined> {
  return (await student.call('peers')).find(({ id }) => id === to)?.link;
}

async function countsOf(student: Student, peer: NodeId) {
  return (await student.call('network')).links.find(({ id }) => id === peer)!;
}

describe('links under a teacher’s rules', () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let a: Student, b: Student, c: Student;
  let ids: [NodeId, NodeId, NodeId];

  beforeAll(async () => {
    classroom = await Classroom.open();
    [a, b, c] = (await classroom.join(3)) as [Student, Student, Student];
    await fullMesh(classroom.students);
    teacher = await openTeacher(classroom);
    ids = [await idOf(a), await idOf(b), await idOf(c)];
  });
  afterAll(() => classroom?.close());

  test('a cut of both ways closes one link at both ends, and no other; healed, the mesh is whole within three seconds', async () => {
    const [aId, bId, cId] = ids;
    await teacher.order('partition', [[aId], [bId]], { style: 'cut' });
    await Promise.all([a, b].map((student) => student.hasOpenLinks(1)));
    expect(await Promise.all([linkOf(a, bId), linkOf(b, aId)])).toEqual(['cut', 'cut']);
    expect(await Promise.all([linkOf(a, cId), linkOf(b, cId)])).toEqual(['open', 'open']);
    await a.page.getByText('Your teacher has cut my link to').first().waitFor();

    const healedAt = Date.now();
    await teacher.order('heal');
    await fullMesh(classroom.students);
    expect(Date.now() - healedAt).toBeLessThan(3_000);
  });

  test.each([
    { what: 'cut', rule: { cut: true }, atA: 'cut' },
    { what: 'a black hole', rule: { blackhole: true }, atA: 'open' },
  ])(
    'RULED-5 one direction is $what: b hears nothing of a, a hears b, and others are untouched',
    async ({ rule, atA }) => {
      const [aId, bId, cId] = ids;
      const { version } = await teacher.order('links', [{ from: aId, to: bId, ...rule }]);
      await obey(classroom.students, version);
      const before = await received(b, aId);
      await Promise.all([
        hears(a, bId, (await received(a, bId)) + 4),
        hears(c, aId, (await received(c, aId)) + 4),
        hears(a, cId, (await received(a, cId)) + 4),
      ]);
      expect(await received(b, aId)).toBe(before);
      if (rule.blackhole) expect((await countsOf(a, bId)).swallowed).toBeGreaterThan(0);
      expect(await Promise.all([linkOf(a, bId), linkOf(b, aId)])).toEqual([atA, 'open']);
      expect(await Promise.all([linkOf(a, cId), linkOf(c, aId)])).toEqual(['open', 'open']);
      const orders = (await b.call('trace', { limit: 100_000 })).filter(
        ({ type }) => type === 'order',
      );
      expect(orders.at(-1)).toMatchObject({ version, under: null });
      const healed = await teacher.order('heal');
      await obey(classroom.students, healed.version);
      await hears(b, aId, before + 2);
    },
  );

  test('conditions of a node survive its restart and its reload, and the page says so', async () => {
    const [aId] = ids;
    await teacher.order('node', aId, { wallOffsetMs: 5_000, unplugged: true });
    await a.is('unplugged');
    await a.page.getByText('My plug is pulled by the teacher.').waitFor();
    await a.page.reload();
    await a.is('unplugged');
    const clocks = (await a.call('clocks'))!;
    expect(Math.abs(clocks.wall - Date.now() - 5_000)).toBeLessThan(1_000);
    await a.call('plug');
    expect((await a.call('self')).state).toBe('unplugged');
    await teacher.order('node', aId, { wallOffsetMs: 0, unplugged: false });
    await fullMesh(classroom.students);
  });
});

describe('a sender that does not obey', () => {
  test('RULED-5, 6 nothing of a tab that takes no orders comes through', async () => {
    const classroom = await Classroom.open();
    try {
      const [honest, liar] = (await classroom.join(2)) as [Student, Student];
      await liar.page.context().addInitScript(hearNot, { starts: '42["network"', ends: '' });
      await liar.page.reload();
      await liar.is('joined');
      await fullMesh(classroom.students);
      const teacher = await openTeacher(classroom);
      const [from, to] = [await idOf(liar), await idOf(honest)];

      const silent = await teacher.order('links', [{ from, to, blackhole: true }]);
      await obey([honest], silent.version);
      let heard = await received(honest, from);
      const refusals = (cause: 'blackhole' | 'outdated', count: number) =>
        honest.page.waitForFunction(
          ([name, wanted]) => window.netsplit!.network().links[0]!.refused[name] >= wanted,
          [cause, count] as const,
        );
      await refusals('blackhole', 4);
      expect(await received(honest, from)).toBe(heard);

      // It could be late, and for a while it is believed.
      const slow = await teacher.order('links', [{ from, to, latencyMs: 50 }]);
      await obey([honest], slow.version);
      await refusals('outdated', 1);
      heard = await received(honest, from);
      await refusals('outdated', 6);
      expect(await received(honest, from)).toBe(heard);
      expect((await liar.call('network')).version).toBe(0);

      // Cut one way it is refused like the rest; cut both ways the honest end closes the link.
      await teacher.order('links', [{ from, to, cut: true }]);
      await honest.page.waitForFunction(
        () => window.netsplit!.network().links[0]!.refused.cut >= 2,
      );
      expect(await received(honest, from)).toBe(heard);
      await teacher.order('partition', [[from], [to]], { style: 'cut' });
      await honest.hasOpenLinks(0);
      await honest.page.waitForFunction(() => window.netsplit!.peers()[0]!.link === 'cut');
      expect(await received(honest, from)).toBe(heard);
    } finally {
      await classroom.close();
    }
  });
});

describe('what a receiver feels of a rule', () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let a: Student, b: Student;
  let direction: { from: NodeId; to: NodeId };

  beforeAll(async () => {
    classroom = await Classroom.open();
    [a, b] = (await classroom.join(2)) as [Student, Student];
    await fullMesh(classroom.students);
    teacher = await openTeacher(classroom);
    direction = { from: await idOf(a), to: await idOf(b) };
    // Each broadcast is then one message, and what is lost stays lost.
    const bare = await teacher.order('choose', { spread: 'flood', antiEntropy: false });
    await obey([a, b], bare.version);
  });
  afterAll(() => classroom?.close());

  /** Broadcasts payloads at even times in the page itself; answers the most that waited for its link. */
  function broadcastEvenly(
    { page }: Student,
    count: number,
    everyMs: number,
    bytes: number,
  ): Promise<number> {
    return page.evaluate(
      async ([many, gapMs, size]) => {
        const began = performance.now();
        let fullest = 0;
        for (let sent = 0; sent < many;) {
          const due = Math.min(many, Math.floor((performance.now() - began) / gapMs) + 1);
          for (; sent < due; sent++)
            window.netsplit!.broadcast({ sent: Date.now(), pad: 'x'.repeat(size) });
          const [link] = window.netsplit!.network().links;
          fullest = Math.max(fullest, link?.queuedBytes ?? 0);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return fullest;
      },
      [count, everyMs, bytes] as const,
    );
  }

  /** Bytes of news a second, from the first `from` of them to the next `span`, by the page's clock. */
  function rateOfNews({ page }: Student, from: number, span: number): Promise<number> {
    return page.evaluate(
      async ([first, more]) => {
        const bytes = () => window.netsplit!.metrics()['gossip']!.bytesReceived;
        const cameTo = async (wanted: number) => {
          while (bytes() < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
          return { bytes: bytes(), at: performance.now() };
        };
        const start = await cameTo(bytes() + first);
        const end = await cameTo(start.bytes + more);
        return ((end.bytes - start.bytes) * 1_000) / (end.at - start.at);
      },
      [from, span] as const,
    );
  }

  const news = async (student: Student) => (await student.call('metrics'))['gossip']!;

  /** Waits until nothing more comes: for a second, which no frame waits between two others. */
  async function settled({ page } = b): Promise<void> {
    await page.evaluate(async () => {
      const count = () => window.netsplit!.metrics()['gossip']!.messagesReceived;
      for (let before = -1; before !== count();) {
        before = count();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    });
  }

  test('RULED-1 latency of 200±50 ms', async () => {
    const { version } = await teacher.order('links', [
      { ...direction, latencyMs: 200, jitterMs: 50 },
    ]);
    await obey([a, b], version);
    const before = (await b.call('delivered')).length;
    const sends = await a.page.evaluate(async () => {
      const sent: { id: string; sentAt: number }[] = [];
      for (let i = 0; i < 120; i++) {
        sent.push(window.netsplit!.broadcast(i));
        // As far apart as latencies are, so that the order of the stream holds nothing up.
        await new Promise((resolve) => setTimeout(resolve, 105));
      }
      return sent;
    });
    await settled();
    const arrived = new Map(
      (await b.call('delivered')).slice(before).map(({ id, receivedAt }) => [id, receivedAt]),
    );
    const taken = sends.map(({ id, sentAt }) => arrived.get(id)! - sentAt).sort((x, y) => x - y);
    const middle = taken.reduce((sum, ms) => sum + ms, 0) / taken.length;
    expect(errorOf(middle, 200)).toBeLessThan(TENTH);
    // A page that was busy for a moment holds up a few: the ends are those of nine tenths.
    const share = (part: number) => taken[Math.round(part * (taken.length - 1))]!;
    expect(errorOf(share(0.05), 155)).toBeLessThan(TENTH);
    expect(errorOf(share(0.95), 245)).toBeLessThan(TENTH);
  });

  test('RULED-1 loss of 20 %', async () => {
    const { from, to } = direction;
    const { version } = await teacher.order('links', [
      { from, to, loss: 0.2 },
      { from: to, to: from, loss: 0.2 },
    ]);
    await obey([a, b], version);
    const before = await Promise.all([a, b].map(news));
    // What follows within 10 ms would go together: both ways at once, so that it takes half the time.
    await Promise.all([a, b].map((student) => broadcastEvenly(student, 3_200, 11, 10)));
    await Promise.all([a, b].map((student) => settled(student)));
    const after = await Promise.all([a, b].map(news));
    const total = (of: typeof after, what: 'messagesSent' | 'messagesReceived') =>
      of.reduce((sum, counts) => sum + counts[what], 0);
    const sent = total(after, 'messagesSent') - total(before, 'messagesSent');
    const came = total(after, 'messagesReceived') - total(before, 'messagesReceived');
    expect(sent).toBeGreaterThan(5_500);
    expect(errorOf(1 - came / sent, 0.2)).toBeLessThan(TENTH);
    await obey([a, b], (await teacher.order('heal')).version);
  });

  test('RULED-1 50 kB/s with a queue of 64 kB, which overflows and says so', async () => {
    const rule = { ...direction, bytesPerSecond: 50_000, queueBytes: 64_000 };
    const { version } = await teacher.order('links', [rule]);
    await obey([a, b], version);
    const { overflowed: overflowedBefore } = await countsOf(a, direction.to);
    // Each page reads its own figures at one moment: a question from here may come while it drains.
    const [rate, fullest] = await Promise.all([
      rateOfNews(b, 10_000, 150_000),
      broadcastEvenly(a, 400, 10, 1_000),
    ]);
    await settled();
    const { overflowed } = await countsOf(a, direction.to);
    expect(errorOf(rate, 50_000)).toBeLessThan(TENTH);
    expect(errorOf(fullest, 64_000)).toBeLessThan(TENTH);
    expect(overflowed - overflowedBefore).toBeGreaterThan(50);
    // Of one moment: a beat may find the queue full while it is still draining.
    const [noted, counted] = await a.page.evaluate((to) => {
      const drops = window
        .netsplit!.trace({ limit: 100_000 })
        .filter((event) => event.type === 'drop' && event.reason === 'overflow');
      const link = window.netsplit!.network().links.find(({ id }) => id === to);
      return [drops.length, link!.overflowed];
    }, direction.to);
    expect(noted).toBe(counted);
  });
});
