import { liveScene, type Scene } from '../../../client/session/scene.ts';
import type {
  ReportedLink,
  ObservedNode,
  TeacherSnapshot,
} from '../../../client/session/snapshots.ts';
import type { Motion } from '../../../client/views/mesh/motion.ts';
import type { LinkRule } from '../../../src/network/link-rule.ts';
import type { NodeCondition } from '../../../src/network/node-condition.ts';
import { DEFAULT_CHOICES } from '../../../src/network/room-choices.ts';
import type { Beliefs } from '../../../src/membership/majority.ts';
import type { Verdict } from '../../../src/membership/verdict.ts';
import { partition } from '../../../src/network/partition.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Flight } from '../../../src/trace/flights.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { splitLesson } from '../../support/lesson-trace.ts';
import { ledBy, roles } from './role-fixtures.ts';
import { tallies } from './tally-fixtures.ts';
import { mesh, node, PLAIN_TEACHERS, snapshot } from './teacher-fixtures.ts';

/** Rooms whose teacher has done something to the network. */

/** 2026-03-02 10:42:07 UTC. The pictures stand still at this moment. */
const NOW = Date.UTC(2026, 2, 2, 10, 42, 7);

/** What the ends say of links that rules have cut. */
function obeying(links: readonly ReportedLink[], rules: readonly LinkRule[]): ReportedLink[] {
  const cut = new Set(
    rules.filter((rule) => rule.cut === true).map((rule) => `${rule.from} ${rule.to}`),
  );
  return links.map((link) =>
    cut.has(`${link.a} ${link.b}`) || cut.has(`${link.b} ${link.a}`)
      ? { ...link, fromA: 'cut', fromB: 'cut', path: null, rttMs: null }
      : link,
  );
}

function ruled(
  nodes: readonly ObservedNode[],
  rules: readonly LinkRule[],
  conditions: readonly NodeCondition[] = [],
): TeacherSnapshot {
  return snapshot(nodes.length, {
    nodes: nodes.toSorted((a, b) => a.name.localeCompare(b.name)),
    links: obeying(mesh(nodes), rules),
    network: {
      version: 3,
      rules: [...rules],
      conditions: [...conditions],
      choices: DEFAULT_CHOICES,
      title: 'the class is split 5 | 3',
      at: NOW,
    },
    canUndo: true,
  });
}

const both = (a: NodeId, b: NodeId, rule: Omit<LinkRule, 'from' | 'to'>): LinkRule[] => [
  { ...rule, from: a, to: b },
  { ...rule, from: b, to: a },
];

const eight = Array.from({ length: 8 }, (_, i) => node(i));
const [heron, ibex, tern, otter, lynx, mole, wren, newt] = eight.map(({ id }) => id) as [
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
];
const five = [otter, lynx, mole, wren, newt];
const three = [heron, ibex, tern];
const slow = { latencyMs: 200, jitterMs: 50 };

/** Five on one side, three on the other, a lossy link, a slow one, a paused node, a wrong clock. */
const partitioned = ruled(
  eight.map((each) => (each.id === newt ? { ...each, state: 'paused' } : each)),
  [
    ...partition([five, three], 'cut'),
    ...both(heron, tern, { loss: 0.2, ...slow, bytesPerSecond: 50_000, queueBytes: 65_536 }),
    ...both(wren, mole, slow),
  ],
  [{ id: heron, wallOffsetMs: 5_000 }],
);

/** One of each kind of link beside each other. */
const everyRule = ruled(
  eight,
  [
    ...both(heron, ibex, slow),
    ...both(ibex, tern, { loss: 0.3, lossBurst: 4 }),
    ...both(tern, otter, { duplicate: 0.2, corrupt: 0.05 }),
    ...both(otter, lynx, { blackhole: true }),
    ...both(lynx, mole, { cut: true }),
    { from: mole, to: wren, blackhole: true },
    { from: wren, to: newt, ...slow },
    { from: newt, to: wren, loss: 0.1 },
    { from: newt, to: heron, ...slow },
  ],
  [
    { id: heron, slowMs: 200 },
    { id: otter, sendOmission: 0.3, receiveOmission: 0.2 },
    { id: wren, driftPpm: 5_000, slowMs: 50, receiveOmission: 0.1 },
  ],
);

const many = Array.from({ length: 24 }, (_, i) => node(i));
const ids24 = many.map(({ id }) => id);
const severalRules = ruled(
  many,
  [
    ...partition([ids24.slice(0, 12), ids24.slice(12, 19), ids24.slice(19)], 'blackhole'),
    ...both(ids24[0]!, ids24[3]!, slow),
    ...both(ids24[2]!, ids24[9]!, { loss: 0.3 }),
    ...both(ids24[13]!, ids24[16]!, { cut: true }),
    { from: ids24[20]!, to: ids24[22]!, blackhole: true },
  ],
  [{ id: ids24[4]!, wallOffsetMs: -30_000 }],
);

const oneWay = ruled(eight.slice(0, 5), [{ from: ibex, to: heron, blackhole: true }]);
const bridge = ruled(
  eight,
  partition(
    [
      [...three, mole],
      [otter, lynx, wren, newt, mole],
    ],
    'cut',
  ),
);
const sixtySplit = (() => {
  const sixty = Array.from({ length: 60 }, (_, i) => node(i));
  const ids = sixty.map(({ id }) => id);
  return ruled(sixty, partition([ids.slice(0, 35), ids.slice(35)], 'cut'));
})();

/** Thirty who keep five neighbours each: some on their round, some across. */
const partial = (() => {
  const thirty = Array.from({ length: 30 }, (_, i) => node(i));
  const near = (a: NodeId, b: NodeId): boolean => {
    const [i, j] = [a, b].map((id) => thirty.findIndex((each) => each.id === id));
    return [1, 2, 15].includes(Math.abs(i! - j!)) || [28, 29].includes(Math.abs(i! - j!));
  };
  const apart = { fromA: 'closed', fromB: 'closed', path: null, rttMs: null } as const;
  const choices = { ...DEFAULT_CHOICES, fullMeshUpTo: 12, activeView: 5 };
  return snapshot(30, {
    links: mesh(thirty).map((link) => (near(link.a, link.b) ? link : { ...link, ...apart })),
    network: {
      version: 2,
      rules: [],
      conditions: [],
      choices,
      title: 'five neighbours each',
      at: NOW,
    },
    canUndo: true,
  });
})();

/** A class that is told by rumours, and calls one of its own. */
const rumours = snapshot(8, {
  network: {
    version: 5,
    rules: [],
    conditions: [],
    choices: {
      ...DEFAULT_CHOICES,
      detector: 'phi',
      spread: 'rumour',
      rumourStyle: 'push-pull',
      antiEntropy: false,
      relay: true,
      service: otter,
      retries: 'naive',
    },
    title: 'news by rumour',
    at: NOW,
  },
  canUndo: true,
});

/** All hold all for alive, but where something else is said: who, of whom, what. */
function believing(
  { nodes }: Pick<TeacherSnapshot, 'nodes'>,
  but: (by: string, of: string) => Verdict | undefined,
  silent: readonly string[] = [],
): Beliefs {
  return new Map(
    nodes
      .filter(({ name }) => !silent.includes(name))
      .map(({ id, name: by }) => [
        id,
        new Map(
          nodes
            .filter((other) => other.id !== id)
            .map((other) => [other.id, but(by, other.name) ?? 'alive']),
        ),
      ]),
  );
}

/** One of nine has crashed; one has not noticed, and one is not sure of another. */
const beliefs = (() => {
  const nine = Array.from({ length: 9 }, (_, i) => node(i, i === 3 ? { state: 'crashed' } : {}));
  const room = snapshot(9, { nodes: nine.toSorted((a, b) => a.name.localeCompare(b.name)) });
  const but = (by: string, of: string): Verdict | undefined => {
    if (of === 'Otter') return by === 'Heron' ? 'alive' : by === 'Ibex' ? 'suspect' : 'dead';
    return of === 'Newt' && ['Lynx', 'Mole'].includes(by) ? 'suspect' : undefined;
  };
  return { ...room, beliefs: believing(room, but, ['Otter']) };
})();

/** Each side of a wall holds the other for dead. */
const acrossTheWall = (room: TeacherSnapshot, first: readonly NodeId[]): TeacherSnapshot => {
  const names = new Set(room.nodes.filter(({ id }) => first.includes(id)).map(({ name }) => name));
  const but = (by: string, of: string): Verdict | undefined =>
    names.has(by) === names.has(of) ? undefined : 'dead';
  return { ...room, beliefs: believing(room, but) };
};

function flight(
  from: NodeId,
  to: NodeId,
  along: number,
  protocol: string,
  kind = '',
  change: Partial<Flight> = {},
): Flight {
  return {
    key: `${from}${to}${kind}`,
    from,
    to,
    protocol,
    kind,
    message: 1,
    bytes: 80,
    sentAt: NOW - 400 * along,
    arrivesAt: NOW + 400 * (1 - along),
    givenUpAt: NOW + 9_000,
    ...change,
  };
}

const FLIGHTS: readonly Flight[] = [
  flight(otter, lynx, 0.55, 'flood'),
  flight(otter, wren, 0.4, 'flood'),
  flight(mole, otter, 0.35, 'ping', 'pong'),
  flight(heron, ibex, 0.7, 'flood'),
  flight(ibex, tern, 0.45, 'timesync', 'ask'),
  flight(lynx, mole, 0.5, 'ping', 'ping'),
  flight(heron, tern, 0, 'flood', '', {
    sentAt: NOW - 2_000,
    arrivesAt: null,
    givenUpAt: NOW - 250,
  }),
];

/** What the merge lab shows: two boards while the class is split, and one again when it has healed. */
const labSplit: TeacherSnapshot = { ...partitioned };
const labHealed = snapshot(6);

/** Each part of a split class has a leader; one of the smaller part stands for leader again. */
const twoLeaders: TeacherSnapshot = { ...partitioned };
/** A node whose votes were counted twice. */
const sameTerm: TeacherSnapshot = { ...partitioned };
/** One leads all. */
const oneLeader = snapshot(6);
const leaderOfMany = snapshot(24);

const HELD: ReadonlyMap<TeacherSnapshot, readonly TraceEvent[]> = new Map([
  [
    twoLeaders,
    roles(
      'bully',
      [
        ...ledBy(otter, [lynx, mole, wren, newt], 3),
        ...ledBy(heron, [ibex], 4),
        { node: tern, role: 'candidate', leader: null, term: 4 },
      ],
      NOW - 1_000,
    ),
  ],
  [
    sameTerm,
    roles(
      'raft',
      [...ledBy(otter, [lynx, mole, wren, newt], 4), ...ledBy(heron, [ibex, tern], 4)],
      NOW - 1_000,
    ),
  ],
  ...[oneLeader, leaderOfMany].map(({ nodes }, i): [TeacherSnapshot, TraceEvent[]] => {
    const [leader, ...others] = nodes.map(({ id }) => id);
    return [[oneLeader, leaderOfMany][i]!, roles('naive', ledBy(leader!, others, 2), NOW - 1_000)];
  }),
]);

export const TEACHERS: ReadonlyMap<string, TeacherSnapshot> = new Map([
  ...PLAIN_TEACHERS,
  ['partitioned', partitioned],
  ['every-rule', everyRule],
  ['several-rules', severalRules],
  ['one-way', oneWay],
  ['bridge', bridge],
  ['sixty-split', sixtySplit],
  ['partial', partial],
  ['beliefs', beliefs],
  ['beliefs-agreed', { ...beliefs, beliefs: believing(beliefs, () => undefined, ['Otter']) }],
  ['beliefs-split', acrossTheWall(partitioned, five)],
  ['beliefs-many', acrossTheWall(snapshot(24), ids24.slice(0, 14))],
  [
    'beliefs-sixty',
    acrossTheWall(
      sixtySplit,
      sixtySplit.nodes.slice(0, 35).map(({ id }) => id),
    ),
  ],
  ['two-leaders', twoLeaders],
  ['same-term', sameTerm],
  ['one-leader', oneLeader],
  ['leader-of-many', leaderOfMany],
  ['rumours', rumours],
  ['lab-split', labSplit],
  ['lab-healed', labHealed],
]);

export function sceneOf(snapshot: TeacherSnapshot): Scene {
  const told = new Chronicle();
  for (const event of HELD.get(snapshot) ?? []) told.add(event);
  return liveScene(snapshot, snapshot.network, told, NOW);
}

/** Only where there is something to see: the others show pages before anything was told. */
export function motionOf(snapshot: TeacherSnapshot): Motion | null {
  return snapshot === partitioned ? { now: () => NOW, flightsBetween: () => FLIGHTS } : null;
}

/** What a split class of eight has behind it: a simulated lesson, lived through by the nodes of the fixture. */
export function pastOf(given: TeacherSnapshot): Chronicle {
  const { nodes, network } = given;
  const chronicle = new Chronicle();
  for (const event of [...labOf(given), ...(HELD.get(given) ?? [])]) chronicle.add(event);
  if (nodes.length !== eight.length || network.version === 0) return chronicle;
  const lesson = splitLesson();
  let text = JSON.stringify(lesson.events);
  // Five on the one side, three on the other, as in the lesson.
  for (const [i, id] of [...five, ...three].entries()) text = text.replaceAll(lesson.nodes[i]!, id);
  for (const event of JSON.parse(text) as TraceEvent[]) chronicle.add(event);
  return chronicle;
}

function labOf(given: TeacherSnapshot): TraceEvent[] {
  const at = NOW - 1_000;
  if (given === labSplit) return tallies([five, three], 190, at);
  return given === labHealed ? tallies([labHealed.nodes.map(({ id }) => id)], 212, at) : [];
}
