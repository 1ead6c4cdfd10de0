import { describe, expect, test } from 'vitest';
import { NACK_MS } from '../../src/membership/errands.ts';
import { DIRECT_MS, HELPERS, INDIRECT_MS, PERIOD_MS } from '../../src/membership/probes.ts';
import { membershipCluster, type Said } from '../support/membership-cluster.ts';

const ofType = (said: readonly Said[], type: string, from: number) =>
  said.filter((each) => each.message.type === type && each.from === from);

describe('probes', () => {
  test('SWIM-1 each period one neighbour is pinged, and all of them before any comes again', () => {
    const { said, run } = membershipCluster(6);
    run(PERIOD_MS * 51);
    const pings = ofType(said, 'ping', 0).slice(0, 50);
    const gaps = pings.slice(1).map(({ at }, i) => at - pings[i]!.at);
    for (const gap of gaps) expect(gap).toBeCloseTo(PERIOD_MS, 6);
    const rounds = Array.from({ length: 10 }, (_, i) =>
      pings.slice(5 * i, 5 * i + 5).map(({ to }) => to),
    );
    for (const round of rounds) expect(round.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(5);
  });

  test('SWIM-2 who lets a ping be is asked after at three others, and one answer is enough', () => {
    const { said, network, run, state, notes } = membershipCluster(6);
    run(2_000);
    // Node 0 hears nothing of node 1; all others do.
    network.swallows = (from, to) => from === 1 && to === 0;
    const from = said.length;
    run(10_000);
    const mine = said.slice(from);
    const ping = ofType(mine, 'ping', 0).find(({ to }) => to === 1)!;
    const asks = ofType(mine, 'ask', 0).slice(0, HELPERS);
    for (const { at } of asks) expect(at - ping.at).toBeCloseTo(DIRECT_MS, 6);
    expect(new Set(asks.map(({ to }) => to)).size).toBe(HELPERS);
    expect(asks.map(({ to }) => to)).not.toContain(1);
    expect(state(0, 1)).toBe('alive');
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
  });

  test('SWIM-3 when nobody has an answer it is suspect, 0.9 s after the ping', () => {
    const { said, members, run, until, state } = membershipCluster(6);
    run(2_000);
    const from = said.length;
    members[1]!.crash();
    until(() => [0, 2, 3, 4, 5].some((by) => state(by, 1) === 'suspect'));
    const suspectedAt = members[0]!.monotonic.now();
    const firstPing = said
      .slice(from)
      .find(({ to, message }) => to === 1 && message.type === 'ping')!;
    const waited = suspectedAt - firstPing.at;
    expect(waited).toBeGreaterThanOrEqual(DIRECT_MS + INDIRECT_MS);
    // The clock of the test goes in steps of 10 ms.
    expect(waited).toBeLessThanOrEqual(DIRECT_MS + INDIRECT_MS + 10);
  });

  test('SWIM-2 any sign of life answers a ping', () => {
    const { network, run, state, notes, said } = membershipCluster(2);
    run(2_000);
    // What is on its way has arrived; then nothing that node 0 says does, so no ping is answered.
    run(10);
    network.swallows = (from) => from === 0;
    const before = said.length;
    run(900);
    expect(ofType(said.slice(before), 'ping', 0).length).toBeGreaterThan(0);
    expect(ofType(said.slice(before), 'ack', 1)).toEqual([]);
    expect(state(0, 1)).toBe('alive');
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
  });

  test('SWIM-4 a helper that gets no answer says so, and still passes on a late one', () => {
    const { said, members, run } = membershipCluster(3);
    run(2_000);
    members[1]!.pause();
    const from = said.length;
    run(DIRECT_MS + NACK_MS + 2 * PERIOD_MS);
    const ask = said.slice(from).find(({ message }) => message.type === 'ask')!;
    const nack = said.slice(from).find(({ message }) => message.type === 'nack')!;
    expect([nack.from, nack.to]).toEqual([ask.to, ask.from]);
    expect(nack.at - ask.at).toBeCloseTo(5 + NACK_MS, 6);
    const passedOn = () =>
      said.slice(from).filter((each) => {
        const { number } = ask.message as { number: number };
        return (
          each.from === ask.to &&
          each.to === ask.from &&
          each.message.type === 'ack' &&
          each.message.number === number
        );
      });
    expect(passedOn()).toEqual([]);
    members[1]!.resume();
    run(100);
    expect(passedOn()).toHaveLength(1);
  });

  test('SWIM-4 one without a link to the accused says so at once', () => {
    const links = [[0, 1], [0, 2]] as const; // prettier-ignore
    const { said, members, run } = membershipCluster(3, { links });
    run(2_000);
    members[1]!.crash();
    run(3_000);
    const [ask] = ofType(said, 'ask', 0);
    const [nack] = ofType(said, 'nack', 2);
    expect([ask!.to, nack!.to]).toEqual([2, 0]);
    expect(nack!.at - ask!.at).toBeCloseTo(5, 6);
  });

  test('SWIM-8 a node that gets no word of anybody doubts itself, until it does', () => {
    const { network, run, members } = membershipCluster(6);
    run(2_000);
    const health = () => (members[0]!.protocols.inspect() as { health: number }).health;
    expect(health()).toBe(0);
    network.swallows = (from, to) => from === 0 || to === 0;
    run(1_500);
    expect(health()).toBeGreaterThan(0);
    network.swallows = () => false;
    run(30_000);
    expect(health()).toBe(0);
  });

  test('SWIM-8 a node that doubts itself asks less often, until it is answered again and again', () => {
    const { members, said, run } = membershipCluster(2);
    run(2_000);
    const [{ id: by }, { id, node, protocols }] = [members[0]!, members[1]!];
    for (let refutation = 0; refutation < 8; refutation++) {
      const claim = { id, state: 'suspect' as const, life: 1, refutation, by: [by], heardMs: 0 };
      node.step(() => protocols.receive(by, { type: 'ping', number: 1, claims: [claim] }));
    }
    const pingsWithin = (ms: number) => {
      const before = ofType(said, 'ping', 1).length;
      run(ms);
      return ofType(said, 'ping', 1).length - before;
    };
    // The next one was due already; after it comes one in eight times the usual time.
    expect(pingsWithin(2_000)).toBeLessThanOrEqual(2);
    run(20_000);
    expect(pingsWithin(2_000)).toBe(2_000 / PERIOD_MS);
  });

  test('SWIM-8 a death that others see too lowers nobody’s health', () => {
    const { members, run } = membershipCluster(6);
    run(2_000);
    members[1]!.crash();
    for (let i = 0; i < 50; i++) {
      run(100);
      for (const by of [0, 2, 3, 4, 5]) {
        expect(members[by]!.protocols.inspect()).toMatchObject({ health: 0 });
      }
    }
  });

  test.each([0, 2_000, 10_000])(
    'SWIM-8 a side that a black hole cut off and buried the other notices soon who of its own falls silent, %d ms later',
    (laterMs) => {
      const { network, run, members, until, state } = membershipCluster(8);
      run(2_000);
      network.swallows = (from, to) => from < 4 !== to < 4;
      until(() => [0, 1, 2, 3].every((of) => [4, 5, 6, 7].every((by) => state(by, of) === 'dead')));
      run(laterMs);
      members[6]!.pause();
      const waited = until(() => [4, 5, 7].every((by) => state(by, 6) === 'suspect'));
      // As long as a tab may be suspended without being buried.
      expect(waited).toBeLessThan(3_000);
    },
  );
});
