import { describe, expect, test } from 'vitest';
import { DELAY_MS, QuorumClass } from '../../../test/support/quorum-class.ts';

const done = (value?: string | null) =>
  expect.objectContaining(value === undefined ? { ok: true } : { ok: true, value });

describe('a write and a read', () => {
  test('a value that was put is read by every node, whether it keeps a copy or not', () => {
    const mesh = new QuorumClass();
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual(done());
    for (const place of [0, 1, 2, 3, 4]) expect(mesh.ended(mesh.get(place))).toEqual(done('a'));
    expect(mesh.copies()).toEqual(['a', 'a', 'a']);
    expect([mesh.kept(3), mesh.kept(4)]).toEqual([{}, {}]);
  });
  test('ends after one way there and back', () => {
    const mesh = new QuorumClass();
    const begun = mesh.cluster.time.now();
    const write = mesh.put(4, 'a');
    mesh.ended(write);
    expect(write.endedAt - begun).toBeLessThanOrEqual(2 * DELAY_MS + 3);
  });
});
