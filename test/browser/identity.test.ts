import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, Student, type Student as Tab } from '../support/classroom.ts';

describe('a tab and who it is', () => {
  let classroom: Classroom;
  let first: Tab;
  let others: Tab[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    [first, ...others] = (await classroom.join(4)) as [Tab, ...Tab[]];
    await fullMesh(classroom.students);
  });
  afterAll(() => classroom?.close());

  test('a reload keeps the id and the name, raises the incarnation and is linked again', async () => {
    const before = await first.call('self');
    await first.page.reload();
    await first.is('joined');
    await fullMesh(classroom.students);
    const after = await first.call('self');
    expect(after).toMatchObject({ id: before.id, name: before.name });
    expect(after.incarnation).toBe(before.incarnation! + 1);
  });

  test('what a reloaded tab broadcasts arrives, although the others heard of its earlier life', async () => {
    const sent = await first.call('broadcast', 'second life');
    await Promise.all(others.map((student) => student.hasDelivered(sent.id)));
  });

  /** What 'duplicate tab' does: the same address, with a copy of the session's storage. */
  async function duplicateOf(original: Tab): Promise<Tab> {
    const storage = await original.page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    const page = await original.page.context().newPage();
    await page.addInitScript((copy) => {
      // It is copied once: what the page forgets later stays forgotten.
      if (sessionStorage.getItem('copied')) return;
      sessionStorage.setItem('copied', 'yes');
      for (const [key, value] of Object.entries(JSON.parse(copy) as Record<string, string>))
        sessionStorage.setItem(key, value);
    }, storage);
    return new Student(page);
  }

  async function isANodeOfItsOwn(duplicate: Tab): Promise<void> {
    const before = await first.call('self');
    await duplicate.page.goto(classroom.server.joinUrl);
    await duplicate.is('joined');
    await fullMesh([...classroom.students, duplicate]);
    const copy = await duplicate.call('self');
    expect(copy.id).not.toBe(before.id);
    expect(copy.incarnation).toBe(1);
    expect(await first.call('self')).toMatchObject({ id: before.id, state: 'joined' });
    await duplicate.page.close();
    await fullMesh(classroom.students);
  }

  test('a duplicated tab takes a new id, and the original keeps its own', async () => {
    await isANodeOfItsOwn(await duplicateOf(first));
  });

  test('a duplicated tab that the original does not answer in time is told by the server', async () => {
    const duplicate = await duplicateOf(first);
    await duplicate.page.addInitScript(() => {
      BroadcastChannel.prototype.postMessage = () => undefined;
    });
    await isANodeOfItsOwn(duplicate);
  });

  test('unplug closes every link within a second, at both ends; plug brings them back within three', async () => {
    const { id } = await first.call('self');
    const unpluggedAt = Date.now();
    await first.call('unplug');
    await first.is('unplugged');
    await Promise.all([
      first.hasOpenLinks(0),
      ...others.map((student) => student.hasOpenLinks(others.length - 1)),
    ]);
    expect(Date.now() - unpluggedAt).toBeLessThan(1_000);
    for (const student of others) {
      const peer = (await student.call('peers')).find((each) => each.id === id);
      expect(peer?.link).toBe('closed');
    }

    const pluggedAt = Date.now();
    await first.call('plug');
    await fullMesh(classroom.students);
    expect(Date.now() - pluggedAt).toBeLessThan(3_000);
    expect((await first.call('self')).state).toBe('joined');
  });

  test('a broadcast while unplugged is heard by nobody, and by all once the plug is in again', async () => {
    await first.call('unplug');
    await first.hasOpenLinks(0);
    const unheard = await first.call('broadcast', 'nobody hears me');
    const among = await others[0]!.call('broadcast', 'the others do');
    await Promise.all(others.map((student) => student.hasDelivered(among.id)));
    for (const student of others) {
      const ids = (await student.call('delivered')).map(({ id }) => id);
      expect(ids).not.toContain(unheard.id);
    }
    await first.call('plug');
    await Promise.all(others.map((student) => student.hasDelivered(unheard.id)));
    await first.hasDelivered(among.id);
    await fullMesh(classroom.students);
  });

  test('a closed tab is gone for everybody at once', async () => {
    const leaver = (await classroom.join(1))[0]!;
    await fullMesh(classroom.students);
    const { id } = await leaver.call('self');
    classroom.students.pop();
    const leftAt = Date.now();
    await leaver.page.close({ runBeforeUnload: false });
    for (const student of classroom.students) {
      await student.page.waitForFunction(
        (gone) =>
          !window.netsplit!.peers().some((peer) => peer.id === gone && peer.link === 'open'),
        id,
      );
    }
    expect(Date.now() - leftAt).toBeLessThan(2_000);
  });
});
