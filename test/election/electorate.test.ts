import { describe, expect, test } from 'vitest';
import { addElectorate, type Electorate } from '../../src/election/electorate.ts';
import type { KvOutcome } from '../../src/election/kv/outcome.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import { ANSWER_MS, MAX_WAITING } from '../../src/network/founding.ts';
import { DELAY_MS, RankedClass } from '../support/ranked-class.ts';

class StoreClass extends RankedClass<Electorate> {
  constructor({ nodes = 5, linked = true } = {}) {
    super({ nodes, linked, protocols: (node) => addElectorate(node) });
    this.runFor(5 * DELAY_MS);
  }

  of(rank: number): Electorate {
    return this.machine(rank).protocols;
  }

  /** Runs until it has ended. */
  async ended<Result>(promise: Promise<Result>): Promise<Result> {
    const end = { isReached: false };
    const reach = () => (end.isReached = true);
    promise.then(reach, reach);
    for (let i = 0; i < 2_000 && !end.isReached; i++) {
      this.runFor(5);
      await Promise.resolve();
    }
    return promise;
  }

  groups(): Set<string> {
    return new Set(this.notes('election').map(({ detail }) => `${detail['turn']} ${detail['by']}`));
  }
}

describe('ELECT-16 the first use', () => {
  test('founds one group, which all others that ask at once find', async () => {
    for (const founder of [0, 2, 4]) {
      const mesh = new StoreClass();
      expect(await mesh.ended(mesh.of(founder).ask('put', ['k', founder]))).toEqual({ ok: true });
      const gets = mesh.ranks.map((rank) => mesh.of(rank).ask('get', ['k']));
      const got: KvOutcome[] = await mesh.ended(Promise.all(gets));
      expect(got).toEqual(Array(5).fill({ ok: true, value: founder }));
      expect(mesh.groups().size).toBe(1);
    }
  });

  test('of all at once founds one group', async () => {
    const mesh = new StoreClass();
    const puts = mesh.ranks.map((rank) => mesh.of(rank).ask('put', [`k${rank}`, rank]));
    expect(await mesh.ended(Promise.all(puts))).toEqual(Array(5).fill({ ok: true }));
    expect(mesh.groups().size).toBe(1);
  });

  test('of a node that has just come finds the group that there is', async () => {
    const mesh = new StoreClass({ nodes: 3, linked: false });
    mesh.link(0, 1);
    expect(await mesh.ended(mesh.of(0).ask('put', ['k', 1]))).toEqual({ ok: true });
    const early = mesh.of(2).ask('get', ['k']);
    mesh.runFor(ANSWER_MS / 2);
    for (const rank of [0, 1]) mesh.link(2, rank);
    expect(await mesh.ended(early)).toEqual({ ok: true, value: 1 });
    expect(mesh.groups().size).toBe(1);
  });

  test('of a lone node founds a group of one', async () => {
    const mesh = new StoreClass({ nodes: 1 });
    expect(await mesh.ended(mesh.of(0).ask('put', ['k', 1]))).toEqual({ ok: true });
  });

  test('is a switch, too: it counts against what the neighbours have', async () => {
    const mesh = new StoreClass({ nodes: 3, linked: false });
    mesh.link(0, 1);
    await mesh.ended(mesh.of(0).elect('naive'));
    mesh.runFor(2 * DELAY_MS);
    const early = mesh.of(2).elect('bully');
    mesh.link(2, 1);
    expect(await mesh.ended(early)).toMatchObject({ algorithm: 'bully' });
    expect(mesh.of(2).elections.choice).toMatchObject({ algorithm: 'bully', turn: 2 });
  });

  test('is refused in a sentence if it cannot be', async () => {
    const mesh = new StoreClass({ nodes: 1 });
    const wrong = mesh.ended(mesh.of(0).elect('chance' as AlgorithmName));
    await expect(wrong).rejects.toThrow('This node cannot elect by chance.');
    const many = Array.from({ length: MAX_WAITING }, () => mesh.of(0).ask('get', ['k']));
    const refused = { ok: false, reason: 'busy' };
    expect(await mesh.of(0).ask('get', ['k'])).toMatchObject(refused);
    await expect(mesh.of(0).elect('raft')).rejects.toThrow('Too much is under way.');
    expect(await mesh.ended(Promise.all(many))).toEqual(
      Array(MAX_WAITING).fill({ ok: true, value: null }),
    );
  });
});
