import { expect, test } from 'vitest';
import { addElectorate } from '../../src/election/electorate.ts';
import { adjacency } from '../../src/membership/adjacency.ts';
import { membership } from '../../src/membership/membership.ts';
import { addVoting, type Voting } from '../../src/program/voting.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Json, NodeId } from '../../src/vocabulary.ts';

type Note = Extract<TraceEvent, { type: 'note' }>;

/** Five nodes that elect, one of which leads and has a lock. */
class TruthClass {
  readonly events: TraceEvent[] = [];
  readonly cluster = new Cluster<Voting>({
    nodes: 5,
    seed: 1,
    protocols: (node) => votingOn(node),
    delay: () => 5,
    maxWriteMs: 1,
    trace: (event) => this.events.push(event),
  });
  readonly leader: number;

  constructor() {
    this.cluster.linkAll();
    this.step(0, ({ elections }) => elections.switchTo('raft'));
    this.runFor(8_000);
    const { members } = this.cluster;
    this.leader = members.findIndex(({ protocols }) => protocols.raft()!.isLeader());
    this.step(this.leader, ({ lock }) => lock.acquire('door', { leaseMs: 60_000 }, () => {}));
    this.runFor(1_000);
  }

  step(index: number, act: (voting: Voting) => void): void {
    const { node, protocols } = this.cluster.members[index]!;
    node.step(() => act(protocols));
  }

  runFor(ms: number): void {
    this.cluster.time.runFor(ms);
  }

  at(index: number): Voting {
    return this.cluster.members[index]!.protocols;
  }

  /** Nothing that this node says arrives, or nothing that is said to it. */
  cut(index: number, way: 'out' | 'in', of: readonly number[] = [0, 1, 2, 3, 4]): void {
    const id = this.cluster.members[index]!.id;
    this.cluster.setRules(
      of.flatMap((other): LinkRule[] => {
        const to: NodeId = this.cluster.members[other]!.id;
        if (to === id) return [];
        return [way === 'out' ? { from: id, to, blackhole: true } : { from: to, to: id, blackhole: true }]; // prettier-ignore
      }),
    );
  }

  put(index: number, value: Json): unknown[] {
    const ends: unknown[] = [];
    this.step(index, ({ kv }) => kv.put('x', value, (end) => ends.push(end)));
    return ends;
  }

  notes(kind: string): Note[] {
    return this.events.filter(
      (event): event is Note => event.type === 'note' && event.kind === kind,
    );
  }
}

function votingOn(node: Node): Voting {
  const program = { membership: node.add(membership), adjacency: node.add(adjacency) };
  // In virtual time nothing may wait for a promise: the log is asked without one.
  const electorate = addElectorate(node);
  const ask: Voting['ask'] = (name, args) => {
    const call = electorate.kv[name].bind(electorate.kv) as (...given: unknown[]) => void;
    const then = (resolve: unknown) => void node.step(() => call(...args, resolve));
    return { then } as unknown as ReturnType<Voting['ask']>;
  };
  return addVoting(node, program, { ...electorate, ask });
}

test('TRUTH-1 TRUTH-2 a leader that hears all and is heard by none finds out, and gives up what it has', () => {
  const room = new TruthClass();
  const { leader } = room;
  expect(room.at(leader).lock.state('door')!.held).toBe(1);
  room.cut(leader, 'out');
  room.runFor(20_000);
  expect(room.at(leader).truth.declaredDead).toBe(true);
  expect(room.notes('declared-dead')).toMatchObject([
    { node: room.cluster.members[leader]!.id, detail: { by: 4, of: 4 } },
  ]);
  expect(room.at(leader).raft()!.isLeader()).toBe(false);
  expect(room.at(leader).lock.state('door')!.held).toBeNull();
  expect(room.notes('lost')).toMatchObject([{ detail: { why: 'declared-dead' } }]);
  const [written, read] = [room.put(leader, 'late'), room.put((leader + 1) % 5, 'in time')];
  room.runFor(6_000);
  expect(written).toMatchObject([{ ok: false, reason: 'declared-dead' }]);
  expect(read).toEqual([{ ok: true }]);
});

test('TRUTH-3 when it is heard again it is told so, and may write', () => {
  const room = new TruthClass();
  room.cut(room.leader, 'out');
  room.runFor(20_000);
  room.cluster.setRules([]);
  room.runFor(5_000);
  expect(room.at(room.leader).truth.declaredDead).toBe(false);
  expect(room.notes('declared-alive')).toHaveLength(1);
  const written = room.put(room.leader, 'again');
  room.runFor(6_000);
  expect(written).toEqual([{ ok: true }]);
});

test('TRUTH-1 two of four that do not hear it are no majority, and neither is anybody whom it cannot hear', () => {
  const room = new TruthClass();
  const others = [0, 1, 2, 3, 4].filter((index) => index !== room.leader);
  room.cut(room.leader, 'out', others.slice(0, 2));
  room.runFor(20_000);
  room.cut(room.leader, 'in');
  room.runFor(20_000);
  expect(room.notes('declared-dead')).toEqual([]);
});

test('TRUTH-4 a node that was paused and is held for dead contradicts, and is not declared dead', () => {
  const room = new TruthClass();
  const { leader } = room;
  room.cluster.members[leader]!.pause();
  room.runFor(20_000);
  const held = room.cluster.members.filter(({ protocols }, index) => index !== leader && protocols.raft()!.leader() !== room.cluster.members[leader]!.id); // prettier-ignore
  expect(held).toHaveLength(4);
  room.cluster.members[leader]!.resume();
  room.runFor(10_000);
  expect(room.notes('declared-dead')).toEqual([]);
});
