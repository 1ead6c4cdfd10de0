import { describe, expect, test } from 'vitest';
import type { NetworkDocument } from '../../../src/network/network-document.ts';
import { UNTOUCHED } from '../../../src/network/network-document.ts';
import type { NodeAct } from '../../../src/network/node-condition.ts';
import { boardOf, type Board } from '../../../src/merge/board.ts';
import { OUR_ENGINES } from '../../../src/merge/engines.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { editAll } from '../../../client/session/board-orders.ts';
import { sheetOf } from '../../../client/teacher/merge/class-sheet.ts';
import { Classic, type ClassicWorld } from '../../../client/teacher/merge/classic.svelte.ts';

/** Real boards in virtual time, under a teacher's hands. */
function classOf(count: number) {
  const chronicle = new Chronicle();
  const cluster = new Cluster<Board>({
    nodes: count,
    seed: 1,
    protocols: (node) => node.add(boardOf(OUR_ENGINES)),
    maxWriteMs: 5,
    trace: (event) => void chronicle.add(event),
  });
  cluster.linkAll();
  const nodes = cluster.members.map(({ id }, index) => ({ id, name: `N${index}` }));
  const indexOf = (id: NodeId) => nodes.findIndex((node) => node.id === id);
  const refusals = new Map<string, string>();
  const did: string[] = [];
  let network: NetworkDocument = UNTOUCHED;
  const here = nodes.slice();

  const actions: ClassicWorld['actions'] = {
    act: async (act: NodeAct) => {
      if (act.do !== 'edit') throw new Error(act.do);
      const refusal = refusals.get(`${act.id} ${act.deeds.length}`);
      if (refusal !== undefined) return refusal;
      if (act.deeds.length > 0) did.push(`edits ${indexOf(act.id)}`);
      const { node, protocols } = cluster.members[indexOf(act.id)]!;
      const done = editAll(node, protocols, act.deeds);
      cluster.time.runFor(10);
      return done;
    },
    condition: (condition) => {
      did.push(`clock ${condition.wallOffsetMs ?? 0}`);
      cluster.members[indexOf(condition.id)]!.wall.setOffset(condition.wallOffsetMs ?? 0);
      network = { ...network, conditions: [condition] };
      return Promise.resolve(null);
    },
    partition: ([one, other]) => {
      did.push('split');
      for (const a of one!) for (const b of other!) cluster.unlink(indexOf(a), indexOf(b));
      network = { ...network, rules: [{ from: one![0]!, to: other![0]!, cut: true }] };
      return Promise.resolve(null);
    },
    heal: () => {
      did.push('heal');
      cluster.linkAll();
      network = { ...network, rules: [] };
      return Promise.resolve(null);
    },
  };
  const world = (): ClassicWorld => {
    for (const { protocols, node } of cluster.members) node.told(() => protocols.noteTally());
    const sheet = sheetOf(here, (id) => chronicle.tallies.at(id, Infinity));
    return { actions, nodes: here, network, sheet };
  };
  const classic = new Classic(world, (ms) => Promise.resolve(cluster.time.runFor(ms)));
  const lost = (engine: 'lww' | 'lww-hybrid' | 'siblings' | 'crdt') =>
    cluster.members[0]!.protocols.ledger().get(engine)!.counts.lost;
  return { cluster, classic, did, lost, refusals, here, world };
}

describe('the classic', () => {
  test('is played to its end: last write wins has lost some, and what keeps all has not', async () => {
    const { classic, did, lost, world } = classOf(5);
    await classic.play();
    expect([classic.problem, classic.done, classic.progress]).toEqual([null, true, null]);
    expect(did[0]).toBe('clock 5000');
    expect(did.slice(1, 3)).toEqual(['edits 0', 'split']);
    expect(did.slice(3, 8).sort()).toEqual(['edits 0', 'edits 1', 'edits 2', 'edits 3', 'edits 4']);
    expect(did.slice(8)).toEqual(['heal', 'clock 0']);
    expect(world().sheet.groups.map((group) => group.length)).toEqual([5]);
    // The captain of the one side, some goals, and what was typed and inserted there.
    expect(lost('lww')).toBeGreaterThanOrEqual(4);
    expect([lost('siblings'), lost('crdt')]).toEqual([0, 0]);
  });

  test('the captain of the clock that runs ahead stays, though the other was written later', async () => {
    const { cluster, classic } = classOf(2);
    await classic.play();
    const captain = (engine: 'lww' | 'lww-hybrid' | 'crdt') =>
      cluster.members[0]!.protocols.engine(engine)!.engine.value().value.get('captain');
    expect(captain('lww')).toBe('Mia');
    expect(captain('crdt')).toEqual(['Mia', 'Noor']);
  });

  test('can be played again on what is there', async () => {
    const { classic, world } = classOf(3);
    await classic.play();
    const edits = world().sheet.rows[0]!.tallies.get('lww')!.edits;
    await classic.play();
    expect([classic.problem, classic.done]).toEqual([null, true]);
    expect(world().sheet.rows[0]!.tallies.get('lww')!.edits).toBe(edits + 1 + 5 + 5 + 2);
  });

  test('waits until all have their board, and says who has none', async () => {
    const { classic, refusals, here, did } = classOf(2);
    refusals.set(`${here[1]!.id} 0`, 'This tab is still fetching its board.');
    await classic.play();
    expect(classic.problem).toBe('N1: This tab is still fetching its board.');
    expect([did, classic.done]).toEqual([['clock 0'], false]);
  });

  test('what is refused ends it, and nothing stays cut or set', async () => {
    const { classic, refusals, here, did } = classOf(2);
    refusals.set(`${here[0]!.id} 5`, 'This board is full.');
    await classic.play();
    expect(classic.problem).toBe('N0: This board is full.');
    expect(did.slice(-2)).toEqual(['heal', 'clock 0']);
  });

  test('can be stopped, and nothing stays cut or set', async () => {
    const { classic, did } = classOf(2);
    const played = classic.play();
    while (!did.includes('split')) await Promise.resolve();
    classic.stop();
    await played;
    expect([classic.done, classic.problem]).toEqual([false, null]);
    expect(did.slice(-2)).toEqual(['heal', 'clock 0']);
  });
});
