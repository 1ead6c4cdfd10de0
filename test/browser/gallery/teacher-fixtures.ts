import * as v from 'valibot';
import type {
  ReportedLink,
  ObservedNode,
  TeacherActions,
  TeacherSnapshot,
} from '../../../client/session/snapshots.ts';
import { someChoicesSchema } from '../../../src/network/room-choices.ts';
import { UNTOUCHED } from '../../../src/network/network-document.ts';
import { REFUSALS, type RefusalCode } from '../../../src/wire/refusals.ts';
import { ANIMALS, CODE, idOf, LONG_NAME, ROOM } from './names.ts';

export function node(index: number, change: Partial<ObservedNode> = {}): ObservedNode {
  return {
    id: idOf(index),
    name: ANIMALS[index] ?? `Node ${index}`,
    incarnation: 1,
    plugged: true,
    present: true,
    watched: true,
    state: 'joined',
    ...change,
  };
}

function link(x: ObservedNode, y: ObservedNode, change: Partial<ReportedLink> = {}): ReportedLink {
  const [a, b] = x.id < y.id ? [x, y] : [y, x];
  return {
    a: a.id,
    b: b.id,
    fromA: 'open',
    fromB: 'open',
    path: 'host',
    rttMs: 7.4,
    queuedAtA: 0,
    queuedAtB: 0,
    ...change,
  };
}

export function mesh(nodes: readonly ObservedNode[]): ReportedLink[] {
  return nodes.flatMap((a, i) => nodes.slice(i + 1).map((b) => link(a, b)));
}

export function snapshot(count: number, change: Partial<TeacherSnapshot> = {}): TeacherSnapshot {
  const nodes = Array.from({ length: count }, (_, i) => node(i));
  return {
    phase: { at: 'inside' },
    server: 'connected',
    room: { ...ROOM, capacity: Math.max(12, count) },
    code: CODE,
    joinUrl: `http://192.168.1.20:4000/r/${CODE}`,
    nodes: nodes.toSorted((a, b) => a.name.localeCompare(b.name)),
    links: mesh(nodes),
    network: UNTOUCHED,
    beliefs: new Map(),
    canUndo: false,
    withoutStun: false,
    recording: {
      events: 48_210,
      bytes: 24_900_000,
      // 12:41 before the moment of the pictures.
      since: Date.UTC(2026, 2, 2, 10, 29, 26),
      dropped: 0,
      problem: null,
    },
    ...change,
  };
}

const NONE = { path: null, rttMs: null } as const;

/** One of everything that a link and a node can be. */
function troubled(): TeacherSnapshot {
  const nodes = [
    node(0),
    node(1),
    node(2, { state: 'unplugged', plugged: false }),
    node(3, { name: LONG_NAME }),
    node(4, { state: 'paused' }),
    node(5, { state: 'isolated' }),
    node(6, { state: 'joining', present: false }),
    node(7, { state: null, watched: false }),
    node(8, { state: 'crashed' }),
  ];
  const links = mesh(nodes).map((each, i): ReportedLink => {
    const has = (index: number): boolean => each.a === idOf(index) || each.b === idOf(index);
    if (has(2) || has(5) || has(8)) return { ...each, ...NONE, fromA: 'closed', fromB: 'closed' };
    if (has(6)) return { ...each, ...NONE, fromA: 'connecting', fromB: 'connecting' };
    if (has(0) && has(1)) return { ...each, fromA: 'open', fromB: 'closed' };
    if (has(3) && has(4)) return { ...each, fromA: 'connecting', fromB: 'open' };
    if (has(1) && has(4)) return { ...each, ...NONE, fromA: 'cut', fromB: 'cut' };
    return { ...each, path: i % 4 === 0 ? 'srflx' : 'host', rttMs: 3 + ((i * 13) % 40) };
  });
  return snapshot(0, { nodes, links });
}

function refused(code: RefusalCode, at: 'refused' | 'out'): TeacherSnapshot {
  return snapshot(0, { room: null, phase: { at, code, message: REFUSALS[code] } });
}

export const PLAIN_TEACHERS: ReadonlyMap<string, TeacherSnapshot> = new Map([
  ['empty', snapshot(0)],
  ['one', snapshot(1)],
  ['two', snapshot(2)],
  ['six', snapshot(6)],
  ['troubled', troubled()],
  ['many', snapshot(24)],
  ['sixty', snapshot(60)],
  ['server-gone', snapshot(6, { server: 'gone' })],
  ['locked', snapshot(6, { room: { ...ROOM, locked: true, godView: true, name: LONG_NAME } })],
  ['entering', snapshot(0, { phase: { at: 'entering' }, server: 'connecting', room: null })],
  ['no-webrtc', snapshot(0, { phase: { at: 'no-webrtc' }, room: null })],
  ['wrong-key', refused('wrong-key', 'refused')],
  ['unknown-room', refused('unknown-room', 'refused')],
  ['too-many-observers', refused('too-many-observers', 'refused')],
  ['room-ended', refused('room-ended', 'out')],
]);

declare global {
  /** What the page has asked of the network, in order. */
  var galleryNetwork: unknown[][];
}
globalThis.galleryNetwork = [];

const agreed = (): Promise<null> => Promise.resolve(null);
const noted =
  (name: string) =>
  (...given: unknown[]): Promise<null> => {
    globalThis.galleryNetwork.push([name, ...given]);
    return Promise.resolve(null);
  };

export const teacherActions: TeacherActions = {
  links: () => Promise.resolve('The server does not answer. Nothing was changed.'),
  partition: noted('partition'),
  heal: noted('heal'),
  condition: noted('condition'),
  act: noted('act'),
  choose: (choices) => {
    void noted('choose')(choices);
    const { success, issues } = v.safeParse(someChoicesSchema, choices);
    return Promise.resolve(success ? null : issues[0].message);
  },
  undo: noted('undo'),
  rename: agreed,
  lock: agreed,
  resize: () => Promise.resolve('The server does not answer. Nothing was changed.'),
  allowGodView: agreed,
  remove: agreed,
  end: agreed,
  exportRecording: agreed,
  retry: () => {},
};
