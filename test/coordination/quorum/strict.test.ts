import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/coordination/outcome.ts';
import { MAX_KEYS } from '../../../src/coordination/quorum/copies.ts';
import { MAX_OPEN } from '../../../src/coordination/quorum/coordinator.ts';
import { REQUEST_MS } from '../../../src/coordination/quorum/request.ts';
import { ATTEMPT_MS } from '../../../src/coordination/quorum/round.ts';
import { DELAY_MS, QuorumClass } from '../../support/quorum-class.ts';

const DONE = expect.objectContaining({ ok: true }) as Outcome;
const found = (value: string | null) => expect.objectContaining({ ok: true, value }) as Outcome;
const refusedAs = (reason: string) => expect.objectContaining({ ok: false, reason }) as Outcome;

/** There and back, with the disk of the copy and of who asks. */
const ROUND_TRIP_MS = 2 * DELAY_MS + 2;

describe('a write and a read', () => {
  test('QUORUM-6 every node answers for every key, whether it keeps a copy or not', () => {
    const mesh = new QuorumClass();
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual(DONE);
    for (const place of [0, 1, 2, 3, 4]) expect(mesh.ended(mesh.get(place))).toEqual(found('a'));
    expect(mesh.copies()).toEqual(['a', 'a', 'a']);
    expect([mesh.kept(3), mesh.kept(4)]).toEqual([{}, {}]);
  });

  test('QUORUM-7, QUORUM-9 each takes one way there and back', () => {
    const mesh = new QuorumClass();
    for (const ask of [() => mesh.put(4, 'a'), () => mesh.get(4)]) {
      const begun = mesh.cluster.time.now();
      const asked = ask();
      mesh.ended(asked);
      expect(asked.endedAt - begun).toBeGreaterThanOrEqual(2 * DELAY_MS);
      expect(asked.endedAt - begun).toBeLessThanOrEqual(ROUND_TRIP_MS);
    }
  });

  test('QUORUM-9 a read of what nobody has written finds null, and no version', () => {
    const mesh = new QuorumClass();
    expect(mesh.ended(mesh.get(4))).toEqual({ ok: true, value: null, mark: null });
  });

  test('QUORUM-9 a read says the version of what it found, which is that of the write', () => {
    const mesh = new QuorumClass();
    const write = mesh.ended(mesh.put(4, 'a'));
    const mark = { key: 'x', count: 1, by: mesh.id(4), life: 1 };
    expect(write).toEqual({ ok: true, mark });
    expect(mesh.ended(mesh.get(3))).toEqual({ ok: true, value: 'a', mark });
  });

  test('QUORUM-4 the own copy counts once: a write with w = 2 waits for another node', () => {
    const mesh = new QuorumClass({ w: 2, r: 2 });
    for (const other of [1, 2]) mesh.silence(other, 0);
    const [write, read] = [mesh.put(0, 'a'), mesh.get(0)];
    mesh.runFor(REQUEST_MS - 1);
    expect([write.outcome, read.outcome]).toEqual([null, null]);
    mesh.heal();
    expect(mesh.ended(write)).toEqual({ unknown: true });
    expect(mesh.ended(read)).toEqual(refusedAs('no-answer'));
  });

  test('QUORUM-4 the own copy, too, counts when its disk has it', () => {
    const mesh = new QuorumClass({ n: 1, r: 1, w: 1 });
    const lost = mesh.put(0, 'a');
    mesh.runFor(0);
    expect([mesh.copies(), lost.outcome]).toEqual([['a'], null]);
    mesh.machine(0).crash();
    mesh.restart(0);
    expect(lost.outcome).toBeNull();
    const kept = mesh.put(0, 'b');
    mesh.runFor(2);
    expect(kept.outcome).toEqual(DONE);
    mesh.machine(0).crash();
    mesh.restart(0);
    expect(mesh.copies()).toEqual(['b']);
  });

  test('QUORUM-5 copies survive a crash of all nodes', () => {
    const mesh = new QuorumClass();
    mesh.ended(mesh.put(4, 'a'));
    for (const place of [0, 1, 2, 3, 4]) mesh.machine(place).crash();
    for (const place of [0, 1, 2, 3, 4]) mesh.restart(place);
    expect(mesh.ended(mesh.get(3))).toEqual(found('a'));
    expect(mesh.ended(mesh.put(3, 'b'))).toEqual(DONE);
    expect(mesh.ended(mesh.get(4))).toEqual(found('b'));
  });
});

describe('a write that others are ahead of', () => {
  test('QUORUM-7 goes out again under a higher version, until w have taken it', () => {
    const mesh = new QuorumClass();
    for (const value of ['a', 'b', 'c']) mesh.ended(mesh.put(4, value));
    const write = mesh.ended(mesh.put(3, 'd'));
    expect(write).toEqual({ ok: true, mark: { key: 'x', count: 4, by: mesh.id(3), life: 1 } });
    expect(mesh.ended(mesh.get(4))).toEqual(found('d'));
  });

  test('QUORUM-8 hears versions first where two writes need not meet', () => {
    const mesh = new QuorumClass({ w: 1, r: 3 });
    for (const value of ['a', 'b', 'c']) mesh.ended(mesh.put(4, value));
    const begun = mesh.cluster.time.now();
    const write = mesh.put(3, 'd');
    expect(mesh.ended(write)).toMatchObject({ mark: { count: 4 } });
    expect(write.endedAt - begun).toBeGreaterThanOrEqual(4 * DELAY_MS);
    expect(mesh.ended(mesh.get(4))).toEqual(found('d'));
  });

  test('QUORUM-2, QUORUM-3 of two at once the same one stands in every copy', () => {
    const mesh = new QuorumClass({ r: 3, w: 3, repair: 'none' });
    const writes = [mesh.put(3, 'd'), mesh.put(4, 'e')];
    expect(writes.map((write) => mesh.ended(write))).toEqual([DONE, DONE]);
    expect(new Set(mesh.copies()).size).toBe(1);
  });
});

describe('when too few can be reached', () => {
  test('QUORUM-11 a request is refused at once with the numbers, and nothing is sent', () => {
    const mesh = new QuorumClass({ r: 2, w: 2 });
    mesh.cut([0, 4]);
    const begun = mesh.events.length;
    const [write, read] = [mesh.put(4, 'a'), mesh.get(4)];
    mesh.runFor(0);
    expect(write.outcome).toEqual({
      ...{ ok: false, reason: 'no-quorum' },
      why: 'A write needs 2 of the 3 copies, and this node reaches 1. Try again when more can be reached.',
    });
    expect(read.outcome).toEqual(refusedAs('no-quorum'));
    expect(mesh.sent(begun)).toBe(0);
  });

  test('QUORUM-11 the side with enough of them goes on, the other is refused', () => {
    const mesh = new QuorumClass({ r: 2, w: 2 });
    mesh.cut([0, 4]);
    expect(mesh.ended(mesh.put(3, 'a'))).toEqual(DONE);
    expect(mesh.ended(mesh.get(1))).toEqual(found('a'));
    expect(mesh.ended(mesh.get(0))).toEqual(refusedAs('no-quorum'));
  });

  test('QUORUM-11 a write that a copy may have is unknown, never refused', () => {
    const mesh = new QuorumClass({ r: 2, w: 2 });
    for (const copy of [0, 1, 2]) mesh.silence(copy, 4);
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual({ unknown: true });
    expect(mesh.ended(mesh.get(3))).toEqual(found('a'));
  });

  test('QUORUM-11 a write of which only versions were asked is refused: nobody has it', () => {
    const mesh = new QuorumClass({ r: 2, w: 2, repair: 'before' });
    for (const copy of [0, 1, 2]) mesh.silence(copy, 4);
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual(refusedAs('no-answer'));
    expect(mesh.copies()).toEqual([null, null, null]);
  });

  test('QUORUM-11 a write that was refused is not sent any more, whatever comes after', () => {
    const mesh = new QuorumClass({ r: 2, w: 2, repair: 'before' });
    for (const copy of [0, 1, 2]) mesh.machine(copy).pause();
    expect(mesh.ended(mesh.put(4, 'a'))).toEqual(refusedAs('no-answer'));
    for (const copy of [0, 1, 2]) mesh.machine(copy).resume();
    mesh.runFor(REQUEST_MS);
    expect(mesh.copies()).toEqual([null, null, null]);
  });

  test('QUORUM-10 who says nothing for a second is asked again', () => {
    const mesh = new QuorumClass({ r: 3, w: 3 });
    mesh.silence(4, 2);
    const write = mesh.put(4, 'a');
    mesh.runFor(ATTEMPT_MS / 2);
    mesh.heal();
    expect(write.outcome).toBeNull();
    mesh.runFor(ATTEMPT_MS / 2 + ROUND_TRIP_MS);
    expect(write.outcome).toEqual(DONE);
  });

  test('QUORUM-6 no request outlives four seconds', () => {
    const mesh = new QuorumClass({ r: 2, w: 2 });
    for (const copy of [0, 1, 2]) mesh.silence(4, copy);
    const begun = mesh.cluster.time.now();
    const asked = [mesh.put(4, 'a'), mesh.get(4)];
    for (const one of asked) mesh.ended(one);
    for (const { endedAt } of asked) expect(endedAt - begun).toBe(REQUEST_MS);
  });
});

describe('what is refused', () => {
  test('what is no key or no value', () => {
    const mesh = new QuorumClass();
    expect(mesh.ended(mesh.put(0, 'a', ''))).toEqual(refusedAs('bad-key'));
    expect(mesh.ended(mesh.get(0, 'k'.repeat(65)))).toEqual(refusedAs('bad-key'));
    expect(mesh.ended(mesh.put(0, 'a'.repeat(5_000)))).toEqual(refusedAs('bad-value'));
  });

  test('more than 256 open requests of a node', () => {
    const mesh = new QuorumClass();
    const asked = Array.from({ length: MAX_OPEN + 1 }, () => mesh.get(4));
    const ended = asked.map((one) => mesh.ended(one));
    expect(ended.slice(0, -1)).toEqual(Array.from({ length: MAX_OPEN }, () => found(null)));
    expect(ended.at(-1)).toEqual(refusedAs('busy'));
  });

  test('a key for which no copy has room, and only that', () => {
    const mesh = new QuorumClass({ n: 1, r: 1, w: 1 }, { nodes: 1 });
    for (let key = 0; key < MAX_KEYS; key++) mesh.ended(mesh.put(0, 'a', `k${key}`));
    expect(mesh.ended(mesh.put(0, 'a', 'more'))).toEqual(refusedAs('full'));
    expect(mesh.ended(mesh.put(0, 'b', 'k7'))).toEqual(DONE);
  });
});
