import { describe, expect, test } from 'vitest';
import { rendezvousOrder } from '../../../src/coordination/quorum/rendezvous.ts';
import type { RegisterSetting } from '../../../src/network/register-setting.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { DELAY_MS, QuorumClass } from '../../support/quorum-class.ts';

describe('where copies live', () => {
  const nodes = Array.from({ length: 8 }, (_, index) => testNodeId(index));
  const keys = Array.from({ length: 2_000 }, (_, index) => `key ${index}`);

  test('QUORUM-1 the order does not depend on that of the list', () => {
    expect(rendezvousOrder('x', [...nodes].reverse())).toEqual(rendezvousOrder('x', nodes));
  });

  test('QUORUM-1 every node is first, second and third for its share of the keys', () => {
    for (const rank of [0, 1, 2])
      for (const node of nodes) {
        const share = keys.filter((key) => rendezvousOrder(key, nodes)[rank] === node).length;
        expect(share / keys.length).toBeGreaterThan(0.09);
        expect(share / keys.length).toBeLessThan(0.16);
      }
  });

  test('QUORUM-1 a node that is left out leaves the order of the others as it was', () => {
    for (const key of keys.slice(0, 100))
      expect(rendezvousOrder(key, nodes.slice(1))).toEqual(
        rendezvousOrder(key, nodes).filter((node) => node !== nodes[0]),
      );
  });
});

describe('a setting', () => {
  const next = (mesh: QuorumClass, change: Partial<RegisterSetting> = {}): RegisterSetting => ({
    ...mesh.setting,
    turn: mesh.setting.turn + 1,
    ...change,
  });
  const settings = (mesh: QuorumClass) =>
    mesh.cluster.members.map(({ protocols }) => protocols.setting);

  test('QUORUM-5 reaches all, and another one begins with empty registers', () => {
    const mesh = new QuorumClass();
    mesh.ended(mesh.put(4, 'a'));
    const second = next(mesh, { r: 1, w: 3 });
    mesh.use(second);
    mesh.runFor(2 * DELAY_MS);
    expect(settings(mesh)).toEqual(Array.from({ length: 5 }, () => second));
    expect(mesh.copies()).toEqual([null, null, null]);
    expect(mesh.ended(mesh.get(3))).toEqual({ ok: true, value: null, mark: null });
  });

  test('QUORUM-5 an older one is not taken, and survives neither crash nor link', () => {
    const mesh = new QuorumClass();
    const second = next(mesh);
    mesh.use(second);
    mesh.use(mesh.setting);
    mesh.runFor(2 * DELAY_MS);
    mesh.machine(2).crash();
    mesh.restart(2);
    expect(settings(mesh)).toEqual(Array.from({ length: 5 }, () => second));
  });

  test('QUORUM-5 what is under way ends: a read is refused, a write that was sent is unknown', () => {
    const mesh = new QuorumClass();
    const [write, read] = [mesh.put(4, 'a'), mesh.get(4)];
    mesh.runFor(DELAY_MS / 2);
    const { node, protocols } = mesh.machine(4);
    node.step(() => protocols.use(next(mesh)));
    mesh.runFor(0);
    expect(write.outcome).toEqual({ unknown: true });
    expect(read.outcome).toMatchObject({ ok: false, reason: 'changed' });
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.copies()).toEqual([null, null, null]);
  });

  test('QUORUM-5 a node that was away hears of it when it is back', () => {
    const mesh = new QuorumClass();
    const away = mesh.id(4) === mesh.setting.by.id ? 3 : 4;
    mesh.cut([away]);
    mesh.use(next(mesh));
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.machine(away).protocols.setting!.turn).toBe(1);
    mesh.heal();
    expect(mesh.machine(away).protocols.setting!.turn).toBe(2);
  });

  test('QUORUM-5 who asks by an older one is told of the newer, and nothing of it is taken', () => {
    const mesh = new QuorumClass();
    const away = mesh.id(4) === mesh.setting.by.id ? 3 : 4;
    for (const place of [0, 1, 2, 3, 4]) if (place !== away) mesh.silence(place, away);
    mesh.use(next(mesh));
    mesh.runFor(2 * DELAY_MS);
    mesh.heal();
    expect(mesh.machine(away).protocols.setting!.turn).toBe(1);
    expect(mesh.ended(mesh.put(away, 'a'))).toEqual({ unknown: true });
    expect(mesh.machine(away).protocols.setting!.turn).toBe(2);
    expect(mesh.copies()).toEqual([null, null, null]);
  });
});
