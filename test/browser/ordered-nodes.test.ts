import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { Teacher } from '../support/teacher.ts';

const PAUSE_MS = 4_000;

/** How much longer a pause may seem on a machine that does other things. */
const LATE_MS = 2_000;

describe('a node that the teacher tells what to do', () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let told: Student;
  let others: Student[];
  let id: NodeId;

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    [told, ...others] = (await classroom.join(3)) as [Student, ...Student[]];
    await fullMesh(classroom.students);
    await teacher.watches(3);
    id = (await told.call('self')).id!;
  }, 120_000);
  afterAll(() => classroom?.close());

  test(`a pause of ${PAUSE_MS / 1000} s: silent, and then everything at once`, async () => {
    await teacher.order('node', id, { pauseMs: PAUSE_MS });
    await told.is('paused');
    const said = await others[0]!.call('broadcast', 'while you slept');
    await others[1]!.hasDelivered(said.id);
    await told.hasDelivered(said.id);

    const trace = await told.call('trace', { limit: 100_000 });
    const paused = trace.findIndex(({ type }) => type === 'pause');
    const resumed = trace.findIndex(({ type }) => type === 'resume');
    expect(resumed).toBe(paused + 1);
    const length = trace[resumed]!.at - trace[paused]!.at;
    expect(length).toBeGreaterThanOrEqual(PAUSE_MS - 50);
    expect(length).toBeLessThan(PAUSE_MS + LATE_MS);

    // What it sent meanwhile is nothing, and what it was sent is taken as soon as it runs again.
    const heard = await others[0]!.call('trace', { limit: 100_000 });
    const during = heard.filter(
      (event) =>
        event.type === 'receive' &&
        event.from === id &&
        event.at > trace[paused]!.at + 250 &&
        event.at < trace[resumed]!.at,
    );
    expect(during).toEqual([]);
    const firstSecond = trace
      .slice(resumed)
      .filter(({ type, at }) => type === 'receive' && at - trace[resumed]!.at < 200);
    expect(firstSecond.length).toBeGreaterThan(PAUSE_MS / 1000);
  });

  test.each([
    { keepDisk: true, keeps: 'keeps what it stored' },
    { keepDisk: false, keeps: 'has lost it' },
  ])(
    'a crash, and a restart with keepDisk $keepDisk: the id stays, and the node $keeps',
    async ({ keepDisk }) => {
      const { incarnation } = await told.call('self');
      await teacher.order('node', id, { crash: true });
      await told.is('crashed');
      await teacher.order('node', id, { restart: { keepDisk } });
      await told.is('joined');
      await fullMesh(classroom.students);
      const self = await told.call('self');
      expect(self).toMatchObject({ id, incarnation: incarnation! + 1 });
      const trace = await told.call('trace', { limit: 100_000 });
      const restart = trace.findLast((event) => event.type === 'restart');
      expect(restart).toMatchObject({ incarnation: self.incarnation });
      if (keepDisk) expect(restart!.entries).toBeGreaterThan(0);
      else expect(restart!.entries).toBe(0);
    },
  );

  test('its clock is set ahead, and everybody measures it; every act is in its trace', async () => {
    await teacher.order('node', id, { wallOffsetMs: 5_000 });
    await others[0]!.page.waitForFunction((ahead) => {
      const view = window.netsplit!.offsets().find((each) => each.id === ahead);
      return Math.abs((view?.wall.offsetMs ?? 0) - 5_000) < 500;
    }, id);
    const orders = (await told.call('trace', { limit: 100_000 })).filter(
      ({ type }) => type === 'order',
    );
    expect(orders.length).toBeGreaterThanOrEqual(2);
    await teacher.order('node', id, { wallOffsetMs: 0 });
  });

  describe('what is refused changes nothing', () => {
    test.each([
      ['an unknown node', 'node', ['zzzzzzzzzz', { pauseMs: 100 }], /^unknown-node/],
      [
        'an unknown end of a link',
        'links',
        [[{ from: 'zzzzzzzzzz', to: '$id', cut: true }]],
        /^unknown-node/,
      ],
      [
        'a negative latency',
        'links',
        [[{ from: '$other', to: '$id', latencyMs: -1 }]],
        /^bad-rule.*latencyMs/,
      ],
      [
        'an absurd rate',
        'links',
        [[{ from: '$other', to: '$id', bytesPerSecond: 1e15 }]],
        /^bad-rule.*bytesPerSecond/,
      ],
      ['a share above one', 'links', [[{ from: '$other', to: '$id', loss: 2 }]], /^bad-rule.*loss/],
      [
        'a word that it does not know',
        'links',
        [[{ from: '$other', to: '$id', looses: 0.2 }]],
        /^bad-rule/,
      ],
      ['a link to itself', 'links', [[{ from: '$id', to: '$id', cut: true }]], /^bad-rule/],
      ['a pause of a week', 'node', ['$id', { pauseMs: 6.048e8 }], /^bad-rule.*pauseMs/],
      [
        'a group with a stranger',
        'partition',
        [[['$id'], ['zzzzzzzzzz']], { style: 'cut' }],
        /^unknown-node/,
      ],
      [
        'a style that it does not know',
        'partition',
        [[['$id'], ['$other']], { style: 'burn' }],
        /^bad-rule.*style/,
      ],
    ])('%s', async (_what, name, args, refusal) => {
      const other = (await others[0]!.call('self')).id!;
      const before = await teacher.observe();
      const filled = JSON.parse(
        JSON.stringify(args).replaceAll('$id', id).replaceAll('$other', other),
      ) as unknown[];
      const problem = await teacher.ask(name, filled).then(
        () => 'nothing was refused',
        (error: Error) => error.message.replace(/^page\.evaluate: (Error: )?/, ''),
      );
      expect(problem).toMatch(refusal);
      const after = await teacher.observe();
      expect(after).toMatchObject({
        version: before.version,
        rules: before.rules,
        conditions: before.conditions,
      });
    });

    test('a page with a wrong key is not let in, and a student has no such power', async () => {
      const { origin, code } = classroom.server;
      const { page } = await classroom.teach(`${origin}/r/${code}/teach#${'0'.repeat(32)}`);
      await page.getByText('not the teacher’s key', { exact: false }).first().waitFor();
      expect(await told.page.evaluate(() => 'teacher' in window.netsplit!)).toBe(false);
    });
  });

  test('the teacher sees the states that nodes are in', async () => {
    await teacher.order('node', id, { crash: true });
    await teacher.page.waitForFunction(
      (crashed) =>
        window.netsplit!.teacher!.observe().nodes.find((node) => node.id === crashed)?.state ===
        'crashed',
      id,
    );
    await teacher.order('node', id, { restart: true });
    await told.is('joined');
  });
});
