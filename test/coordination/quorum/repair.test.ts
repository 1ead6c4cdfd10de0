import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/coordination/outcome.ts';
import { LINGER_MS } from '../../../src/coordination/quorum/coordinator.ts';
import { DELAY_MS, QuorumClass } from '../../support/quorum-class.ts';

const found = (value: string | null) => expect.objectContaining({ ok: true, value }) as Outcome;

/** Copy 2 has missed the second write. */
function behind(repair: 'none' | 'later' | 'before', w = 2): QuorumClass {
  const mesh = new QuorumClass({ r: 2, w, repair });
  mesh.ended(mesh.put(4, 'old'));
  mesh.silence(4, 2);
  mesh.ended(mesh.put(4, 'new'));
  mesh.heal();
  expect(mesh.copies()).toEqual(['new', 'new', 'old']);
  return mesh;
}

describe('a copy that is behind', () => {
  test('QUORUM-12 without repair it stays behind', () => {
    const mesh = behind('none');
    for (const place of [0, 2, 3]) expect(mesh.ended(mesh.get(place))).toEqual(found('new'));
    mesh.runFor(2 * LINGER_MS);
    expect(mesh.copies()).toEqual(['new', 'new', 'old']);
  });

  test('QUORUM-12 mended later, it gets the newest after the answer', () => {
    const mesh = behind('later');
    const begun = mesh.cluster.time.now();
    const read = mesh.get(2);
    expect(mesh.ended(read)).toEqual(found('new'));
    expect(read.endedAt - begun).toBeLessThanOrEqual(2 * DELAY_MS + 2);
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.copies()).toEqual(['new', 'new', 'new']);
  });

  test('QUORUM-12 also if it answers after the read has ended', () => {
    const mesh = behind('later');
    expect(mesh.ended(mesh.get(0))).toEqual(found('new'));
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.copies()).toEqual(['new', 'new', 'new']);
  });

  test('QUORUM-12 a read that hears the newest too late mends those that it heard before', () => {
    const mesh = new QuorumClass({ r: 1, w: 2 });
    for (const copy of [0, 1]) mesh.silence(copy, 2);
    mesh.silence(4, 2);
    mesh.ended(mesh.put(4, 'new'));
    mesh.heal();
    expect(mesh.ended(mesh.get(2))).toEqual(found(null));
    mesh.runFor(4 * DELAY_MS);
    expect(mesh.copies()).toEqual(['new', 'new', 'new']);
  });

  test('QUORUM-3 the older never goes over the newer, whoever reads', () => {
    const mesh = behind('later');
    for (const place of [0, 1, 2, 3, 4]) mesh.get(place);
    mesh.runFor(LINGER_MS);
    expect(mesh.copies()).toEqual(['new', 'new', 'new']);
    expect(mesh.notes('copy').filter(({ detail }) => detail['value'] === '"old"').length).toBe(3);
  });
});

/** A write that has reached copy 0 alone, and whose client does not know. */
function halfWritten(repair: 'none' | 'later' | 'before'): QuorumClass {
  const mesh = new QuorumClass({ r: 2, w: 2, repair });
  mesh.ended(mesh.put(4, 'old'));
  mesh.runFor(2 * DELAY_MS);
  mesh.put(4, 'new');
  // Versions are heard first where repair comes before.
  mesh.runFor(repair === 'before' ? 2 * DELAY_MS + 2 : 0);
  for (const copy of [1, 2]) mesh.silence(4, copy);
  mesh.runFor(DELAY_MS + 2);
  mesh.machine(4).crash();
  mesh.heal();
  expect(mesh.copies()).toEqual(['new', 'old', 'old']);
  return mesh;
}

describe('a write that only one copy has', () => {
  test('QUORUM-13 with repair before the answer, no later read finds less than an earlier one', () => {
    const mesh = halfWritten('before');
    mesh.silence(2, 3);
    expect(mesh.ended(mesh.get(3))).toEqual(found('new'));
    expect(mesh.copies().filter((value) => value === 'new').length).toBeGreaterThanOrEqual(2);
    mesh.heal();
    mesh.machine(0).crash();
    mesh.runFor(DELAY_MS);
    expect(mesh.ended(mesh.get(1))).toEqual(found('new'));
  });

  test('without it, one read finds it and a later one does not', () => {
    const mesh = halfWritten('none');
    mesh.silence(2, 3);
    expect(mesh.ended(mesh.get(3))).toEqual(found('new'));
    mesh.heal();
    mesh.silence(0, 1);
    expect(mesh.ended(mesh.get(1))).toEqual(found('old'));
  });

  test('QUORUM-13 a read waits for as many as a write, and not if they had it anyway', () => {
    const mesh = halfWritten('before');
    mesh.silence(2, 3);
    const [begun, read] = [mesh.cluster.time.now(), mesh.get(3)];
    mesh.ended(read);
    expect(read.endedAt - begun).toBeGreaterThanOrEqual(4 * DELAY_MS);
    const [later, again] = [mesh.cluster.time.now(), mesh.get(3)];
    mesh.ended(again);
    expect(again.endedAt - later).toBeLessThanOrEqual(2 * DELAY_MS + 2);
  });

  test('QUORUM-13 a read that cannot write back is refused', () => {
    const mesh = halfWritten('before');
    mesh.silence(2, 3);
    const read = mesh.get(3);
    mesh.runFor(DELAY_MS + 2);
    for (const copy of [0, 1, 2]) mesh.silence(3, copy);
    expect(mesh.ended(read)).toMatchObject({ ok: false, reason: 'no-answer' });
  });
});
