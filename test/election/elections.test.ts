import { describe, expect, test } from 'vitest';
import { RETELL_MS } from '../../src/network/spreading-choice.ts';
import { naive, PATIENCE_MS, SPREAD_MS } from '../../src/election/naive.ts';
import { MAX_TURN, type Choice } from '../../src/network/election-choice.ts';
import { isNewer } from '../../src/network/runs.ts';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import { counting, mute } from '../support/election-algorithms.ts';
import { testNodeId } from '../support/node-ids.ts';
import { ElectionClass } from '../support/election-class.ts';
import { DELAY_MS } from '../support/ranked-class.ts';

const SOON = PATIENCE_MS + SPREAD_MS + 5 * DELAY_MS;

const choice = (algorithm: Choice['algorithm'], turn: number, id = 1, life = 1): Choice => ({
  ...{ algorithm, turn },
  by: { id: testNodeId(id), life },
});

describe('a choice', () => {
  test('ELECT-1 until somebody chooses, nobody is elected, and once all have been asked nothing is said', () => {
    const mesh = new ElectionClass();
    mesh.runFor(3 * DELAY_MS);
    const asked = mesh.sent();
    mesh.runFor(10_000);
    expect(mesh.state(0)).toEqual({ algorithm: null, role: 'follower', leader: null, term: 0 });
    expect(mesh.sent()).toBe(asked);
    mesh.switchTo('naive', 2);
    mesh.runFor(SOON);
    expect(mesh.standings().map(({ term }) => term)).toEqual([1, 1, 1, 1, 1]);
  });

  test('ELECT-2 the later turn wins; of two at once the order of who switched', () => {
    const rising = [
      choice('raft', 1, 9, 9),
      choice('naive', 2, 1, 9),
      choice('bully', 2, 2, 1),
      choice('naive', 2, 2, 3),
      choice('bully', 3, 1, 1),
    ];
    for (const [i, a] of rising.entries())
      for (const [j, b] of rising.entries()) expect(isNewer(a, b)).toBe(i > j);
    expect(isNewer(rising[0]!, null)).toBe(true);
  });

  test('ELECT-2 two that switch at once end with one choice', () => {
    const mesh = new ElectionClass();
    mesh.switchTo('naive', 1);
    mesh.switchTo('bully', 4);
    mesh.switchTo('naive', 2);
    mesh.runFor(SOON);
    expect(mesh.ranks.map((rank) => mesh.state(rank).algorithm)).toEqual(Array(5).fill('bully'));
  });

  test('ELECT-2 a switch to the same algorithm begins anew', () => {
    const mesh = new ElectionClass();
    mesh.switchTo('bully');
    expect(mesh.untilAgreed()).toBe(4);
    mesh.switchTo('bully');
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.believed()).toEqual(Array(5).fill(null));
    expect(mesh.elections(3).choice).toMatchObject({ turn: 2, by: { id: mesh.machine(0).id } });
  });

  test('ELECT-2 what cannot be chosen is refused in a sentence', () => {
    const mesh = new ElectionClass({ nodes: 2, algorithms: [naive] });
    expect(() => mesh.switchTo('bully')).toThrow(
      'This node cannot elect by bully. Choose one of naive.',
    );
    mesh.elections(0).use({ ...DEFAULT_CHOICES, election: choice('naive', MAX_TURN) });
    expect(() => mesh.switchTo('naive')).toThrow(`This mesh has switched ${MAX_TURN} times.`);
  });

  test('ELECT-3 a late comer hears of it as its link opens', () => {
    const mesh = new ElectionClass({ nodes: 3, linked: false });
    mesh.link(0, 1);
    mesh.switchTo('naive');
    mesh.runFor(5_000);
    expect(mesh.state(2).algorithm).toBeNull();
    mesh.link(2, 0);
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.state(2).algorithm).toBe('naive');
  });

  test('ELECT-3 a word that was lost is told again, even where no leader speaks', () => {
    const mesh = new ElectionClass({ nodes: 2, algorithms: [mute('naive')] });
    mesh.split([0]);
    mesh.switchTo('naive');
    mesh.runFor(2 * DELAY_MS);
    mesh.heal();
    expect(mesh.state(1).algorithm).toBeNull();
    mesh.runFor(RETELL_MS + DELAY_MS);
    expect(mesh.state(1).algorithm).toBe('naive');
  });

  test('ELECT-4 a switch in one part of a split mesh reaches the other when it is healed', () => {
    const mesh = new ElectionClass();
    mesh.switchTo('naive');
    mesh.untilAgreed();
    mesh.split([3, 4]);
    mesh.switchTo('bully', 0);
    mesh.runFor(5_000);
    expect(mesh.state(4).algorithm).toBe('naive');
    mesh.heal();
    expect(mesh.untilAgreed()).toBe(4);
    expect(mesh.state(4).algorithm).toBe('bully');
  });

  test('ELECT-4 an old message does nothing but bring its sender the newer choice', () => {
    const mesh = new ElectionClass({ nodes: 2 });
    mesh.switchTo('bully');
    mesh.switchTo('bully');
    mesh.runFor(2 * DELAY_MS);
    const [before, said] = [mesh.state(0), mesh.sent(0)];
    const from = mesh.machine(1).id;
    mesh.machine(0).node.told(() =>
      mesh.elections(0).receive(from, {
        ...{ type: 'bully', run: { turn: 1, by: { id: testNodeId(0), life: 1 } } },
        message: { type: 'coordinator', term: 70 },
      }),
    );
    expect(mesh.state(0)).toEqual(before);
    expect(mesh.sent(0)).toBe(said + 1);
  });

  test('ELECT-4 a message of a newer run is taken by who had not heard of the switch', () => {
    const mesh = new ElectionClass({ nodes: 2 });
    mesh.switchTo('naive');
    mesh.runFor(2 * DELAY_MS);
    const from = mesh.machine(1).id;
    mesh.machine(0).node.told(() =>
      mesh.elections(0).receive(from, {
        ...{ type: 'bully', run: { turn: 2, by: { id: from, life: 1 } } },
        message: { type: 'coordinator', term: 5 },
      }),
    );
    expect(mesh.state(0)).toEqual({ algorithm: 'bully', role: 'follower', leader: from, term: 5 });
  });
});

describe('a switch', () => {
  test('ELECT-5 stops what ran, cancels its timers and deletes what it stored', () => {
    const log: string[] = [];
    const mesh = new ElectionClass({
      nodes: 1,
      algorithms: [mute('naive'), counting('bully', log)],
    });
    mesh.switchTo('bully');
    mesh.runFor(250);
    expect(log).toEqual(['bully 1 starts', 'bully 1 ticks', 'bully 1 ticks']);
    expect(mesh.stored(0)).toEqual(['choice', 'run/ticks']);
    mesh.switchTo('naive');
    mesh.runFor(1_000);
    expect(log.slice(3)).toEqual(['bully 1 stops']);
    expect(mesh.stored(0)).toEqual(['choice']);
  });

  test('ELECT-6 a crash keeps the choice and what its run has stored', () => {
    const log: string[] = [];
    const mesh = new ElectionClass({ nodes: 1, algorithms: [counting('bully', log)] });
    mesh.switchTo('bully');
    mesh.runFor(350);
    mesh.crash(0);
    mesh.restart(0);
    expect(mesh.state(0)).toMatchObject({ algorithm: 'bully', term: 3 });
    expect(log.at(-1)).toBe('bully 1 starts');
  });

  test('ELECT-6 who lost its disk hears the choice from a neighbour', () => {
    const mesh = new ElectionClass({ nodes: 2 });
    mesh.switchTo('naive', 0);
    mesh.runFor(100);
    mesh.crash(0);
    mesh.restart(0, false);
    expect(mesh.state(0).algorithm).toBeNull();
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.elections(0).choice).toEqual(mesh.elections(1).choice);
  });
});

describe('what the room has chosen', () => {
  const room = (election: Choice | null, electionSlowness = 1) => ({
    ...{ election, electionSlowness, electionVoters: null },
  });

  test('ELECT-7 is adopted, unless somebody switched later', () => {
    const mesh = new ElectionClass({ nodes: 2 });
    mesh.choose(1, room(choice('bully', 4)));
    mesh.runFor(2 * DELAY_MS);
    expect(mesh.elections(0).choice).toEqual(choice('bully', 4));
    mesh.switchTo('naive');
    mesh.runFor(2 * DELAY_MS);
    mesh.choose(1, room(choice('bully', 4)));
    expect(mesh.state(1).algorithm).toBe('naive');
    mesh.choose(1, room(choice('bully', 6)));
    expect(mesh.state(1).algorithm).toBe('bully');
  });

  test('ELECT-7 counts from the start of a node that is told before', () => {
    const mesh = new ElectionClass({ nodes: 1, room: room(choice('bully', 4)) });
    expect(mesh.state(0).algorithm).toBe('bully');
    mesh.switchTo('naive');
    mesh.runFor(10);
    mesh.crash(0);
    mesh.restart(0);
    expect(mesh.elections(0).choice).toMatchObject({ algorithm: 'naive', turn: 5 });
  });

  test('ELECT-8 a wait that is under way keeps its share', () => {
    const log: string[] = [];
    const mesh = new ElectionClass({ nodes: 1, algorithms: [counting('bully', log)] });
    mesh.switchTo('bully');
    mesh.runFor(40);
    mesh.choose(0, room(null, 10));
    mesh.runFor(590);
    expect(log).toEqual(['bully 1 starts']);
    mesh.runFor(20);
    expect(log).toEqual(['bully 1 starts', 'bully 1 ticks']);
    mesh.runFor(500);
    mesh.choose(0, room(null, 1));
    mesh.runFor(60);
    expect(log.at(-1)).toBe('bully 1 ticks');
    expect(log).toHaveLength(3);
  });

  test('ELECT-8 the timer that is shown ends when the wait does', () => {
    const mesh = new ElectionClass({ nodes: 1 });
    mesh.switchTo('bully');
    mesh.runFor(250);
    mesh.choose(0, room(null, 4));
    const { startedAt, endsAt } = mesh.elections(0).timer()!;
    const now = mesh.machine(0).monotonic.now();
    expect([now - startedAt, endsAt - now]).toEqual([1_000, 3_000]);
    mesh.runFor(2_999);
    expect(mesh.leaders()).toEqual([]);
    mesh.runFor(2);
    expect(mesh.leaders()).toEqual([0]);
    expect(mesh.elections(0).timer()).toBeNull();
  });

  test('other voters are told to what runs', () => {
    const log: string[] = [];
    const mesh = new ElectionClass({ nodes: 1, algorithms: [counting('bully', log)] });
    mesh.switchTo('bully');
    mesh.choose(0, { ...room(null), electionVoters: [testNodeId(3)] });
    mesh.choose(0, { ...room(null), electionVoters: [testNodeId(3)] });
    expect(log).toEqual(['bully 1 starts', `votes: ${testNodeId(3)}`]);
  });
});

test('ELECT-9 adoptions and changes of standing are noted, each once', () => {
  const mesh = new ElectionClass({ nodes: 2 });
  mesh.switchTo('bully', 1);
  mesh.runFor(5_000);
  const [low, high] = [mesh.machine(0).id, mesh.machine(1).id];
  const details = (kind: string) => mesh.notes(kind, 0).map(({ detail }) => detail);
  expect(details('election')).toEqual([{ algorithm: 'bully', turn: 1, by: high, life: 1 }]);
  const group = `1.${mesh.machine(1).id}.1`;
  expect(details('role')).toEqual([
    { group, algorithm: 'bully', turn: 1, by: high, role: 'follower', term: 0, leader: null },
    { group, algorithm: 'bully', turn: 1, by: high, role: 'follower', term: 1, leader: high },
  ]);
  expect(mesh.notes('role', 1).map(({ detail }) => detail['role'])).toEqual(['follower', 'leader']);
  expect(low < high).toBe(true);
});

test('whoever listens hears of every change', () => {
  const mesh = new ElectionClass({ nodes: 1 });
  const heard: (string | null)[] = [];
  const forget = mesh.elections(0).onChange(() => heard.push(mesh.state(0).algorithm));
  mesh.switchTo('naive');
  forget();
  mesh.switchTo('bully');
  expect(heard).toEqual(['naive']);
});
