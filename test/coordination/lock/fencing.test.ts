import { describe, expect, test } from 'vitest';
import { MAX_RESOURCES, MAX_WRITERS, Resource } from '../../../src/coordination/lock/resource.ts';
import { MAX_WRITES } from '../../../src/coordination/lock/writer.ts';
import type { WriteMessage } from '../../../src/coordination/lock/messages.ts';
import { loneNode } from '../../support/lone-node.ts';
import { SlowDisk } from '../../support/slow-disk.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { LockRig } from './rig.ts';

const lease = { leaseMs: 1_000 };

/** Whoever was paused for twice its lease writes late, as a program does that has looked at its clock before. */
function lateWrite(rig: LockRig) {
  rig.held(0, lease);
  rig.cluster.members[0]!.pause();
  expect(rig.acquire(1, lease)).toEqual([]);
  rig.runFor(2_000);
  const second = rig.write(1, 2, 'of the second');
  rig.runFor(100);
  rig.cluster.members[0]!.resume();
  const late = rig.write(0, 1, 'late');
  rig.runFor(100);
  return { second, late };
}

describe('the resource', () => {
  test('LOCK-9 LOCK-16 a late write is refused with both numbers, and lands where nobody looks at tokens', () => {
    const rig = new LockRig();
    const { second, late } = lateWrite(rig);
    const unchecked = { ok: true };
    expect(second).toEqual([{ ok: true, token: 2, newest: 2, unchecked }]);
    const why = 'Token 1 is stale: the resource has seen token 2.';
    expect(late).toEqual([
      { ok: false, reason: 'stale-token', why, token: 1, newest: 2, unchecked },
    ]);
    expect(rig.at(rig.keeper()).kept('door')).toMatchObject({
      newest: 2,
      checked: { token: 2, value: 'of the second', by: rig.idOf(1) },
      unchecked: { token: 1, value: 'late', by: rig.idOf(0) },
    });
    const noted = rig.notes('written').map(({ detail }) => [detail['checked'], detail['taken'], detail['kept']]); // prettier-ignore
    expect(noted.slice(-2)).toEqual([
      [true, false, 'of the second'],
      [false, true, 'late'],
    ]);
  });

  test('LOCK-9 whoever holds writes as often as it likes', () => {
    const rig = new LockRig();
    rig.held(0);
    const ends = [1, 2, 3].map((value) => rig.write(0, 1, value));
    rig.runFor(200);
    expect(ends).toMatchObject(Array(3).fill([{ ok: true, token: 1, newest: 1 }]));
  });

  test('LOCK-10 a write that comes again is taken once, and answered the same, over a crash too', () => {
    const disk = new SlowDisk();
    const inLife = (life: number) => {
      const { node, protocol, environment } = loneNode(life, disk);
      const resource = new Resource(protocol.host);
      resource.start();
      const write = (number: number, token: number) =>
        node.step(() => resource.write(testNodeId(1), message(number, token)));
      return { write, environment, resource };
    };
    const first = inLife(1);
    const answers = [first.write(1, 5), first.write(2, 4)];
    expect(answers).toMatchObject([
      { taken: true, newest: 5 },
      { taken: false, newest: 5 },
    ]);
    disk.finishAll();
    const second = inLife(2);
    expect(second.write(2, 4)).toEqual(answers[1]);
    expect(second.write(1, 5)).toBeNull();
    disk.finishAll();
    expect(first.environment.events.filter(({ type }) => type === 'note')).toHaveLength(4);
    expect(second.environment.events.filter(({ type }) => type === 'note')).toEqual([]);
  });

  test('LOCK-11 a keeper that cannot be reached: nothing was done, and it is said at once', () => {
    const rig = new LockRig();
    rig.held(0);
    const keeper = rig.keeper();
    rig.cluster.unlink(0, keeper);
    rig.runFor(0);
    const ends = rig.write(0, 1, 'x');
    rig.runFor(1);
    expect(ends).toMatchObject([{ ok: false, reason: 'unreachable' }]);
  });

  test.each(['there', 'back'])('LOCK-11 a write that is lost on the way %s is unknown, and comes through when it is sent again', (way) => {
    const rig = new LockRig();
    rig.held(0);
    const [from, to] = [rig.idOf(0), rig.idOf(rig.keeper())];
    const rule = way === 'there' ? { from, to } : { from: to, to: from };
    rig.cluster.setRules([{ ...rule, blackhole: true }]);
    const first = rig.write(0, 1, 'never answered');
    const second = rig.write(0, 1, 'answered');
    rig.runFor(6_000);
    rig.cluster.setRules([]);
    rig.runFor(1_000);
    expect(first).toEqual([{ unknown: true }]);
    expect(second).toMatchObject([{ ok: true }]);
  }); // prettier-ignore

  test('LOCK-12 the keeper is the lowest of the others, and stays', () => {
    const rig = new LockRig({ nodes: 4 });
    rig.held(2);
    const lowest = [0, 1, 3].map((index) => rig.idOf(index)).sort()[0]!;
    expect(rig.keeper()).toBe(rig.indexOf(lowest));
    rig.release(2, 1);
    rig.runFor(100);
    const before = rig.keeper();
    rig.held(before);
    expect(rig.keeper()).toBe(before);
    const ends = rig.write(before, 2, 'my own');
    rig.runFor(100);
    expect(ends).toMatchObject([{ ok: true }]);
  });

  test('LOCK-12 whoever has never heard of the lock learns from the log who keeps', () => {
    const rig = new LockRig();
    const never = rig.write(1, 1, 'x');
    rig.runFor(100);
    rig.held(0);
    const stranger = rig.write(1, 1, 'x');
    rig.runFor(100);
    expect([never, stranger]).toMatchObject([[{ reason: 'never-held' }], [{ ok: true }]]);
  });

  test('LOCK-15 a keeper has room for so many resources and writers, and a node for so many writes', () => {
    const { node, protocol } = loneNode(1, new SlowDisk());
    const resource = new Resource(protocol.host);
    const names = Array.from({ length: MAX_RESOURCES + 1 }, (_, i) => `lock ${i}`);
    const write = (name: string, by = 1, number = 1) =>
      node.step(() => resource.write(testNodeId(by), { ...message(number, 1), name }))!;
    expect(names.map((name) => write(name).type)).toEqual([
      ...Array<string>(MAX_RESOURCES).fill('written'),
      'refused',
    ]);
    for (let by = 2; by <= MAX_WRITERS + 3; by++) write(names[0]!, by);
    expect(resource.at(names[0]!)!.writers).toHaveLength(MAX_WRITERS);

    const rig = new LockRig();
    rig.held(0);
    const ends = Array.from({ length: MAX_WRITES + 1 }, (_, value) => rig.write(0, 1, value));
    rig.runFor(3_000);
    expect(ends.map(([end]) => 'ok' in end! && end.ok)).toEqual([
      ...Array<boolean>(MAX_WRITES).fill(true),
      false,
    ]);
    expect(ends.at(-1)).toMatchObject([{ reason: 'busy' }]);
  });
});

function message(number: number, token: number): WriteMessage {
  return { type: 'write', name: 'door', life: 1, number, token, value: number };
}
