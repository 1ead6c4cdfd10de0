import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  adjacency,
  ANNOUNCE_MS,
  FORGET_AFTER_MS,
  MAX_KNOWN,
  RETELL_MS,
  type Adjacency,
  type AdjacencyMessage,
} from '../../src/membership/adjacency.ts';
import { shortestWays } from '../../src/membership/shortest-ways.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { Random } from '../../src/simulator/random.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

type Links = readonly (readonly [number, number])[];

const line = (nodes: number): Links => Array.from({ length: nodes - 1 }, (_, i) => [i, i + 1]);
const ring = (nodes: number): Links => [...line(nodes), [nodes - 1, 0]];

/** Long enough for news to be announced and to go round the largest graph here. */
const SOON_MS = ANNOUNCE_MS + 100;

function graph(nodes: number, links: Links, { loss = 0, on = true } = {}) {
  const events: TraceEvent[] = [];
  const random = new Random('loss');
  const cluster = new Cluster<Adjacency>({
    nodes,
    seed: 1,
    protocols: (node) => {
      const protocol = node.add(adjacency);
      protocol.use(on);
      return protocol;
    },
    delay: (_from, _to, lane) => (lane === 'datagram' && random.next() < loss ? Infinity : 1),
    trace: (event) => events.push(event),
  });
  for (const [a, b] of links) cluster.link(a, b);
  cluster.time.runFor(SOON_MS);
  const index = new Map(cluster.members.map(({ id }, i) => [id, i]));
  /** From each node, to each that it knows a way to: how many hops it takes if all go by what they know. */
  const hops = (from: number, to: number): number => {
    let at = from;
    for (let taken = 0; taken <= nodes; taken++) {
      if (at === to) return taken;
      const next = cluster.members[at]!.protocols.routes().get(cluster.members[to]!.id);
      if (next === undefined) return Infinity;
      at = index.get(next)!;
    }
    throw new Error(`a loop from ${from} to ${to}`);
  };
  const known = (at: number) => [...cluster.members[at]!.protocols.routes().keys()].map((id) => index.get(id)!).sort(); // prettier-ignore
  const sends = () => events.filter(({ type }) => type === 'send').length;
  return { cluster, hops, known, sends };
}

describe('ways', () => {
  test('ADJ-1 along a line and round a ring they are the shortest', () => {
    const along = graph(6, line(6));
    expect([along.hops(0, 5), along.hops(4, 1)]).toEqual([5, 3]);
    const round = graph(7, ring(7));
    for (let a = 0; a < 7; a++) {
      for (let b = 0; b < 7; b++) {
        const apart = Math.abs(a - b);
        expect(round.hops(a, b)).toBe(Math.min(apart, 7 - apart));
      }
    }
  });

  test('ADJ-1 over any graph all that a chain of links leads to is reached, by as few hops as there are', () => {
    const graphs = fc.record({
      nodes: fc.integer({ min: 2, max: 9 }),
      pairs: fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 14 }),
    });
    fc.assert(
      fc.property(graphs, ({ nodes, pairs }) => {
        const links = pairs
          .map(([a, b]) => [a % nodes, b % nodes] as const)
          .filter(([a, b]) => a !== b);
        const { hops } = graph(nodes, links);
        const fewest = distances(nodes, links);
        for (let a = 0; a < nodes; a++) {
          for (let b = 0; b < nodes; b++) expect(hops(a, b)).toBe(fewest[a]![b]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('ADJ-2 a link that only one of its ends speaks of is none', () => {
    const ids = [0, 1, 2, 3].map(testNodeId);
    const [self, a, b, c] = ids as [NodeId, NodeId, NodeId, NodeId];
    const said = new Map([
      [a, new Set([self, b])],
      [b, new Set([c])],
      [c, new Set([a])],
    ]);
    expect([...shortestWays(self, [a], (of) => said.get(of))]).toEqual([[a, a]]);
    said.get(c)!.add(b);
    said.get(b)!.add(a);
    expect([...shortestWays(self, [a], (of) => said.get(of))]).toEqual([[a, a], [b, a], [c, a]]); // prettier-ignore
  });

  test('ADJ-1 of equal ways it is the one with the lowest ids, in whatever order links were told', () => {
    const [self, a, b, c] = [0, 1, 2, 3].map(testNodeId) as [NodeId, NodeId, NodeId, NodeId];
    const said = new Map([
      [a, new Set([c, self])],
      [b, new Set([self, c])],
      [c, new Set([b, a])],
    ]);
    for (const neighbours of [
      [a, b],
      [b, a],
    ]) {
      expect(shortestWays(self, neighbours, (of) => said.get(of)).get(c)).toBe(a);
    }
  });
});

describe('links that come and go', () => {
  test('ADJ-3 a link that breaks is known to all, and so is one that opens', () => {
    const { cluster, hops, known } = graph(6, ring(6));
    cluster.unlink(0, 5);
    cluster.time.runFor(SOON_MS);
    expect([hops(0, 5), hops(2, 5)]).toEqual([5, 3]);
    cluster.unlink(2, 3);
    cluster.time.runFor(SOON_MS);
    expect([known(0), known(5)]).toEqual([[1, 2], [3, 4]]); // prettier-ignore
    cluster.link(0, 3);
    cluster.time.runFor(SOON_MS);
    expect([hops(2, 5), hops(0, 4)]).toEqual([5, 2]);
  });

  test('ADJ-3 whom a link brings together know at once of all that the other knew', () => {
    const { cluster, known } = graph(6, [[0, 1], [1, 2], [3, 4], [4, 5]]); // prettier-ignore
    cluster.link(2, 3);
    cluster.time.runFor(SOON_MS);
    expect([known(0), known(5)]).toEqual([[1, 2, 3, 4, 5], [0, 1, 2, 3, 4]]); // prettier-ignore
  });

  test('ADJ-3 links that change together are told of once', () => {
    const { cluster, sends } = graph(12, []);
    cluster.time.runFor(SOON_MS);
    const before = sends();
    cluster.linkAll();
    cluster.time.runFor(SOON_MS);
    // Whom each link brings is told what was known, which is nothing; then each tells all, and all pass it on.
    expect(sends() - before).toBeLessThanOrEqual(12 * 11 + 12 * 11 * 10);
  });

  test('ADJ-4 what was lost on the way is made good', () => {
    const { cluster, known } = graph(8, ring(8), { loss: 0.6 });
    const complete = () => cluster.members.every((_, i) => known(i).length === 7);
    expect(complete()).toBe(false);
    cluster.time.runFor(20 * RETELL_MS);
    expect(complete()).toBe(true);
  });

  test('ADJ-4, 6 nobody who lives is forgotten, however far away', () => {
    const { cluster, known } = graph(30, line(30), { loss: 0.2 });
    for (let i = 0; i < 10; i++) {
      cluster.time.runFor(FORGET_AFTER_MS / 2);
      expect([known(0).length, known(15).length]).toEqual([29, 29]);
    }
  });

  test('ADJ-4 at rest a node tells three neighbours now and then, and nothing is passed on', () => {
    const { cluster, sends } = graph(8, []);
    cluster.linkAll();
    cluster.time.runFor(SOON_MS);
    const before = sends();
    cluster.time.runFor(10 * RETELL_MS);
    expect((sends() - before) / 8 / 3).toBeGreaterThan(8);
    expect((sends() - before) / 8 / 3).toBeLessThan(12);
  });

  test('ADJ-5 the next life of a node is believed, whatever its last one said', () => {
    const { cluster, hops } = graph(4, line(4));
    cluster.time.runFor(10 * RETELL_MS);
    cluster.members[3]!.crash();
    cluster.restart(3, true);
    cluster.unlink(2, 3);
    cluster.link(0, 3);
    cluster.time.runFor(SOON_MS);
    expect(hops(2, 3)).toBe(3);
  });

  test('ADJ-6 who says nothing any more is forgotten, and is not learnt again from those who still know', () => {
    const { cluster } = graph(6, ring(5));
    const knownAt = () => cluster.members.slice(1).map(({ protocols }) => protocols.inspect());
    cluster.members[0]!.crash();
    cluster.unlink(0, 1);
    cluster.unlink(0, 4);
    cluster.time.runFor(FORGET_AFTER_MS / 2);
    expect(knownAt().slice(0, 4)).toMatchObject([1, 2, 3, 4].map(() => ({ known: 4, ways: 3 })));
    // It hears of the one that is gone in half of the time, and must not count from there.
    cluster.link(5, 2);
    cluster.time.runFor(FORGET_AFTER_MS / 2 + 2 * RETELL_MS);
    expect(knownAt()).toMatchObject([1, 2, 3, 4, 5].map(() => ({ known: 4, ways: 4 })));
  });
});

describe('switched off', () => {
  test('ADJ-7 it says nothing, hears nothing and knows no way, and on again it does', () => {
    const { cluster, known, sends } = graph(4, line(4), { on: false });
    cluster.time.runFor(10 * RETELL_MS);
    expect([sends(), known(0)]).toEqual([0, []]);
    for (const { protocols } of cluster.members) protocols.use(true);
    cluster.time.runFor(SOON_MS);
    expect(known(0)).toEqual([1, 2, 3]);
    for (const { protocols } of cluster.members) protocols.use(false);
    expect(known(0)).toEqual([]);
    expect(cluster.time.runUntilQuiet(10 * RETELL_MS)).toBe(true);
  });
});

describe('a node that lies', () => {
  const claim = (origin: NodeId, version: number, neighbours: NodeId[], life = 1) =>
    ({ entries: [{ origin, life, version, ageMs: 0, neighbours }] }) satisfies AdjacencyMessage;

  test('ADJ-5 about the links of another is outdone by that one', () => {
    const { cluster, hops } = graph(4, line(4));
    const [liar, heard, , victim] = cluster.members;
    heard!.protocols.receive(liar!.id, claim(victim!.id, 1_000, []));
    cluster.time.runFor(SOON_MS);
    expect(hops(0, 3)).toBe(3);
  });

  test('ADJ-5 and is no neighbour, is not heard', () => {
    const { cluster } = graph(3, line(3));
    const [a, , c] = cluster.members;
    a!.protocols.receive(c!.id, claim(testNodeId(9), 1, []));
    expect(a!.protocols.inspect()).toMatchObject({ known: 2 });
  });

  test('ADJ-6 cannot make others remember without an end', () => {
    const { cluster } = graph(2, line(2));
    const [a, b] = cluster.members;
    for (let i = 0; i < 2 * MAX_KNOWN; i++)
      a!.protocols.receive(b!.id, claim(testNodeId(i), 1, []));
    expect(a!.protocols.inspect()).toMatchObject({ known: MAX_KNOWN });
  });

  test.each<[string, unknown]>([
    ['nothing', { entries: [] }],
    ['too many entries', { entries: Array(17).fill(claim(testNodeId(1), 1, []).entries[0]) }],
    ['too many neighbours', claim(testNodeId(1), 1, Array(61).fill(testNodeId(2)))],
    [
      'an age before its time',
      { entries: [{ ...claim(testNodeId(1), 1, []).entries[0], ageMs: -1 }] },
    ],
    ['no version', claim(testNodeId(1), 0, [])],
    ['a version without an end', claim(testNodeId(1), 2 ** 41, [])],
    ['a neighbour that is none', claim(testNodeId(1), 1, ['x' as NodeId])],
  ])('ADJ-5 who says %s fails the schema', (_what, message) => {
    expect(v.is(adjacency.schema, message)).toBe(false);
  });
});

/** By trying all ways, one link longer each time. */
function distances(nodes: number, links: Links): number[][] {
  const far = Array.from({ length: nodes }, (_, a) =>
    Array.from({ length: nodes }, (_, b) => (a === b ? 0 : Infinity)),
  );
  for (let round = 0; round < nodes; round++) {
    for (const [a, b] of links) {
      for (let to = 0; to < nodes; to++) {
        far[a]![to] = Math.min(far[a]![to]!, 1 + far[b]![to]!);
        far[b]![to] = Math.min(far[b]![to]!, 1 + far[a]![to]!);
      }
    }
  }
  return far;
}
