import { describe, expect, test } from 'vitest';
import { BEAT_MS } from '../../../src/membership/overlay/beats.ts';
import { SLACK } from '../../../src/membership/overlay/overlay.ts';
import { MAX_PASSIVE } from '../../../src/membership/overlay/passive-view.ts';
import { GIVE_UP_MS, SILENT_MS } from '../../../src/membership/overlay/ties.ts';
import { ISOLATED_MS } from '../../../src/membership/overlay/watchdogs.ts';
import type { LinkRule } from '../../../src/network/link-rule.ts';
import { Random } from '../../../src/simulator/random.ts';
import { shuffled } from '../../../src/runtime/shuffled.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { OverlayClass } from '../../support/overlay-class.ts';

/** What the slowest connection takes, with a little to think it over. */
const CONNECTED_MS = 3_000;

/** Nobody calls any more, and nobody is let go any more. */
const SETTLED_MS = 20_000;

const partial = (activeView: number) => ({ fullMeshUpTo: 0, activeView });

function notes(events: readonly TraceEvent[], kind: string) {
  return events.flatMap((event) =>
    event.type === 'note' && event.protocol === 'overlay' && event.kind === kind ? [event] : [],
  );
}

describe('small rooms', () => {
  test('OVERLAY-1 up to the limit everybody is linked to everybody', () => {
    const room = new OverlayClass({ nodes: 6, fullMeshUpTo: 6, activeView: 2 });
    room.runFor(CONNECTED_MS);
    expect(room.degrees()).toEqual([5, 5, 5, 5, 5, 5]);
  });

  test('OVERLAY-1 in a full mesh nobody is given up, and nothing is said', () => {
    const events: TraceEvent[] = [];
    const room = new OverlayClass({ nodes: 4, fullMeshUpTo: 4, activeView: 2, trace: (event) => events.push(event) }); // prettier-ignore
    room.runFor(CONNECTED_MS);
    room.overlays[0]!.lost(room.cluster.members[1]!.id);
    room.runFor(10 * SILENT_MS);
    expect(room.degrees()).toEqual([3, 3, 3, 3]);
    expect(events.filter(({ type }) => type === 'send')).toEqual([]);
  });

  test('OVERLAY-1 one node more and views are partial; who comes and goes does not make them full', () => {
    let present = 6;
    const knows = (self: number, other: number) => Math.max(self, other) < present;
    const room = new OverlayClass({ nodes: 7, fullMeshUpTo: 6, activeView: 2, knows });
    const told = () => room.overlays.forEach((overlay) => overlay.contactsChanged());
    const busiest = () => Math.max(...room.degrees());
    room.runFor(CONNECTED_MS);
    expect(busiest()).toBe(5);
    present = 7;
    told();
    room.runFor(SETTLED_MS);
    expect(busiest()).toBeLessThanOrEqual(2 + SLACK);
    for (let turn = 0; turn < 6; turn++) {
      present = turn % 2 === 0 ? 6 : 7;
      told();
      room.runFor(2_000);
      expect(busiest()).toBeLessThanOrEqual(2 + SLACK + 1);
    }
    present = 6;
    told();
    room.runFor(SETTLED_MS);
    for (let index = 0; index < 6; index++)
      expect(
        room
          .graph()
          .get(index)!
          .filter((other) => other < 6),
      ).toHaveLength(5);
  });
});

describe('partial views', () => {
  test.each([2, 3, 6])(
    'OVERLAY-2 with a view of %i all are one mesh and each has its share',
    (activeView) => {
      const room = new OverlayClass({ nodes: 30, ...partial(activeView) });
      room.runFor(SETTLED_MS);
      expect(room.parts()).toBe(1);
      expect(Math.min(...room.degrees())).toBeGreaterThanOrEqual(activeView);
      expect(Math.max(...room.degrees())).toBeLessThanOrEqual(activeView + SLACK);
    },
  );

  test('OVERLAY-2 with a view of one all are one mesh still, with hardly a link too many', () => {
    const room = new OverlayClass({ nodes: 30, ...partial(1) });
    room.runFor(2 * SETTLED_MS);
    expect(room.parts()).toBe(1);
    expect(room.degrees().reduce((sum, links) => sum + links) / 2).toBeLessThanOrEqual(30);
  });

  test('OVERLAY-2 a settled mesh stays as it is', () => {
    const room = new OverlayClass({ nodes: 30, ...partial(4) });
    room.runFor(2 * SETTLED_MS);
    const before = [...room.graph()];
    room.runFor(60_000);
    expect([...room.graph()]).toEqual(before);
  });

  test('OVERLAY-3 thirty who come at once call on everybody alike', () => {
    const events: TraceEvent[] = [];
    let present = 10;
    const knows = (self: number, other: number) => Math.max(self, other) < present;
    const room = new OverlayClass({ nodes: 40, ...partial(4), knows, trace: (event) => events.push(event) }); // prettier-ignore
    room.runFor(SETTLED_MS);
    events.length = 0;
    present = 40;
    room.overlays.forEach((overlay) => overlay.contactsChanged());
    let busiest = 0;
    for (let step = 0; step < 200; step++) {
      room.runFor(100);
      busiest = Math.max(busiest, ...room.degrees());
    }
    // Each of thirty chooses four of thirty-nine: three calls a node, and hardly ever ten.
    const called = notes(events, 'promote').map(({ detail }) => detail['peer']);
    const calls = [...new Set(called)].map((peer) => called.filter((each) => each === peer).length);
    expect(Math.max(...calls)).toBeLessThanOrEqual(10);
    expect(busiest).toBeLessThanOrEqual(12);
    expect(room.parts()).toBe(1);
  });
});

describe('letting go', () => {
  test.each([1, 2, 3, 8])(
    'OVERLAY-5 from a full mesh down to a view of %i nothing is ever parted',
    (activeView) => {
      const room = new OverlayClass({ nodes: 20, fullMeshUpTo: 20, activeView });
      room.runFor(CONNECTED_MS);
      expect(Math.min(...room.degrees())).toBe(19);
      room.use(partial(activeView));
      for (let waited = 0; waited < 3 * SETTLED_MS; waited += 50) {
        room.runFor(50);
        expect(room.parts()).toBe(1);
      }
      expect(Math.min(...room.degrees())).toBeGreaterThanOrEqual(activeView);
      // With a view of one the mesh is a tree, and nobody lets go of another's only link.
      if (activeView > 1)
        expect(Math.max(...room.degrees())).toBeLessThanOrEqual(activeView + SLACK);
    },
  );

  test.each([1, 2, 3])(
    'OVERLAY-5 however the slider is moved nothing is parted, seed %i',
    (seed) => {
      const random = new Random(seed);
      const room = new OverlayClass({ nodes: 16, seed, ...partial(3) });
      room.runFor(SETTLED_MS);
      expect(room.parts()).toBe(1);
      for (let move = 0; move < 20; move++) {
        room.use({ fullMeshUpTo: random.next() < 0.2 ? 16 : 0, activeView: 1 + random.below(6) });
        for (let step = 0; step < 100; step++) {
          room.runFor(50);
          expect(room.parts()).toBe(1);
        }
      }
    },
  );

  test('OVERLAY-4 no link closes that its two ends did not agree on', () => {
    const events: TraceEvent[] = [];
    const room = new OverlayClass({ nodes: 12, fullMeshUpTo: 12, activeView: 3, trace: (event) => events.push(event) }); // prettier-ignore
    room.runFor(CONNECTED_MS);
    room.use(partial(3));
    room.runFor(SETTLED_MS);
    const closed = events.flatMap((event) => (event.type === 'down' ? [event] : []));
    const asked = notes(events, 'let-go').map(({ node, detail }) => `${node} ${String(detail['peer'])}`); // prettier-ignore
    expect(closed.length).toBeGreaterThan(60);
    for (const { node, peer } of closed)
      expect(asked.includes(`${node} ${peer}`) || asked.includes(`${peer} ${node}`)).toBe(true);
  });

  test('OVERLAY-4 both ends say beforehand that a link may close, and take it back if it stays', () => {
    const room = new OverlayClass({ nodes: 12, fullMeshUpTo: 12, activeView: 2 });
    const consents = room.overlays.map(() => new Set<NodeId>());
    const takenBack = { count: 0 };
    for (const [index, overlay] of room.overlays.entries())
      overlay.onParting((id, does) => {
        if (does) consents[index]!.add(id);
        else if (consents[index]!.delete(id)) takenBack.count += 1;
      });
    room.runFor(CONNECTED_MS);
    const before = room.graph();
    room.use(partial(2));
    room.runFor(SETTLED_MS);
    const after = room.graph();
    const idOf = (index: number) => room.cluster.members[index]!.id;
    for (const [index, others] of before)
      for (const other of others.filter((each) => !after.get(index)!.includes(each)))
        expect(consents[index]!.has(idOf(other))).toBe(true);
    expect(takenBack.count).toBeGreaterThan(0);
  });

  test('OVERLAY-6 a node on which nine others hang is let go by them one by one, and by none too early', () => {
    // All know the first alone, until they know each other.
    let all = false;
    const knows = (self: number, other: number) => all || self === 0 || other === 0;
    const room = new OverlayClass({ nodes: 10, ...partial(2), knows });
    room.runFor(SETTLED_MS);
    expect(room.degrees()).toEqual([9, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    all = true;
    room.overlays.forEach((overlay) => overlay.contactsChanged());
    for (let waited = 0; waited < SETTLED_MS; waited += 50) {
      room.runFor(50);
      expect(room.parts()).toBe(1);
    }
    expect(Math.max(...room.degrees())).toBeLessThanOrEqual(2 + SLACK);
  });
});

describe('who is gone', () => {
  test('OVERLAY-7 passive views fill with others than neighbours, and are bounded', () => {
    const room = new OverlayClass({ nodes: 60, ...partial(4) });
    room.runFor(120_000);
    for (const overlay of room.overlays) {
      expect(overlay.passive().length).toBeGreaterThan(MAX_PASSIVE / 2);
      expect(overlay.passive().length).toBeLessThanOrEqual(MAX_PASSIVE);
      const active = new Set(overlay.active());
      expect(overlay.passive().filter((id) => active.has(id))).toEqual([]);
    }
  });

  test('OVERLAY-8 who is held for dead is replaced at once, out of the passive view', () => {
    const events: TraceEvent[] = [];
    const room = new OverlayClass({
      nodes: 20,
      ...partial(3),
      trace: (event) => events.push(event),
    });
    room.runFor(3 * SETTLED_MS);
    const one = room.cluster.members[0]!;
    events.length = 0;
    for (const id of one.protocols.active()) {
      room.kill(room.indexOf(id));
      one.protocols.lost(id);
    }
    expect(one.protocols.active()).toEqual([]);
    const promoted = notes(events, 'promote').filter(({ node }) => node === one.id);
    expect(promoted.map(({ detail }) => detail['known'])).toEqual([true, true, true]);
    room.runFor(2 * CONNECTED_MS);
    expect(one.protocols.active().length).toBeGreaterThanOrEqual(3);
  });

  test('OVERLAY-8 who is heard again after all counts again', () => {
    const room = new OverlayClass({ nodes: 20, ...partial(3) });
    room.runFor(SETTLED_MS);
    const one = room.cluster.members[0]!.protocols;
    const [neighbour] = one.active();
    one.lost(neighbour!);
    expect(one.active()).not.toContain(neighbour);
    room.runFor(2 * BEAT_MS);
    expect(one.active()).toContain(neighbour);
  });

  test('OVERLAY-8 a neighbour that falls silent is replaced without anybody’s word', () => {
    const room = new OverlayClass({ nodes: 12, ...partial(3) });
    room.runFor(SETTLED_MS);
    const one = room.cluster.members[0]!;
    for (const id of one.protocols.active()) room.kill(room.indexOf(id));
    room.runFor(SILENT_MS + 1_000 + 2 * CONNECTED_MS);
    expect(one.protocols.active().length).toBeGreaterThanOrEqual(3);
  });

  test('OVERLAY-12 what a node missed while it did not run is held against nobody', () => {
    const events: TraceEvent[] = [];
    const room = new OverlayClass({
      nodes: 12,
      ...partial(3),
      trace: (event) => events.push(event),
    });
    room.runFor(SETTLED_MS);
    const one = room.cluster.members[0]!;
    const before = one.protocols.active();
    one.pause();
    room.runFor(SILENT_MS - 500);
    events.length = 0;
    one.resume();
    room.runFor(50);
    expect(one.protocols.active()).toEqual(before);
    expect(notes(events, 'promote')).toEqual([]);
  });
});

describe('watchdogs', () => {
  test('OVERLAY-9 without any link a node begins anew with all it knows, ever less often', () => {
    const events: TraceEvent[] = [];
    const room = new OverlayClass({
      nodes: 8,
      ...partial(3),
      trace: (event) => events.push(event),
    });
    room.runFor(SETTLED_MS);
    for (let index = 1; index < 8; index++) room.kill(index);
    room.runFor(90_000);
    const [first, ...later] = notes(events, 'bootstrap').map(({ monotonic }) => monotonic);
    const gaps = later.map((at, i) => at - [first!, ...later][i]!);
    const expected = [2, 4, 8, 8].map((times) => times * ISOLATED_MS);
    for (const [i, gap] of expected.entries()) {
      expect(gaps[i]).toBeGreaterThanOrEqual(gap);
      expect(gaps[i]).toBeLessThan(gap + 1_000);
    }
  });

  test.each([2, 4, 6])(
    'OVERLAY-10 two islands that are content become one within 10 s, with a view of %i',
    (activeView) => {
      const room = new OverlayClass({ nodes: 24, ...partial(activeView) });
      const { members } = room.cluster;
      const side = (index: number) => index % 2;
      const cut = members.flatMap(({ id: from }, a) =>
        members.flatMap(({ id: to }, b): LinkRule[] =>
          side(a) === side(b) ? [] : [{ from, to, blackhole: true }],
        ),
      );
      room.cluster.setRules(cut);
      room.runFor(2 * SETTLED_MS);
      // Calls across still open now and then, and are given up since nothing comes through.
      for (const [a, others] of room.graph())
        for (const b of others) if (side(a) !== side(b)) room.cluster.unlink(a, b);
      room.cluster.setRules([]);
      expect(room.parts()).toBe(2);
      expect(room.oneWithin(10_000)).not.toBeNull();
      room.runFor(SETTLED_MS);
      expect(room.parts()).toBe(1);
    },
  );

  test.each([1, 2, 3, 4, 5])(
    'OVERLAY-11 a third dies at once: the others are one mesh within 10 s, seed %i',
    (seed) => {
      const random = new Random(seed);
      for (const activeView of [2, 4]) {
        const room = new OverlayClass({ nodes: 30, seed, ...partial(activeView) });
        room.runFor(SETTLED_MS);
        const killed = shuffled([...room.graph().keys()], random.next).slice(0, 10);
        for (const index of killed) room.kill(index);
        expect(room.oneWithin(10_000)).not.toBeNull();
        room.runFor(GIVE_UP_MS + SETTLED_MS);
        expect(room.parts()).toBe(1);
        expect(Math.min(...room.degrees())).toBeGreaterThanOrEqual(activeView);
        expect(Math.max(...room.degrees())).toBeLessThanOrEqual(activeView + SLACK);
      }
    },
  );
});
