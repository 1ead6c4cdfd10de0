import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, seesAs, type Student } from '../support/classroom.ts';

/** Any name but localhost is, over http, what a school's LAN address is: not a secure context. */
const HOST = 'class.test';

describe('plain http under a host name', () => {
  let classroom: Classroom;
  let students: Student[];

  beforeAll(async () => {
    classroom = await Classroom.open({
      browser: { args: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`] },
    });
    const url = classroom.server.joinUrl.replace('127.0.0.1', HOST);
    students = await classroom.join(3, url);
    await fullMesh(students);
  });
  afterAll(() => classroom?.close());

  test('is indeed not a secure context', async () => {
    const secure = await students[0]!.page.evaluate(() => isSecureContext);
    const digests = await students[0]!.page.evaluate(() => crypto.subtle !== undefined);
    expect({ secure, digests }).toEqual({ secure: false, digests: false });
  });

  test('broadcasts, unplugs, plugs and reloads as anywhere', async () => {
    const sent = await students[0]!.call('broadcast', 'over http');
    await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
    await students[1]!.call('unplug');
    await students[1]!.hasOpenLinks(0);
    await students[1]!.call('plug');
    await fullMesh(students);
    const { id } = await students[2]!.call('self');
    await students[2]!.page.reload();
    await fullMesh(students);
    expect((await students[2]!.call('self')).id).toBe(id);
    expect(await students[2]!.call('disk')).toEqual({ state: 'ready' });
  });

  test('shows the teacher the class', async () => {
    const { page } = await classroom.teach(classroom.server.teachUrl.replace('127.0.0.1', HOST));
    for (const student of students) await seesAs(page, student, 'in the mesh');
  });

  test('asks nobody but its own server for anything', async () => {
    for (const { page } of students) {
      const hosts = await page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => new URL(name).hostname),
      );
      expect(new Set(hosts)).toEqual(new Set([HOST]));
    }
  });

  test('complains of nothing', () => {
    expect(students.flatMap((student) => student.errors)).toEqual([]);
  });
});
