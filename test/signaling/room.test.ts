import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../signaling/limits.ts';
import { newRoomRecord } from '../../signaling/room-record.ts';
import { Room, type Claim } from '../../signaling/room.ts';
import { MAX_ONLOOKERS, MAX_TEACHERS } from '../../src/wire/signaling-limits.ts';
import type { RoomCode } from '../../src/vocabulary.ts';
import { nodeId } from './support.ts';

const GRACE = DEFAULT_LIMITS.awayGraceMs;
const limits = { ...DEFAULT_LIMITS, acquaintances: 100, removals: 5 };

function claim(index: number, more: Partial<Claim> = {}): Claim {
  return {
    id: nodeId(index),
    secretHash: `hash-${index}`,
    name: `Otter ${index}`,
    role: 'node',
    incarnation: 1,
    plugged: true,
    key: 'none',
    ...more,
  };
}

function makeRoom(record = newRoomRecord('ACDEFG' as RoomCode, '0'.repeat(32), false, 0), now = 0) {
  const room = new Room<string>(record, limits, now);
  const enter = (index: number, more: Partial<Claim> = {}, at = now, session = `s${index}`) => {
    const wanted = claim(index, more);
    const admitted = room.admit(wanted, session, at);
    if (admitted.ok) room.welcome(admitted.seat, wanted);
    return admitted;
  };
  const tryEnter = (index: number, more: Partial<Claim> = {}, at = now) => {
    const admitted = enter(index, more, at);
    return admitted.ok ? 'ok' : admitted.refusal;
  };
  return { room, enter, tryEnter };
}

/** What a restart makes of a room: the record is all that is left. */
function restart(room: Room<string>, now: number) {
  return makeRoom(structuredClone(room.record()), now);
}

function seatOf(admitted: ReturnType<Room<string>['admit']>) {
  if (!admitted.ok) throw new Error(admitted.refusal);
  return admitted.seat;
}

test('SIG-1 capacity counts nodes, also those away, and not observers', () => {
  const { room, enter, tryEnter } = makeRoom();
  room.set({ capacity: 2 });
  expect(tryEnter(1, { role: 'observer', key: 'right' })).toBe('ok');
  expect(tryEnter(2)).toBe('ok');
  room.lose(seatOf(enter(3)), 0);
  expect(tryEnter(4)).toBe('room-full');
  expect(tryEnter(3)).toBe('ok');
});

test('SIG-2 observers need the teacher’s key unless all may look from above, and there is a limit of them', () => {
  const { tryEnter } = makeRoom();
  expect(tryEnter(1, { role: 'observer' })).toBe('god-view-off');
  expect(tryEnter(1, { role: 'observer', key: 'wrong' })).toBe('wrong-key');
  for (let i = 0; i < MAX_TEACHERS; i++)
    expect(tryEnter(i, { role: 'observer', key: 'right' })).toBe('ok');
  expect(tryEnter(99, { role: 'observer', key: 'right' })).toBe('too-many-observers');
});

test('SIG-2 an observer who is away makes way for the next', () => {
  const { room, enter, tryEnter } = makeRoom();
  const observer = { role: 'observer', key: 'right' } as const;
  const seats = Array.from({ length: MAX_TEACHERS }, (_, i) => seatOf(enter(i, observer)));
  room.lose(seats[1]!, 0);
  expect(enter(9, observer)).toMatchObject({ ok: true, displaced: nodeId(1) });
  expect(room.count('observer')).toBe(MAX_TEACHERS);
  expect(tryEnter(10, observer)).toBe('too-many-observers');
});

const onlooker = { role: 'observer' } as const;
const teacher = { role: 'observer', key: 'right' } as const;

test('SIG-15 with the teacher’s leave anyone may look from above, on seats of their own', () => {
  const { room, enter, tryEnter } = makeRoom();
  room.set({ godView: true });
  for (let i = 0; i < MAX_ONLOOKERS; i++) expect(tryEnter(i, onlooker)).toBe('ok');
  expect(tryEnter(90, onlooker)).toBe('too-many-observers');
  for (let i = 0; i < MAX_TEACHERS; i++) expect(tryEnter(50 + i, teacher)).toBe('ok');
  expect(tryEnter(91, teacher)).toBe('too-many-observers');
  // An onlooker that is away makes way for onlookers, not for teachers.
  room.lose(seatOf(enter(3, onlooker)), 0);
  expect(tryEnter(91, teacher)).toBe('too-many-observers');
  expect(enter(92, onlooker)).toMatchObject({ ok: true, displaced: nodeId(3) });
  expect(room.countPresent('observer', 'onlooker')).toBe(MAX_TEACHERS + MAX_ONLOOKERS);
  expect(room.count('node')).toBe(0);
});

test('SIG-15 one who comes back with the key is no onlooker any longer, and the other way round', () => {
  const { room, tryEnter } = makeRoom();
  room.set({ godView: true });
  expect(tryEnter(1, onlooker)).toBe('ok');
  expect(tryEnter(1, teacher)).toBe('ok');
  expect([room.count('observer'), room.count('onlooker')]).toEqual([1, 0]);
  expect(tryEnter(1, onlooker)).toBe('ok');
  expect([room.count('observer'), room.count('onlooker')]).toEqual([0, 1]);
});

test('SIG-15 once it is not allowed any longer, only onlookers go', () => {
  const { room, tryEnter } = makeRoom();
  room.set({ godView: true });
  tryEnter(1, onlooker);
  tryEnter(2, teacher);
  tryEnter(3);
  expect(room.dismissOnlookers()).toEqual([]);
  room.set({ godView: false });
  expect(room.dismissOnlookers().map(({ id }) => id)).toEqual([nodeId(1)]);
  expect(room.members().map(({ id }) => id)).toEqual([nodeId(2), nodeId(3)]);
  expect(tryEnter(1, onlooker)).toBe('god-view-off');
});

test('SIG-15 a restart keeps the leave and who is an onlooker; a lock keeps new ones out', () => {
  const before = makeRoom();
  before.room.set({ godView: true });
  before.tryEnter(1, onlooker);
  const { room, tryEnter } = restart(before.room, 0);
  expect([room.info().godView, room.count('onlooker')]).toEqual([true, 1]);
  room.set({ locked: true });
  expect(tryEnter(1, onlooker)).toBe('ok');
  expect(tryEnter(2, onlooker)).toBe('room-locked');
});

test('SIG-3 an id belongs to its secret while it has a seat', () => {
  const { room, enter, tryEnter } = makeRoom();
  const seat = seatOf(enter(1));
  expect(tryEnter(1, { secretHash: 'other' })).toBe('id-taken');
  room.lose(seat, 0);
  expect(tryEnter(1, { secretHash: 'other' })).toBe('id-taken');
  room.leave(seat);
  expect(tryEnter(1, { secretHash: 'other' })).toBe('ok');
});

test('SIG-4 the same secret takes the seat over, and the older session is named unless it is the same', () => {
  const { enter } = makeRoom();
  enter(1, {}, 0, 'old');
  expect(enter(1, {}, 0, 'new')).toMatchObject({ ok: true, superseded: 'old', unsaved: false });
  expect(enter(1, {}, 0, 'new')).toMatchObject({ ok: true, superseded: undefined });
});

test('SIG-5 a member whose socket is lost stays, not present, until the grace has passed', () => {
  const { room, enter } = makeRoom();
  const seat = seatOf(enter(1));
  expect(room.lose(seat, 1_000)).toMatchObject({ present: false });
  expect(room.expire(1_000 + GRACE - 1)).toEqual([]);
  expect(room.members()).toHaveLength(1);
  expect(room.expire(1_000 + GRACE)).toEqual([seat]);
  expect(room.members()).toEqual([]);
});

test('SIG-6 a lock keeps strangers out, not those who were let in before, nor the teacher', () => {
  const { room, enter, tryEnter } = makeRoom();
  room.leave(seatOf(enter(1)));
  room.set({ locked: true });
  expect(tryEnter(1)).toBe('ok');
  expect(tryEnter(1, { secretHash: 'other' })).toBe('id-taken');
  expect(tryEnter(2)).toBe('room-locked');
  expect(tryEnter(3, { role: 'observer', key: 'right' })).toBe('ok');
});

test('SIG-7 after a restart lock and capacity keep out nobody who was in', () => {
  const before = makeRoom();
  before.room.set({ capacity: 2 });
  before.enter(1);
  before.enter(2);
  before.room.set({ locked: true });
  const { room, tryEnter } = restart(before.room, 5_000);
  expect(room.members()).toEqual([]);
  expect(tryEnter(3)).toBe('room-locked');
  room.set({ locked: false });
  expect(tryEnter(3)).toBe('room-full');
  expect(tryEnter(1, { secretHash: 'other' })).toBe('id-taken');
  expect([tryEnter(1), tryEnter(2)]).toEqual(['ok', 'ok']);
  expect(room.members()).toHaveLength(2);
});

test('SIG-7 a seat kept over a restart is free after the grace', () => {
  const before = makeRoom();
  before.room.set({ capacity: 1 });
  before.enter(1);
  const { room, tryEnter } = restart(before.room, 5_000);
  expect(room.expire(5_000 + GRACE)).toHaveLength(1);
  expect(tryEnter(2)).toBe('ok');
});

test('SIG-8 a removed id stays out, over a restart too, and the list is bounded', () => {
  const { room, enter, tryEnter } = makeRoom();
  enter(1);
  expect(room.remove(nodeId(1))?.session).toBe('s1');
  expect(room.remove(nodeId(1))).toBeUndefined();
  expect(tryEnter(1)).toBe('removed');
  expect(restart(room, 0).tryEnter(1)).toBe('removed');
  for (let i = 2; i <= 1 + limits.removals; i++) {
    enter(i);
    room.remove(nodeId(i));
  }
  expect(room.record().removed).toHaveLength(limits.removals);
  expect(tryEnter(1)).toBe('ok');
});

test('SIG-9 an ended room lets nobody in and names those who were', () => {
  const { room, enter, tryEnter } = makeRoom();
  enter(1);
  expect(room.end()).toEqual(['s1']);
  expect(tryEnter(1)).toBe('room-ended');
  expect(restart(room, 0).tryEnter(2)).toBe('room-ended');
});

test('SIG-10 who was ever let in is remembered up to a limit, and those with a seat always', () => {
  const { room, enter } = makeRoom();
  enter(0);
  for (let i = 1; i < 3 * limits.acquaintances; i++) room.leave(seatOf(enter(i)));
  const { known } = room.record();
  expect(known).toHaveLength(limits.acquaintances);
  expect(known[0]).toEqual({ id: nodeId(0), secretHash: 'hash-0', seatedAs: 'node' });
});

test('SIG-11 what a return changes needs no write: only a new seat does, or the first use in an hour', () => {
  const { enter } = makeRoom();
  const unsaved = (at: number, more = {}) => {
    const admitted = enter(1, more, at);
    return admitted.ok && admitted.unsaved;
  };
  expect(unsaved(0)).toBe(true);
  expect(unsaved(1, { incarnation: 2 })).toBe(false);
  expect(unsaved(2 + limits.noteUseEveryMs)).toBe(true);
});

function pair() {
  const { room, enter } = makeRoom();
  const [low, high] = [seatOf(enter(1)), seatOf(enter(2))];
  return { room, low, high };
}

test('SIG-20 an offer begins an attempt; answers and candidates of another are stale', () => {
  const { room, low, high } = pair();
  expect(room.route(low, high.id, 'n1', 'offer')).toBe('s2');
  expect(room.route(high, low.id, 'n1', 'answer')).toBe('s1');
  expect(room.route(low, high.id, 'n2', 'offer')).toBe('s2');
  expect(room.route(high, low.id, 'n1', 'answer')).toBe('stale-nonce');
  expect(room.route(low, high.id, 'n1', 'candidate')).toBe('stale-nonce');
  expect(room.route(high, low.id, 'n2', 'candidate')).toBe('s1');
});

test('SIG-21 a pair without a record lets all pass, for its attempt may have begun through a peer', () => {
  const { room, low, high } = pair();
  expect(room.route(high, low.id, 'n9', 'answer')).toBe('s1');
  room.route(low, high.id, 'n1', 'offer');
  room.lose(high, 0);
  const back = room.admit(claim(2), 's2b', 0);
  expect(back.ok).toBe(true);
  expect(room.route(low, high.id, 'n7', 'candidate')).toBe('s2b');
});

test('SIG-22 a knock passes and makes nothing stale, so that one that crosses an offer does no harm', () => {
  const { room, low, high } = pair();
  room.route(low, high.id, 'n1', 'offer');
  expect(room.route(high, low.id, 'k1', 'knock')).toBe('s1');
  expect(room.route(high, low.id, 'n1', 'answer')).toBe('s1');
});

test('SIG-23 nobody is there: unknown, away, or oneself', () => {
  const { room, low, high } = pair();
  expect(room.route(low, nodeId(77), 'n', 'offer')).toBe('unknown-node');
  expect(room.route(low, low.id, 'n', 'offer')).toBe('unknown-node');
  room.lose(high, 0);
  expect(room.route(low, high.id, 'n', 'offer')).toBe('unknown-node');
});

test('SIG-24 attempts are forgotten with their members', () => {
  const { room, enter } = makeRoom();
  room.set({ capacity: 60 });
  const seats = Array.from({ length: 30 }, (_, i) => seatOf(enter(i)));
  for (const a of seats)
    for (const b of seats)
      for (const nonce of ['1', '2', '3']) if (a !== b) room.route(a, b.id, nonce, 'offer');
  expect(room.countAttempts()).toBe((30 * 29) / 2);
  for (const seat of seats.slice(1)) room.leave(seat);
  expect(room.countAttempts()).toBe(0);
});
