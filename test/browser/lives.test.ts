import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { TraceEvent } from '../../src/trace/event.ts';
import { Classroom, fullMesh, openLinks, seesAs, type Student } from '../support/classroom.ts';

/** Of one kind, in this node's trace. */
async function events<Type extends TraceEvent['type']>(
  student: Student,
  type: Type,
): Promise<Extract<TraceEvent, { readonly type: Type }>[]> {
  const trace = await student.call('trace', { limit: 100_000 });
  return trace.filter((event) => event.type === type) as Extract<
    TraceEvent,
    { readonly type: Type }
  >[];
}

describe('the lives of a node in a tab', () => {
  let classroom: Classroom;
  let first: Student;
  let others: Student[];
  let teacher: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    [first, ...others] = (await classroom.join(3)) as [Student, ...Student[]];
    await fullMesh(classroom.students);
    teacher = (await classroom.teach()).page;
    await seesAs(teacher, first, 'in the mesh');
  });
  afterAll(() => classroom?.close());

  test('STORE-7 a reload finds what was stored, and its Lamport clock goes on above it', async () => {
    expect(await first.call('disk')).toEqual({ state: 'ready' });
    const { incarnation } = await first.call('self');
    const before = await first.call('clocks');
    await first.page.reload();
    await first.is('joined');
    await fullMesh(classroom.students);

    expect((await first.call('self')).incarnation).toBe(incarnation! + 1);
    expect(await events(first, 'restart')).toMatchObject([
      { incarnation: incarnation! + 1, sequence: 2, entries: 1 },
    ]);
    expect((await first.call('clocks'))!.lamport).toBeGreaterThan(before!.lamport);
  });

  test('NODE-9 pause freezes the node, which nobody sees but by its silence, and then it goes on', async () => {
    const { id } = await first.call('self');
    await first.call('pause', 60_000);
    expect((await first.call('self')).state).toBe('paused');
    const unheard = await first.call('broadcast', 'said while frozen');
    await first.page.getByText(/I am paused.* in \d+ s/).waitFor();
    await seesAs(teacher, first, 'paused');
    // A frozen node is silent, and its links stay: the others can only suspect it.
    await others[0]!.page.waitForFunction(
      (paused) =>
        window
          .netsplit!.peers()
          .some((peer) => peer.id === paused && peer.verdict === 'suspect' && peer.link === 'open'),
      id,
    );
    expect((await others[0]!.call('delivered')).map((each) => each.id)).not.toContain(unheard.id);

    // In place of what was left of the minute.
    await first.call('pause', 100);
    await first.is('joined');
    await Promise.all(others.map((student) => student.hasDelivered(unheard.id)));
    expect(await events(first, 'pause')).toMatchObject([{ lengthMs: null }]);
    const [resume] = await events(first, 'resume');
    expect(resume!.pausedMs).toBeGreaterThan(500);
    expect(resume!.pausedMs).toBeLessThan(60_000);
    expect(await convictions(first)).toEqual([]);
  });

  test('pause names what it does not take', async () => {
    await expect(first.call('pause', 0)).rejects.toThrow('A pause lasts up to 600000 ms, not 0.');
    await expect(first.call('pause', 1e9)).rejects.toThrow('A pause lasts up to 600000 ms');
  });

  test('NODE-10 crash ends the life without a word, and nobody gets a link to what is left', async () => {
    const { id } = await first.call('self');
    await first.call('crash');
    expect(await first.call('self')).toMatchObject({ id, state: 'crashed' });
    await Promise.all(others.map((student) => student.hasOpenLinks(others.length - 1)));
    // An observer watches the machine and not the node: its link stays.
    await seesAs(teacher, first, 'crashed');
    const last = (await first.call('trace', { limit: 100_000 })).at(-1);
    expect(last?.type).toBe('crash');
    expect(await first.call('clocks')).toBeNull();
    await expect(first.call('broadcast', 'anybody?')).rejects.toThrow('This node has crashed.');
    // No plug was pulled and no goodbye was said.
    await others[0]!.page.waitForFunction(
      (crashed) => {
        const peer = window.netsplit!.peers().find((each) => each.id === crashed);
        return peer?.verdict === 'dead';
      },
      id,
      { timeout: 60_000 },
    );
    const reasons = (await events(others[0]!, 'note')).flatMap(({ kind, detail }) =>
      kind === 'verdict' && detail['peer'] === id && detail['verdict'] === 'suspect'
        ? [detail['reason']]
        : [],
    );
    expect(reasons.at(-1)).toBe('its link closed');
  });

  test('NODE-10 restart is a new life over the same disk, linked again within three seconds', async () => {
    const { id, name, incarnation } = await first.call('self');
    const restartedAt = Date.now();
    const self = await first.call('restart', {});
    expect(self).toMatchObject({ id, name, incarnation: incarnation! + 1 });
    await fullMesh(classroom.students);
    expect(Date.now() - restartedAt).toBeLessThan(3_000);
    await first.is('joined');
    expect((await events(first, 'restart')).at(-1)).toMatchObject({
      incarnation: incarnation! + 1,
      entries: 1,
    });
    const sent = await first.call('broadcast', 'alive again');
    await Promise.all(others.map((student) => student.hasDelivered(sent.id)));
  });

  test('restart with keepDisk false finds an empty disk', async () => {
    const before = await first.call('clocks');
    await first.call('restart', { keepDisk: false });
    await fullMesh(classroom.students);
    expect((await events(first, 'restart')).at(-1)).toMatchObject({ entries: 0 });
    const [start] = (await events(first, 'start')).slice(-1);
    expect(start!.lamport).toBeLessThan(before!.lamport);
  });

  test('its page says that it has crashed, and the button there brings it back', async () => {
    await first.call('crash');
    await first.page.getByText('I have crashed.').waitFor();
    await first.page.getByText('I know of nobody any more.').waitFor();
    await first.page.getByRole('button', { name: 'Restart', exact: true }).click();
    await first.is('joined');
    await fullMesh(classroom.students);
    await seesAs(teacher, first, 'in the mesh');
  });

  test('a reload brings back a node that had crashed', async () => {
    await first.call('crash');
    await first.page.reload();
    await first.is('joined');
    await fullMesh(classroom.students);
    expect(await openLinks(first)).toHaveLength(others.length);
  });

  test('complain of nothing', () => {
    expect(classroom.students.flatMap((student) => student.errors)).toEqual([]);
  });
});

/** Whom this node took for dead, ever. */
async function convictions(student: Student): Promise<unknown[]> {
  const notes = await events(student, 'note');
  return notes.filter(({ kind, detail }) => kind === 'verdict' && detail['verdict'] === 'dead');
}
