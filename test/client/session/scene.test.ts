import { describe, expect, test } from 'vitest';
import { liveScene, replayScene } from '../../../client/session/scene.ts';
import type { ReportedLink, ObservedNode } from '../../../client/session/snapshots.ts';
import { UNTOUCHED } from '../../../src/network/network-document.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { Happening, TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';

const [A, B, C] = [testNodeId(0), testNodeId(1), testNodeId(2)];
const NAMES = new Map([
  [A, 'Owl'],
  [B, 'Fox'],
]);

/** Events of first lives, each node counting by itself. */
class Class {
  readonly chronicle = new Chronicle();
  readonly #counts = new Map<NodeId, number>();
  did(node: NodeId, at: number, happening: Happening, wallErrorMs = 0): this {
    const sequence = (this.#counts.get(node) ?? 0) + 1;
    this.#counts.set(node, sequence);
    const vector = { [node]: sequence, ...(node !== A && { [A]: 99 }) };
    const event: TraceEvent = { node, incarnation: 1, sequence, lamport: sequence, vector, at, wall: at + wallErrorMs, monotonic: at, ...happening }; // prettier-ignore
    this.chronicle.add(event);
    return this;
  }
}

const send: Happening = { type: 'send', to: B, protocol: 'p', kind: 'k', message: 1, bytes: 9 };
const order = (title: string, version: number | null, links: { to: NodeId; rule: { cut?: true; latencyMs?: number } }[], node = {}): Happening => ({ type: 'order', title, version, under: { links, node } }); // prettier-ignore

function lesson(): Chronicle {
  return new Class()
    .did(A, 0, { type: 'start' })
    .did(B, 1, { type: 'start' }, 5_000)
    .did(A, 2, { type: 'up', peer: B })
    .did(B, 2, { type: 'up', peer: A }, 5_000)
    .did(A, 10, order('slows Owl → Fox', 1, [{ to: B, rule: { latencyMs: 50 } }]))
    .did(A, 20, send)
    .did(B, 70, { type: 'receive', from: A, protocol: 'p', message: 1, bytes: 9 }, 5_000)
    .did(B, 80, order('cuts', 2, [{ to: A, rule: { cut: true } }], { unplugged: true }), 5_000)
    .did(B, 81, { type: 'down', peer: A, reason: 'cut' }, 5_000)
    .did(A, 82, { type: 'down', peer: B, reason: 'cut' })
    .did(A, 90, { type: 'pause', lengthMs: null })
    .did(C, 95, { type: 'start' }).chronicle;
}

describe('a moment of a recording', () => {
  const chronicle = lesson();
  const at = (time: number) => replayScene(chronicle, NAMES, time);

  test('SCENE-1 nodes are there by name, as they were', () => {
    const seen = (time: number) => at(time).nodes.map(({ name, state }) => [name, state]);
    expect(seen(1.5)).toEqual([['Fox', 'isolated'], ['Owl', 'isolated'], [C, null]]); // prettier-ignore
    expect(new Map(seen(50) as [string, unknown][])).toEqual(new Map([['Fox', 'joined'], ['Owl', 'joined'], [C, null]])); // prettier-ignore
    expect(new Map(seen(99) as [string, unknown][])).toEqual(new Map([['Fox', 'unplugged'], ['Owl', 'paused'], [C, 'isolated']])); // prettier-ignore
  });

  test('SCENE-1 a link is what each end knew of it, and a way what lay upon it', () => {
    const link = (time: number) => at(time).links.find(({ a, b }) => a === A && b === B)!;
    expect(link(1)).toMatchObject({ fromA: 'closed', fromB: 'closed', aToB: { rule: {} } });
    expect(link(50)).toMatchObject({ fromA: 'open', fromB: 'open', aToB: { rule: { latencyMs: 50 } }, bToA: { rule: {} } }); // prettier-ignore
    expect(link(81)).toMatchObject({ fromA: 'open', fromB: 'cut', bToA: { rule: { cut: true } } });
    expect(at(50).links.find(({ b }) => b === C)).toMatchObject({ fromA: 'closed', fromB: null });
  });

  test('SCENE-3 two in the mesh that never had a link are none: each node keeps a few neighbours', () => {
    const near = (): Class =>
      new Class()
        .did(A, 0, { type: 'start' })
        .did(B, 0, { type: 'start' })
        .did(C, 0, { type: 'start' })
        .did(A, 1, { type: 'up', peer: B })
        .did(B, 1, { type: 'up', peer: A })
        .did(B, 2, { type: 'up', peer: C })
        .did(C, 2, { type: 'up', peer: B });
    const partialAt = (past: Class, time: number): boolean =>
      replayScene(past.chronicle, NAMES, time).partial;
    // Before C has any link it may still be on its way in.
    expect([1.5, 3].map((time) => partialAt(near(), time))).toEqual([false, true]);
    const apart = near().did(A, 1, order('cuts', 1, [{ to: C, rule: { cut: true } }]));
    expect(partialAt(apart, 3)).toBe(false);
    const lost = near()
      .did(A, 2, { type: 'up', peer: C })
      .did(A, 3, { type: 'down', peer: C, reason: 'closed' });
    expect(partialAt(lost, 4)).toBe(false);
    const givenUp = lost.did(C, 3, { type: 'down', peer: A, reason: 'unwanted' });
    expect(partialAt(givenUp, 4)).toBe(true);
  });

  test('SCENE-1 messages under way, the newest change and wrong clocks', () => {
    expect([19, 20, 69, 70].map((time) => at(time).flights.length)).toEqual([0, 1, 1, 0]);
    expect([5, 10, 99].map((time) => at(time).order?.title)).toEqual([undefined, 'slows Owl → Fox', 'cuts']); // prettier-ignore
    expect(at(50).nodes.map(({ id, wallErrorMs }) => [id, wallErrorMs])).toEqual(expect.arrayContaining([[A, 0], [B, 5_000], [C, null]])); // prettier-ignore
  });
});

describe('this moment', () => {
  const node = (id: NodeId): ObservedNode => ({ id, name: NAMES.get(id) ?? id, incarnation: 1, plugged: true, present: true, watched: true, state: 'joined' }); // prettier-ignore
  const link: ReportedLink = {
    a: A,
    b: B,
    fromA: 'open',
    fromB: 'open',
    path: 'host',
    rttMs: 3,
    queuedAtA: 70,
    queuedAtB: null,
  };

  test('SCENE-2 it is what is observed, with what the document lays upon it', () => {
    const document = {
      ...UNTOUCHED,
      version: 4,
      title: 'slows',
      rules: [{ from: B, to: A, latencyMs: 5 }, { from: B, to: A, latencyMs: 6 }, { from: A, to: C, cut: true }], // prettier-ignore
      conditions: [{ id: B, slowMs: 9, driftPpm: 0 }],
    };
    const scene = liveScene({ nodes: [node(A), node(B)], links: [link] }, document, lesson(), 60);
    expect(scene.nodes.map(({ condition }) => condition)).toEqual([{}, { slowMs: 9 }]);
    const { queuedAtA: _a, queuedAtB: _b, ...ends } = link;
    expect(scene.links).toEqual([{ ...ends, aToB: { rule: {}, queuedBytes: 70 }, bToA: { rule: { latencyMs: 11 }, queuedBytes: null } }]); // prettier-ignore
    expect(scene).toMatchObject({ at: 60, live: true, order: { title: 'slows', version: 4 } });
    expect(scene.flights).toHaveLength(1);
    expect(liveScene({ nodes: [], links: [] }, UNTOUCHED, lesson(), 60).order).toBeNull();
  });

  test('SCENE-3 nodes keep a few neighbours where there are more of them than make a full mesh', () => {
    const partial = (fullMeshUpTo: number): boolean => {
      const document = { ...UNTOUCHED, choices: { ...UNTOUCHED.choices, fullMeshUpTo } };
      return liveScene({ nodes: [node(A), node(B)], links: [link] }, document, lesson(), 60)
        .partial;
    };
    expect([1, 2].map(partial)).toEqual([true, false]);
  });
});
