import { describe, expect, test } from 'vitest';
import { ping } from '../../src/membership/ping.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { drawFaults, type Fault, type FaultKind } from '../../src/simulator/fault.ts';
import { Nemesis } from '../../src/simulator/nemesis.ts';
import { Random } from '../../src/simulator/random.ts';
import type { TraceEvent } from '../../src/trace/event.ts';

function haunted(...faults: Fault[]) {
  const events: TraceEvent[] = [];
  const cluster = new Cluster({
    nodes: 3,
    seed: 1,
    maxWriteMs: 10,
    protocols: (node) => node.add(ping),
    trace: (event) => events.push(event),
  });
  cluster.linkAll();
  const nemesis = new Nemesis(cluster, faults);
  const of = (index: number) => events.filter(({ node }) => node === cluster.members[index]!.id);
  return { cluster, nemesis, of, types: (index: number) => of(index).map(({ type }) => type) };
}

describe('the nemesis', () => {
  test('SIM-6 crashes a node, and restarts it with its links, in a life of its own', () => {
    const { cluster, of, types } = haunted({ kind: 'crash', at: 100, node: 0, forMs: 500 });
    cluster.time.runFor(400);
    expect([types(0).at(-1), cluster.members[0]!.responsive]).toEqual(['crash', false]);
    cluster.time.runFor(400);
    const second = of(0).filter(({ incarnation }) => incarnation === 2);
    expect(second.slice(0, 2).map(({ type }) => type)).toEqual(['start', 'restart']);
    expect(cluster.members[0]!.transport.neighbours()).toHaveLength(2);
    // Its own reservation of the Lamport clock was kept, so no number falls.
    const [last, first] = [of(0).findLast((event) => event.incarnation === 1)!, second[0]!];
    expect(first.lamport).toBeGreaterThan(last.lamport);
  });

  test('SIM-6 a wiped node finds nothing', () => {
    const { cluster, of } = haunted({ kind: 'wipe', at: 100, node: 0, forMs: 500 });
    cluster.time.runFor(1_000);
    expect(of(0)).toContainEqual(expect.objectContaining({ type: 'restart', entries: 0 }));
  });

  test('SIM-6 pauses overlap: the node runs when both have ended', () => {
    const { cluster, of } = haunted(
      { kind: 'pause', at: 100, node: 1, forMs: 500 },
      { kind: 'pause', at: 300, node: 1, forMs: 1_000 },
    );
    cluster.time.runFor(1_200);
    expect(cluster.members[1]!.responsive).toBe(false);
    cluster.time.runFor(200);
    expect(of(1)).toContainEqual(expect.objectContaining({ type: 'resume', pausedMs: 1_200 }));
  });

  test('SIM-6 a cut closes one link, and opens it again; a swizzle isolates and lets go', () => {
    const { cluster } = haunted(
      { kind: 'cut', at: 100, node: 0, other: 1, forMs: 500 },
      { kind: 'swizzle', at: 5_000, nodes: [0, 1], back: [0, 1], stepMs: 5_000 },
    );
    const neighbours = () => cluster.members.map(({ transport }) => transport.neighbours().length);
    cluster.time.runFor(200);
    expect(neighbours()).toEqual([1, 1, 2]);
    cluster.time.runFor(500);
    expect(neighbours()).toEqual([2, 2, 2]);
    const verdict = () => cluster.members[2]!.protocols.views().map(({ verdict: of }) => of);
    cluster.time.runUntil(14_500);
    expect(verdict()).toContain('suspect');
    cluster.time.runUntil(40_000);
    expect(verdict()).toEqual(['alive', 'alive']);
  });

  test('SIM-6 clocks jump and drift', () => {
    const { cluster } = haunted(
      { kind: 'clock-jump', at: 100, node: 0, byMs: -60_000 },
      { kind: 'drift', at: 0, node: 1, ppm: 50_000, forMs: 1_000 },
    );
    cluster.time.runFor(2_000);
    expect(cluster.members[0]!.wall.now()).toBeCloseTo(2_000 - 60_000);
    expect(cluster.members[1]!.monotonic.now()).toBeCloseTo(2_050);
  });

  test('SIM-7 heal ends all that ends, and the killed stay dead', () => {
    const { cluster, nemesis } = haunted(
      { kind: 'kill', at: 100, node: 0 },
      { kind: 'crash', at: 100, node: 1, forMs: 1e6 },
      { kind: 'pause', at: 100, node: 2, forMs: 1e6 },
    );
    cluster.time.runFor(1_000);
    nemesis.heal();
    expect(cluster.members.map(({ responsive }) => responsive)).toEqual([false, true, true]);
    expect([...nemesis.dead]).toEqual([0]);
  });
});

test('SIM-3 a kind that takes no part does not shift what the others draw', () => {
  const kinds: FaultKind[] = ['kill', 'crash', 'pause', 'cut', 'swizzle', 'clock-jump', 'drift'];
  for (let seed = 0; seed < 30; seed++) {
    const all = drawFaults(new Random(seed), kinds, 5, 1_000);
    const some = drawFaults(new Random(seed), kinds.slice(2), 5, 1_000);
    expect(all.filter(({ kind }) => kinds.indexOf(kind) >= 2)).toEqual(some);
  }
});
