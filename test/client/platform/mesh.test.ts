import { describe, expect, test } from 'vitest';
import type { Link } from '../../../client/platform/link.ts';
import { Mesh } from '../../../client/platform/mesh.ts';
import { noMeshCounts, SignalRoutes } from '../../../client/platform/signal-routes.ts';
import { partition } from '../../../src/network/partition.ts';
import { LinkRules } from '../../../src/network/rules-document.ts';
import type { Member, Relay, Signal } from '../../../src/wire/signaling-messages.ts';
import type { RoomCode } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';

/** What a mesh decides before any connection is made; connections themselves are tested in browsers. */
function member(number: number, change: Partial<Member> = {}): Member {
  const id = testNodeId(number);
  return { id, name: id, role: 'node', incarnation: 1, plugged: true, present: true, ...change };
}

/** This tab has the highest id of those whose last digits are alike, so it never calls: no connection is made in these tests. */
const SELF = member(90);

function setUp(connected = true) {
  const posted: Relay[] = [];
  const alarms: (() => void)[] = [];
  const mesh = new Mesh({
    self: SELF,
    room: 'TETHER' as RoomCode,
    timers: {
      now: () => 0,
      after: (_delay, callback) => {
        alarms.push(callback);
        return () => alarms.splice(alarms.indexOf(callback), 1);
      },
    },
    post: { connected, signal: (relay) => posted.push(relay) },
    changed: () => {},
  });
  const ringAll = (): void => alarms.splice(0).forEach((ring) => ring());
  return { mesh, posted, ringAll };
}

const OFFER: Signal = { type: 'offer', sdp: 'v=0' };

describe('a mesh and its room', () => {
  test('expects a call from every plugged node and every observer', () => {
    const { mesh } = setUp();
    mesh.takeRoster([member(10), member(20, { plugged: false }), member(30, { role: 'observer' })]);
    expect(mesh.link(testNodeId(10))?.phase).toBe('expecting');
    expect(mesh.link(testNodeId(20))?.phase).toBe('idle');
    expect(mesh.link(testNodeId(30))?.phase).toBe('expecting');
  });

  test('knocks when the call does not come, and again', () => {
    const { mesh, posted, ringAll } = setUp();
    mesh.takeMember(member(10));
    expect(posted).toEqual([]);
    ringAll();
    ringAll();
    expect(posted.map(({ to, signal }) => [to, signal.type])).toEqual([
      [testNodeId(10), 'knock'],
      [testNodeId(10), 'knock'],
    ]);
  });

  test('with its own plug pulled wants observers only', () => {
    const { mesh } = setUp();
    mesh.takeRoster([member(10), member(20, { role: 'observer' })]);
    mesh.setSelf({ ...SELF, plugged: false });
    expect(mesh.link(testNodeId(10))?.phase).toBe('idle');
    expect(mesh.link(testNodeId(20))?.phase).toBe('expecting');
  });

  test('whose node has crashed wants observers only, until it lives again', () => {
    const { mesh, posted } = setUp();
    mesh.takeRoster([member(10), member(20, { role: 'observer' })]);
    mesh.crash();
    expect(mesh.link(testNodeId(10))?.phase).toBe('idle');
    expect(mesh.link(testNodeId(20))?.phase).toBe('expecting');
    mesh.takeMember(member(30));
    mesh.takeSignal('server', testNodeId(10), 'abc', OFFER);
    expect(mesh.link(testNodeId(10))?.phase).toBe('idle');
    expect(mesh.link(testNodeId(30))?.phase).toBe('idle');
    expect(posted).toEqual([]);
    mesh.revive({ ...SELF, incarnation: 2 });
    expect(mesh.selfMember().incarnation).toBe(2);
    expect(mesh.link(testNodeId(10))?.phase).toBe('expecting');
  });

  test('begins anew with whoever begins a new life, at whatever point it was', () => {
    const { mesh, ringAll } = setUp();
    mesh.takeMember(member(10));
    ringAll();
    const link = mesh.link(testNodeId(10))!;
    expect(link.failures).toBe(1);
    mesh.takeMember(member(10, { name: 'Renamed' }));
    expect(link.failures).toBe(1);
    mesh.takeMember(member(10, { incarnation: 2 }));
    expect(link).toMatchObject({ failures: 0, phase: 'expecting' });
  });

  test('drops and counts signals of strangers, and of attempts that it does not know', () => {
    const { mesh } = setUp();
    mesh.takeSignal('server', testNodeId(50), 'abc', OFFER);
    expect(mesh.counters).toMatchObject({ strangerSignals: 1, staleSignals: 0 });
    mesh.takeMember(member(10));
    mesh.takeSignal('server', testNodeId(10), 'abc', { type: 'answer', sdp: 'v=0' });
    expect(mesh.counters).toMatchObject({ strangerSignals: 1, staleSignals: 1 });
  });

  test('forgets who is gone, and keeps what it knows of a later life', () => {
    const { mesh } = setUp();
    mesh.takeMember(member(10, { incarnation: 3 }));
    mesh.takeMember(member(10, { incarnation: 2, name: 'older' }));
    expect(mesh.member(testNodeId(10))).toMatchObject({ incarnation: 3, name: testNodeId(10) });
    mesh.takeGone(testNodeId(10));
    expect(mesh.members()).toEqual([]);
  });

  test('a tab cannot make itself an observer by saying so on a link', () => {
    const { mesh } = setUp();
    mesh.takeMember(member(10));
    const link = mesh.link(testNodeId(10)) as Link;
    mesh.joined(link, member(10, { role: 'observer', name: 'Renamed' }));
    expect(mesh.member(testNodeId(10))).toMatchObject({ role: 'node', name: 'Renamed' });
    mesh.management(link, { type: 'roster', members: [member(10, { role: 'observer' })] });
    expect(mesh.member(testNodeId(10))?.role).toBe('node');
  });

  test('believes a peer’s word of unknown others only while there is no server', () => {
    const withServer = setUp(true);
    withServer.mesh.takeMember(member(10));
    const link = withServer.mesh.link(testNodeId(10)) as Link;
    withServer.mesh.management(link, { type: 'roster', members: [member(70)] });
    expect(withServer.mesh.member(testNodeId(70))).toBeUndefined();

    const without = setUp(false);
    without.mesh.takeMember(member(10));
    const other = without.mesh.link(testNodeId(10)) as Link;
    without.mesh.management(other, { type: 'roster', members: [member(70)] });
    expect(without.mesh.member(testNodeId(70))).toMatchObject({ present: false });
  });

  test('a bye of an earlier life does not end the present one', () => {
    const { mesh } = setUp();
    mesh.takeMember(member(10, { incarnation: 2 }));
    const link = mesh.link(testNodeId(10)) as Link;
    link.incarnation = 1;
    mesh.management(link, { type: 'bye', reason: 'leaving' });
    expect(mesh.member(testNodeId(10))).toBeDefined();
    link.incarnation = 2;
    mesh.management(link, { type: 'bye', reason: 'leaving' });
    expect(mesh.member(testNodeId(10))).toBeUndefined();
  });
});

describe('a mesh under rules', () => {
  const cut = (from: number, to: number) =>
    new LinkRules({
      version: 1,
      rules: [
        { from: testNodeId(from), to: testNodeId(to), cut: true },
        { from: testNodeId(to), to: testNodeId(from), cut: true },
      ],
    });
  const healed = new LinkRules({ version: 2, rules: [] });

  test('wants no link that is cut, and wants it again at once when it heals', () => {
    const { mesh } = setUp();
    mesh.takeRoster([member(10), member(20)]);
    mesh.obey(cut(90, 10));
    expect([10, 20].map((n) => mesh.isCut(testNodeId(n)))).toEqual([true, false]);
    expect([10, 20].map((n) => mesh.link(testNodeId(n))?.phase)).toEqual(['idle', 'expecting']);
    mesh.takeMember(member(10, { name: 'renamed' }));
    expect(mesh.link(testNodeId(10))?.phase).toBe('idle');
    mesh.obey(healed);
    expect(mesh.link(testNodeId(10))).toMatchObject({ phase: 'expecting', failures: 0 });
  });

  test('refuses and counts the calls of a node to which the link is cut, whichever way they come', () => {
    const { mesh } = setUp();
    mesh.takeRoster([member(10), member(20)]);
    mesh.obey(cut(90, 10));
    mesh.takeSignal('server', testNodeId(10), 'one', OFFER);
    mesh.takeSignal(testNodeId(20), testNodeId(10), 'two', OFFER);
    expect(mesh.link(testNodeId(10))?.phase).toBe('idle');
    expect(mesh.counters.cutSignals).toBe(2);
  });

  test('links to observers are never cut', () => {
    const { mesh } = setUp();
    mesh.takeRoster([member(10, { role: 'observer' })]);
    mesh.obey(cut(90, 10));
    expect(mesh.isCut(testNodeId(10))).toBe(false);
    expect(mesh.link(testNodeId(10))?.phase).toBe('expecting');
  });
});

test('LINK-1 a link of which one way is cut stays open, and its way out is known to be cut', () => {
  const { mesh } = setUp();
  mesh.takeRoster([member(10)]);
  const [here, there] = [testNodeId(90), testNodeId(10)];
  mesh.obey(new LinkRules({ version: 1, rules: [{ from: here, to: there, cut: true }] }));
  expect([mesh.isCut(there), mesh.cutsWayTo(there)]).toEqual([false, true]);
  expect(mesh.link(there)?.phase).toBe('expecting');
  mesh.obey(new LinkRules({ version: 2, rules: [{ from: there, to: here, cut: true }] }));
  expect([mesh.isCut(there), mesh.cutsWayTo(there)]).toEqual([false, false]);
});

describe('introductions', () => {
  /** A link as far as the routes look at it. */
  function linkTo(id: string, said: object[]): Link {
    return { id, open: true, manage: (message: object) => said.push(message) } as unknown as Link;
  }

  test('are refused between two that a rule keeps apart, and counted', () => {
    const said: object[][] = [[], []];
    const links = [10, 20].map((n, i) => linkTo(testNodeId(n), said[i]!));
    const counters = noMeshCounts();
    const post = { connected: false, signal() {} };
    const routes = new SignalRoutes(post, new Map(links.map((link) => [link.id, link])), counters);
    const asked = { to: testNodeId(20), nonce: 'abc', signal: OFFER };
    const rules = (cut: boolean) =>
      new LinkRules({
        version: 1,
        rules: cut ? partition([[testNodeId(10)], [testNodeId(20)]], 'cut') : [],
      });
    routes.passOn(links[0]!, asked, rules(true));
    expect(said).toEqual([[{ type: 'unreachable', to: testNodeId(20), nonce: 'abc' }], []]);
    routes.passOn(links[0]!, asked, rules(false));
    expect(said[1]).toEqual([
      { type: 'introduced', from: testNodeId(10), nonce: 'abc', signal: OFFER },
    ]);
    expect(counters).toMatchObject({
      cutIntroductions: 1,
      introductionsPassed: 1,
      introductionsUnreachable: 0,
    });
  });
});
