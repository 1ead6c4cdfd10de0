import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/coordination/outcome.ts';
import { MAX_AT_ONCE } from '../../../src/coordination/quorum/handoff.ts';
import { ATTEMPT_MS } from '../../../src/coordination/quorum/round.ts';
import { DELAY_MS, QuorumClass } from '../../support/quorum-class.ts';

const DONE = expect.objectContaining({ ok: true }) as Outcome;
const found = (value: string | null) => expect.objectContaining({ ok: true, value }) as Outcome;

const SLOPPY = { r: 2, w: 2, sloppy: true, repair: 'none' } as const;

describe('a copy that cannot be reached', () => {
  test('QUORUM-14, QUORUM-15 is stood in for by the next node, which keeps a hint apart', () => {
    const mesh = new QuorumClass({ ...SLOPPY, w: 3 }, { nodes: 6 });
    mesh.cut([0]);
    expect(mesh.ended(mesh.put(5, 'a'))).toEqual(DONE);
    expect([1, 2, 3, 4, 5].map((place) => mesh.kept(place))).toEqual([
      ...[{ 1: 'a' }, { 2: 'a' }, { 0: 'a' }, {}, {}],
    ]);
  });

  test('QUORUM-14 each stands in for one: two that are missing need two', () => {
    const mesh = new QuorumClass({ ...SLOPPY, w: 3 }, { nodes: 6 });
    mesh.cut([0, 1]);
    expect(mesh.ended(mesh.put(5, 'a'))).toEqual(DONE);
    expect([mesh.kept(3), mesh.kept(4)]).toEqual([{ 0: 'a' }, { 1: 'a' }]);
  });

  test('QUORUM-14 so both sides of a split answer, each by itself', () => {
    const mesh = new QuorumClass(SLOPPY, { nodes: 6 });
    mesh.cut([0, 1, 3]);
    expect([mesh.put(3, 'a'), mesh.put(5, 'b')].map((put) => mesh.ended(put))).toEqual([
      DONE,
      DONE,
    ]);
    expect(mesh.ended(mesh.get(3))).toEqual(found('a'));
    expect(mesh.ended(mesh.get(5))).toEqual(found('b'));
  });

  test('QUORUM-11 with too few nodes altogether it is refused', () => {
    const mesh = new QuorumClass(SLOPPY);
    mesh.cut([4]);
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual({
      ...{ ok: false, reason: 'no-quorum' },
      why: 'A write needs 2 of the 3 copies and those that stand in for them, and this node reaches 1. Try again when more can be reached.',
    });
  });

  test('QUORUM-14 one that says nothing for a second is stood in for too', () => {
    const mesh = new QuorumClass({ ...SLOPPY, w: 3 });
    mesh.silence(0, 4);
    mesh.silence(4, 0);
    const write = mesh.put(4, 'a');
    mesh.runFor(ATTEMPT_MS - 1);
    expect(write.outcome).toBeNull();
    expect(mesh.ended(write)).toEqual(DONE);
    expect(mesh.kept(3)).toEqual({ 0: 'a' });
  });

  test('QUORUM-14 a copy and its stand-in count as one', () => {
    const mesh = new QuorumClass({ ...SLOPPY, w: 3 });
    mesh.cut([4]);
    mesh.silence(1, 3);
    mesh.machine(0).pause();
    const write = mesh.put(3, 'a');
    mesh.runFor(1.2 * ATTEMPT_MS);
    expect([mesh.kept(3), mesh.kept(2)]).toEqual([{ 0: 'a' }, { 2: 'a' }]);
    mesh.machine(0).resume();
    mesh.runFor(3 * DELAY_MS);
    expect([mesh.kept(0), write.outcome]).toEqual([{ 0: 'a' }, null]);
    mesh.heal();
    expect(mesh.ended(write)).toEqual(DONE);
  });
});

/** A write that copy 0 has missed, for which a stand-in keeps a hint. */
function hinted(): QuorumClass {
  const mesh = new QuorumClass({ ...SLOPPY, r: 3, w: 3 }, { nodes: 6 });
  mesh.cut([0]);
  mesh.ended(mesh.put(5, 'a'));
  return mesh;
}

describe('a hint', () => {
  test('QUORUM-15 is read while its home is away', () => {
    const mesh = hinted();
    mesh.cut([0, 1, 2]);
    expect([mesh.kept(3), mesh.kept(4), mesh.kept(5)]).toEqual([{ 0: 'a' }, {}, {}]);
    expect(mesh.ended(mesh.get(5))).toEqual(found('a'));
  });

  test('QUORUM-16 goes home when the link opens, and to nobody else, and is dropped', () => {
    const mesh = hinted();
    mesh.heal();
    mesh.runFor(4 * DELAY_MS);
    expect([0, 1, 2, 3, 4, 5].map((place) => mesh.kept(place))).toEqual([
      ...[{ 0: 'a' }, { 1: 'a' }, { 2: 'a' }, {}, {}, {}],
    ]);
    expect(mesh.notes('handed-over').map(({ detail }) => detail)).toEqual([
      { run: `1.${mesh.setting.by.id}.1`, for: mesh.id(0), key: 'x', version: expect.any(String) },
    ]);
  });

  test('QUORUM-16 does not go over what is newer there, and is dropped all the same', () => {
    const mesh = hinted();
    mesh.machine(3).pause();
    mesh.heal();
    mesh.ended(mesh.put(5, 'b'));
    mesh.machine(3).resume();
    mesh.runFor(10 * DELAY_MS);
    expect([mesh.kept(0), mesh.kept(3)]).toEqual([{ 0: 'b' }, {}]);
  });

  test('QUORUM-16 survives a crash of who keeps it', () => {
    const mesh = hinted();
    mesh.machine(3).crash();
    mesh.heal();
    expect(mesh.kept(0)).toEqual({});
    mesh.restart(3);
    mesh.runFor(4 * DELAY_MS);
    expect([mesh.kept(0), mesh.kept(3)]).toEqual([{ 0: 'a' }, {}]);
  });

  test('QUORUM-16 all of many arrive, a few at once', () => {
    const mesh = new QuorumClass({ ...SLOPPY, w: 3 }, { nodes: 4 });
    mesh.cut([0]);
    const keys = Array.from({ length: 3 * MAX_AT_ONCE }, (_, index) => `k${index}`);
    for (const key of keys) expect(mesh.ended(mesh.put(1, 'a', key))).toEqual(DONE);
    const hints = () =>
      [1, 2, 3].flatMap((place) =>
        mesh
          .machine(place)
          .protocols.inspect()
          .kept.filter(({ home }) => home === mesh.id(0)),
      );
    expect(hints().length).toBeGreaterThan(2 * MAX_AT_ONCE);
    mesh.heal();
    mesh.runFor(20 * DELAY_MS);
    expect(hints()).toEqual([]);
  });
});
