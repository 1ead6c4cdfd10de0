import type {
  OrdersView,
  OtherClockView,
  PeerView,
  StudentActions,
  StudentSnapshot,
} from '../../../client/session/snapshots.ts';
import type { Role } from '../../../src/election/election.ts';
import { DEFAULT_CHOICES } from '../../../src/network/room-choices.ts';
import { REFUSALS, type RefusalCode } from '../../../src/wire/refusals.ts';
import { workingsAfter } from './detector-fixtures.ts';
import { ANIMALS, idOf, LONG_NAME, ROOM } from './names.ts';

/** 2026-03-02 10:42:07.310 UTC. */
const NOON = Date.UTC(2026, 2, 2, 10, 42, 7, 310);

function peer(index: number, change: Partial<PeerView> = {}): PeerView {
  return {
    id: idOf(index),
    name: ANIMALS[index] ?? `Node ${index}`,
    link: 'open',
    rung: 'joined',
    path: 'host',
    rttMs: 4 + ((index * 7) % 23),
    verdict: 'alive',
    state: change.verdict ?? 'alive',
    reason: 'heard 0.2 s ago',
    suspectedBy: [],
    silentMs: 210,
    plugged: true,
    trouble: null,
    ...change,
  };
}

function peers(count: number): PeerView[] {
  return Array.from({ length: count }, (_, i) => peer(i + 1)).sort((a, b) =>
    a.name.localeCompare(b.name),
  );
}

/** One of each kind, again and again. */
function clocksOf(others: readonly PeerView[]): OtherClockView[] {
  const kinds: Omit<OtherClockView, 'id' | 'name'>[] = [
    { offset: { ms: 0.4, errorMs: 1.2 }, drift: { ppm: 1.1, errorPpm: 6.4 }, asAssumed: true },
    { offset: { ms: 1_843, errorMs: 3.1 }, drift: { ppm: 14.2, errorPpm: 2.9 }, asAssumed: true },
    { offset: { ms: -52.6, errorMs: 14 }, drift: null, asAssumed: true },
    { offset: { ms: -9, errorMs: 2 }, drift: { ppm: -412, errorPpm: 3 }, asAssumed: false },
    { offset: null, drift: null, asAssumed: true },
  ];
  return others
    .filter(({ link }) => link === 'open')
    .map(({ id, name }, i) => ({ id, name, ...kinds[i % kinds.length]! }));
}

const NO_ORDERS: OrdersView = {
  unplugged: false,
  struck: false,
  clockAheadMs: 0,
  driftPpm: 0,
  slowMs: 0,
  sendOmission: 0,
  receiveOmission: 0,
};

function snapshot(change: Partial<StudentSnapshot> = {}): StudentSnapshot {
  const others = change.peers ?? peers(5);
  return {
    phase: { at: 'inside' },
    server: 'connected',
    room: ROOM,
    self: self('joined'),
    orders: NO_ORDERS,
    peers: others,
    choices: { ...DEFAULT_CHOICES, fullMeshUpTo: 12 },
    election: null,
    thinking: null,
    clocks: {
      wall: NOON,
      monotonic: 51_310,
      lamport: 214,
      vector: [
        { id: idOf(0), name: 'Heron', count: 31 },
        ...others.map(({ id, name }, i) => ({ id, name, count: 7 + ((i * 17) % 41) })),
      ],
    },
    otherClocks: clocksOf(others),
    deliveries: [
      { id: '1', from: idOf(3), fromName: 'Otter', payload: 'Hello?', receivedAt: NOON - 42_118 },
      {
        id: '2',
        from: idOf(0),
        fromName: 'Heron',
        payload: 'I hear you, Otter',
        receivedAt: NOON - 31_402,
      },
      {
        id: '3',
        from: idOf(2),
        fromName: 'Tern',
        payload: { temperature: 21.5, room: '9b' },
        receivedAt: NOON - 12_007,
      },
      {
        id: '4',
        from: idOf(4),
        fromName: LONG_NAME,
        payload:
          'Did this get through to everybody, or only to my neighbours? If you can read it, pull your plug and put it back.',
        receivedAt: NOON - 2_310,
      },
    ],
    withoutStun: false,
    diskTrouble: null,
    ...change,
  };
}

/** It elects, and holds this one for leader. */
function electing(
  role: Role,
  leader: number | null,
  change: Partial<StudentSnapshot> = {},
): StudentSnapshot {
  const timer = role === 'leader' ? null : { startedAt: 0, leftMs: 3_600_000, share: 0.62 };
  return snapshot({
    election: {
      ...{ algorithm: 'bully', role, term: 4, timer },
      leader: leader === null ? null : idOf(leader),
    },
    ...change,
  });
}

function refused(code: RefusalCode, at: 'refused' | 'out'): StudentSnapshot {
  return snapshot({ phase: { at, code, message: REFUSALS[code] }, peers: [] });
}

const self = (
  state: StudentSnapshot['self']['state'],
  name = 'Heron',
): StudentSnapshot['self'] => ({
  id: idOf(0),
  name,
  incarnation: 1,
  state,
  plugged: state !== 'unplugged',
  pausedForMs: state === 'paused' ? 2_600 : null,
});

const closed: Partial<PeerView> = {
  link: 'closed',
  verdict: 'dead',
  path: null,
  rttMs: null,
  silentMs: 9400,
};

const CRASHED = snapshot({
  self: self('crashed'),
  peers: peers(5).map((p) => ({ ...p, ...closed, verdict: 'alive', silentMs: null })),
  clocks: { wall: NOON, monotonic: 51_310, lamport: null, vector: [] },
  deliveries: [],
});

/** What the teacher has done to a node that is otherwise as in `joined`. */
function under(
  orders: Partial<OrdersView>,
  state: StudentSnapshot['self']['state'] = 'joined',
  change: Partial<StudentSnapshot> = {},
): StudentSnapshot {
  return snapshot({ self: self(state), orders: { ...NO_ORDERS, ...orders }, ...change });
}

const cut: Partial<PeerView> = {
  ...closed,
  link: 'cut',
  rung: 'waiting',
};

const ladder: PeerView[] = [
  peer(1, { link: 'connecting', rung: 'waiting', path: null, rttMs: null }),
  peer(2, { link: 'connecting', rung: 'offered', path: null, rttMs: null }),
  peer(3, {
    link: 'connecting',
    rung: 'candidates',
    path: null,
    rttMs: null,
    trouble:
      'No address of Otter could be reached. The Wi-Fi may keep devices apart. I try again in 4 s.',
  }),
  peer(4, { name: LONG_NAME, verdict: 'suspect', silentMs: 3400 }),
  peer(5, { path: 'srflx', rttMs: 41 }),
  peer(6, { path: 'relay', rttMs: 128 }),
  peer(7, { plugged: false, link: 'closed', path: null, rttMs: null }),
  peer(8, { verdict: 'dead', silentMs: 61_000 }),
];

/** One peer is looked into, after so long a silence. */
function looked(index: number, silentMs: number, change: Partial<PeerView> = {}): StudentSnapshot {
  const id = idOf(index);
  return snapshot({
    peers: peers(5).map((p) => (p.id === id ? { ...p, silentMs, ...change } : p)),
    thinking: { id, workings: workingsAfter(silentMs) },
  });
}

/** A large room: links to eight, of the others it is heard. */
function partial(count: number): StudentSnapshot {
  return snapshot({
    room: { ...ROOM, capacity: 40 },
    peers: peers(count).map((p, i) => {
      if (i % 4 === 1) return p;
      const far: PeerView = { ...p, link: 'closed', rung: 'waiting', path: null, rttMs: null };
      return i === 6
        ? { ...far, verdict: 'dead', state: 'dead', reason: 'Otter and Lynx held it for dead' }
        : far;
    }),
  });
}

export const STUDENTS: ReadonlyMap<string, StudentSnapshot> = new Map([
  ['electing', electing('candidate', null)],
  ['elected', electing('leader', 0)],
  ['electing-follows', electing('follower', 3, { peers: peers(9) })],
  ['joined', snapshot()],
  ['alone', snapshot({ peers: [], deliveries: [] })],
  ['joining', snapshot({ self: self('joining'), peers: ladder.slice(0, 3), deliveries: [] })],
  [
    'unplugged',
    snapshot({ self: self('unplugged'), peers: peers(5).map((p) => ({ ...p, ...closed })) }),
  ],
  ['paused', snapshot({ self: self('paused') })],
  ['crashed', CRASHED],
  ['crashed-without-disk', { ...CRASHED, diskTrouble: 'refused' }],
  ['without-disk', snapshot({ diskTrouble: 'full' })],
  [
    'cut-one',
    under({}, 'joined', { peers: peers(5).map((p, i) => (i === 1 ? { ...p, ...cut } : p)) }),
  ],
  [
    'cut-three',
    under({}, 'joined', { peers: peers(5).map((p, i) => (i < 3 ? { ...p, ...cut } : p)) }),
  ],
  ['cut-off', under({}, 'isolated', { peers: peers(5).map((p) => ({ ...p, ...cut })) })],
  [
    'pulled-by-teacher',
    under({ unplugged: true }, 'unplugged', { peers: peers(5).map((p) => ({ ...p, ...closed })) }),
  ],
  ['clock-ahead', under({ clockAheadMs: 5_000 })],
  ['paused-by-teacher', under({ struck: true }, 'paused')],
  [
    'crashed-by-teacher',
    { ...CRASHED, orders: { ...NO_ORDERS, struck: true, clockAheadMs: -90_000 } },
  ],
  [
    'burdened',
    under(
      {
        clockAheadMs: 5_000,
        driftPpm: -20_000,
        slowMs: 250,
        sendOmission: 0.3,
        receiveOmission: 0.15,
      },
      'joined',
      { peers: peers(11).map((p, i) => (i % 2 === 0 ? { ...p, ...cut } : p)) },
    ),
  ],
  [
    'isolated',
    snapshot({ self: self('isolated'), peers: peers(5).map((p) => ({ ...p, ...closed })) }),
  ],
  ['ladder', snapshot({ peers: ladder })],
  ['thinking', looked(3, 170)],
  [
    'thinking-suspect',
    looked(3, 1_180, {
      verdict: 'suspect',
      state: 'suspect',
      reason: 'asked 1.2 s ago, and neither this node nor others that it asked had an answer',
      suspectedBy: ['Heron', 'Lynx'],
    }),
  ],
  [
    'thinking-dead',
    looked(3, 9_400, {
      ...closed,
      state: 'dead',
      reason: 'the server saw its connection break, and it is silent',
    }),
  ],
  ['thinking-unwatched', { ...partial(29), thinking: { id: idOf(20), workings: [] } }],
  ['partial', partial(29)],
  ['without-stun', snapshot({ peers: ladder, withoutStun: true })],
  ['server-gone', snapshot({ server: 'gone' })],
  ['many', snapshot({ peers: peers(23), self: self('joined', LONG_NAME) })],
  ['sixty', snapshot({ peers: peers(59) })],
  ['no-webrtc', snapshot({ phase: { at: 'no-webrtc' }, peers: [] })],
  ['entering', snapshot({ phase: { at: 'entering' }, server: 'connecting', peers: [] })],
  [
    'entering-no-server',
    snapshot({ phase: { at: 'entering' }, server: 'gone', peers: [], room: null }),
  ],
  ['unknown-room', refused('unknown-room', 'refused')],
  ['room-full', refused('room-full', 'refused')],
  ['room-locked', refused('room-locked', 'refused')],
  ['too-fast', refused('too-fast', 'refused')],
  ['bad-message', refused('bad-message', 'refused')],
  ['removed', refused('removed', 'out')],
  ['superseded', refused('superseded', 'out')],
  ['room-ended', refused('room-ended', 'out')],
]);

declare global {
  /** The names of the actions that the page has asked for, in order. */
  var galleryActions: string[];
}
globalThis.galleryActions = [];
const note = (name: string) => (): void => void globalThis.galleryActions.push(name);

export const studentActions: StudentActions = {
  rename: note('rename'),
  unplug: note('unplug'),
  plug: note('plug'),
  broadcast: note('broadcast'),
  lookInto: note('lookInto'),
  restart: note('restart'),
  retry: note('retry'),
  startAnew: note('startAnew'),
};
