import { describe, expect, test, vi } from 'vitest';
import { LinkRules } from '../../../src/network/rules-document.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import type { RoomCode } from '../../../src/vocabulary.ts';
import type { Member } from '../../../src/wire/signaling-messages.ts';
import { Mesh } from '../../../client/platform/mesh.ts';
import { testNodeId } from '../../support/node-ids.ts';

vi.mock('../../../client/platform/connection.ts', async () => {
  const { Connection } = await import('../../support/memory-connection.ts');
  return { Connection };
});

/** Longer than the patience of whoever waits for a call. */
const LONG_MS = 10_000;

interface Tab {
  readonly mesh: Mesh;
  /** What its node heard of its links. */
  readonly heard: string[];
}

/** Tabs in one room, with a server between them that can be away. */
class Room {
  readonly time = new VirtualTime();
  readonly tabs: Tab[];
  readonly post = { connected: true };
  /** Signals, by what they are. */
  readonly signals: string[] = [];

  constructor(count: number, observers = 0) {
    const all = Array.from({ length: count + observers }, (_, index) => index);
    const members = all.map((index): Member => {
      const id = testNodeId(index);
      const role = index < count ? 'node' : 'observer';
      return { id, name: id, role, incarnation: 1, plugged: true, present: true };
    });
    this.tabs = members.map((self) => this.#tab(self));
    for (const { mesh } of this.tabs) mesh.takeRoster(members.filter(({ id }) => id !== mesh.self));
  }

  mesh(index: number): Mesh {
    return this.tabs[index]!.mesh;
  }

  /** This node chooses these, and nobody else. */
  choose(index: number, others: readonly number[]): void {
    const mesh = this.mesh(index);
    for (const id of mesh.contacts())
      if (others.some((other) => testNodeId(other) === id)) mesh.want(id);
      else mesh.unwant(id);
  }

  neighbours(index: number): number[] {
    const ids = this.mesh(index).neighbours();
    return this.tabs.flatMap(({ mesh }, other) => (ids.includes(mesh.self) ? [other] : []));
  }

  async runFor(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.time.runFor(10);
      // What connections carry and what meshes decide comes in tasks of their own.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
  }

  #tab(self: Member): Tab {
    const heard: string[] = [];
    const room = this;
    const mesh: Mesh = new Mesh({
      self,
      room: 'TETHER' as RoomCode,
      timers: this.time,
      post: {
        get connected() {
          return room.post.connected;
        },
        signal: ({ to, nonce, signal }) => {
          this.signals.push(signal.type);
          const target = this.tabs.find((tab) => tab.mesh.self === to)!;
          queueMicrotask(() => target.mesh.takeSignal('server', self.id, nonce, signal));
        },
      },
      changed: () => {},
    });
    mesh.start({
      frame: () => {},
      up: (id) => heard.push(`up ${id}`),
      down: (id, reason) => heard.push(`down ${id} ${reason}`),
    });
    return { mesh, heard };
  }
}

describe('links that nodes choose', () => {
  test('LINKS-1 as long as a node says nothing, everybody is linked to everybody', async () => {
    const room = new Room(3);
    await room.runFor(LONG_MS);
    expect([0, 1, 2].map((index) => room.neighbours(index))).toEqual([[1, 2], [0, 2], [0, 1]]); // prettier-ignore
  });

  test.each([
    ['the one that calls', 0, 1],
    ['the one that waits for calls', 1, 0],
  ])('LINKS-2 one end is enough: %s wants it', async (_which, one, other) => {
    const room = new Room(3);
    for (const index of [0, 1, 2]) room.choose(index, []);
    await room.runFor(LONG_MS);
    room.choose(one, [other]);
    await room.runFor(200);
    expect(room.neighbours(one)).toEqual([other]);
    expect(room.neighbours(other)).toEqual([one]);
    expect(room.neighbours(2)).toEqual([]);
  });

  test('LINKS-3 it stays while either end wants it, and closes when neither does', async () => {
    const room = new Room(2);
    for (const index of [0, 1]) room.choose(index, [0, 1]);
    await room.runFor(200);
    room.choose(0, []);
    await room.runFor(LONG_MS);
    expect(room.neighbours(0)).toEqual([1]);
    room.choose(1, []);
    await room.runFor(200);
    expect([0, 1].map((index) => room.neighbours(index))).toEqual([[], []]);
    expect(room.tabs.map(({ heard }) => heard.at(-1))).toEqual([
      `down ${testNodeId(1)} unwanted`,
      `down ${testNodeId(0)} unwanted`,
    ]);
    // Nobody has left, nothing has failed, and nobody calls again.
    expect(room.tabs.map(({ mesh }) => mesh.members().length)).toEqual([1, 1]);
    expect(room.tabs.map(({ mesh }) => mesh.counters.lost)).toEqual([{}, {}]);
    const before = room.signals.length;
    await room.runFor(LONG_MS);
    expect(room.signals.length).toBe(before);
  });

  test('LINKS-3 who changes its mind keeps it', async () => {
    const room = new Room(2);
    room.choose(0, [1]);
    room.choose(1, []);
    await room.runFor(200);
    room.choose(1, [0]);
    await room.runFor(200);
    room.choose(0, []);
    await room.runFor(LONG_MS);
    expect([0, 1].map((index) => room.neighbours(index))).toEqual([[1], [0]]);
    expect(room.tabs.map(({ heard }) => heard.length)).toEqual([1, 1]);
  });

  test('LINKS-4 a link that breaks is made again by whoever wants it', async () => {
    const room = new Room(2);
    room.choose(0, []);
    room.choose(1, [0]);
    await room.runFor(200);
    room.mesh(0).link(testNodeId(1))!.renew();
    await room.runFor(LONG_MS);
    expect(room.neighbours(0)).toEqual([1]);
  });

  test('LINKS-4 who does not want it calls nobody when it breaks', async () => {
    const room = new Room(2);
    room.choose(0, []);
    room.choose(1, [0]);
    await room.runFor(LONG_MS);
    const before = room.signals.length;
    room.mesh(1).crash();
    await room.runFor(LONG_MS);
    expect(room.mesh(0).link(testNodeId(1))).toMatchObject({ phase: 'idle' });
    expect(room.signals.length).toBe(before);
  });

  test('LINKS-5 what the node hears of its links it never hears within the call that asked', async () => {
    const room = new Room(2);
    for (const index of [0, 1]) room.choose(index, [0, 1]);
    await room.runFor(200);
    room.choose(1, []);
    await room.runFor(200);
    const { mesh, heard } = room.tabs[0]!;
    mesh.unwant(testNodeId(1));
    expect(heard).toEqual([`up ${testNodeId(1)}`]);
    await room.runFor(200);
    expect(heard.at(-1)).toBe(`down ${testNodeId(1)} unwanted`);
  });

  test('LINKS-6 observers are linked to all, whatever nodes choose', async () => {
    const room = new Room(3, 1);
    for (const index of [0, 1, 2]) room.choose(index, []);
    const { mesh: observer } = room.tabs[3]!;
    for (const { mesh } of room.tabs.slice(0, 3)) {
      mesh.takeGone(observer.self);
      mesh.takeMember(observer.selfMember());
    }
    await room.runFor(200);
    for (const index of [0, 1, 2])
      expect(room.mesh(3).link(testNodeId(index))).toMatchObject({ phase: 'open' });
  });

  test('LINKS-7 a cut is above what is wanted', async () => {
    const room = new Room(2);
    for (const index of [0, 1]) room.choose(index, [0, 1]);
    await room.runFor(200);
    const [from, to] = [testNodeId(0), testNodeId(1)];
    const cut = new LinkRules({ version: 1, rules: [{ from, to, cut: true }, { from: to, to: from, cut: true }] }); // prettier-ignore
    for (const { mesh } of room.tabs) mesh.obey(cut);
    await room.runFor(LONG_MS);
    expect(room.neighbours(0)).toEqual([]);
    expect(room.tabs.map(({ mesh }) => mesh.contacts())).toEqual([[], []]);
    for (const { mesh } of room.tabs) mesh.obey(new LinkRules({ version: 2, rules: [] }));
    await room.runFor(200);
    expect(room.neighbours(0)).toEqual([1]);
  });

  test('LINKS-8 contacts are other nodes that are plugged in, and there as far as anybody knows', async () => {
    const room = new Room(3, 1);
    const { mesh } = room.tabs[0]!;
    const contacts = () => mesh.contacts().map((id) => id);
    expect(contacts()).toEqual([1, 2].map(testNodeId));
    mesh.takeMember({ ...mesh.member(testNodeId(1))!, plugged: false });
    mesh.takeMember({ ...mesh.member(testNodeId(2))!, present: false });
    expect(contacts()).toEqual([]);
    room.post.connected = false;
    expect(contacts()).toEqual([testNodeId(2)]);
  });

  test('LINKS-9 after a crash nobody is wanted until the next life says so', async () => {
    const room = new Room(2);
    room.choose(0, [1]);
    room.choose(1, []);
    await room.runFor(200);
    const { mesh } = room.tabs[0]!;
    mesh.crash();
    mesh.revive({ ...mesh.selfMember(), incarnation: 2 });
    await room.runFor(LONG_MS);
    expect(room.neighbours(0)).toEqual([]);
    mesh.want(testNodeId(1));
    await room.runFor(LONG_MS);
    expect(room.neighbours(0)).toEqual([1]);
  });
});
