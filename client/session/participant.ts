import { flood, type Flood } from '../../src/gossip/flood.ts';
import { ping, type Ping } from '../../src/membership/ping.ts';
import { Node } from '../../src/runtime/node.ts';
import type { LinkState, NodeState, Rung } from '../../src/wire/link-messages.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Json, Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';
import { animalName } from '../platform/animals.ts';
import type { IdentityHolder } from '../platform/identity.ts';
import type { Link } from '../platform/link.ts';
import type { Mesh } from '../platform/mesh.ts';
import { randomUnit } from '../platform/random.ts';
import { troubleOf } from '../platform/trouble.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import { Attendance } from './attendance.ts';
import { byName } from './by-name.ts';
import type { PeerView, Verdict } from './snapshots.ts';

/** What `delivered()` remembers; a lesson's broadcasts are far fewer. */
export const MAX_DELIVERIES = 1_000;

/** A first connection that takes longer than this has failed, whatever may come later. */
const JOINING_MS: Milliseconds = 10_000;

/** Observers hear of changes this soon, in one report for all that changed meanwhile. */
const REPORT_DELAY_MS: Milliseconds = 200;

/** Round trips change all the time; observers hear of them this often. */
const REPORT_EVERY_MS: Milliseconds = 2_000;

export interface Delivery {
  readonly id: string;
  readonly from: NodeId;
  readonly payload: Json;
  /** True time, untouched by the node's own clock. */
  readonly receivedAt: Milliseconds;
}

/** Milliseconds since 1970 as the machine has them, whatever the node's clocks are made to believe. */
export function trueTime(): Milliseconds {
  return performance.timeOrigin + performance.now();
}

/** A student's tab: a node on the mesh with its protocols, without anything to look at. */
export class Participant {
  readonly attendance: Attendance;
  readonly recorder = new Recorder();
  readonly deliveries: Delivery[] = [];
  node: Node | null = null;

  #flood: Flood | null = null;
  #ping: Ping | null = null;
  #holder: IdentityHolder | null = null;
  #listeners = new Set<() => void>();
  #wake: Cancel | null = null;
  #reportSoon: Cancel | null = null;
  #reportLater: Cancel | null = null;
  #enteredAt: Milliseconds = Infinity;
  #hasBeenLinked = false;

  constructor(room: RoomCode) {
    this.attendance = new Attendance({
      room,
      kind: 'node',
      name: (holder) => this.#nameFor(holder),
      ready: (mesh, holder) => this.#live(mesh, holder),
      admitted: () => this.#admitted(),
      changed: () => this.#somethingChanged(),
    });
  }

  start(): void {
    this.attendance.start();
  }

  stop(): void {
    this.node?.stop();
    this.#wake?.();
    this.#reportSoon?.();
    this.#reportLater?.();
    this.attendance.stop();
  }

  /** `listener` is called whenever something that a page shows has changed. Called often. */
  subscribe(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  rename(name: string): void {
    this.#holder?.choose(name);
    this.attendance.present({ name });
  }

  setPlugged(plugged: boolean): void {
    if (this.attendance.self?.plugged !== plugged) this.attendance.present({ plugged });
  }

  broadcast(payload: Json): { id: string; sentAt: Milliseconds } {
    if (!this.#flood) throw new Error('This tab is not a node yet. Wait until it has joined.');
    const sentAt = trueTime();
    return { id: this.#flood.broadcast(payload).id, sentAt };
  }

  state(): NodeState {
    const { mesh, self, admission } = this.attendance;
    if (!mesh || !self || !admission) return 'joining';
    if (!self.plugged) return 'unplugged';
    const expected = this.#others().filter((member) => member.plugged);
    if (expected.length === 0 || mesh.neighbours().length > 0) return 'joined';
    const waited = this.attendance.timers.now() - this.#enteredAt;
    return this.#hasBeenLinked || waited > JOINING_MS ? 'isolated' : 'joining';
  }

  /** Every known node of the data plane but this one, by name. */
  peers(): PeerView[] {
    return this.#others()
      .map((member) => {
        const link = this.attendance.mesh?.link(member.id);
        const heard = this.#ping?.view(member.id);
        return {
          id: member.id,
          name: member.name,
          link: linkState(link),
          rung: link?.rung ?? ('waiting' satisfies Rung),
          path: link?.path ?? null,
          rttMs: link?.open ? (heard?.rttMs ?? null) : null,
          verdict: heard?.verdict ?? ((member.present ? 'alive' : 'suspect') satisfies Verdict),
          silentMs: heard?.silentMs ?? null,
          plugged: member.plugged,
          trouble: link ? troubleOf(link, member.name) : null,
        };
      })
      .sort(byName);
  }

  #others() {
    return (this.attendance.mesh?.members() ?? []).filter((member) => member.role === 'node');
  }

  #nameFor(holder: IdentityHolder): string {
    const { chosenName, givenName } = holder.identity;
    if (chosenName !== undefined) return chosenName;
    if (givenName === undefined) holder.give(animalName(new Set()));
    return holder.identity.givenName!;
  }

  /** Two animals of one name in a class would be confusing: the one that came later takes another. */
  #admitted(): void {
    this.#enteredAt = this.attendance.timers.now();
    const { self } = this.attendance;
    const taken = new Set(this.#others().map((member) => member.name));
    if (!self || !this.#holder || this.#holder.identity.chosenName !== undefined) return;
    if (!taken.has(self.name)) return;
    const name = animalName(taken);
    this.#holder.give(name);
    this.attendance.present({ name });
  }

  #live(mesh: Mesh, holder: IdentityHolder): void {
    this.#holder = holder;
    const { id, incarnation } = holder.identity;
    const node = new Node({
      self: id,
      incarnation,
      room: mesh.room,
      neighbours: () => mesh.neighbours(),
      send: (to, bytes, lane) => mesh.send(to, bytes, lane),
      monotonic: () => performance.now(),
      wallClock: () => Date.now(),
      random: randomUnit,
      wakeAt: (monotonicMs) => this.#wakeAt(monotonicMs),
      trace: this.recorder.record,
    });
    this.node = node;
    this.#flood = node.add(flood);
    this.#ping = node.add(ping);
    this.#flood.onDeliver((delivery) => {
      this.deliveries.push({ ...delivery, receivedAt: trueTime() });
      if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
      this.#changed();
    });
    mesh.start({
      frame: (from, bytes) => node.receive(from, bytes),
      up: (neighbour) => {
        this.#hasBeenLinked = true;
        node.up(neighbour);
      },
      down: (neighbour, reason) => node.down(neighbour, reason),
    });
    node.start();
    this.#keepReporting();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #wakeAt(monotonicMs: Milliseconds | null): void {
    this.#wake?.();
    this.#wake = null;
    if (monotonicMs === null) return;
    const delay = Math.max(0, monotonicMs - performance.now());
    this.#wake = this.attendance.timers.after(delay, () => this.node?.wake());
  }

  #somethingChanged(): void {
    this.#changed();
    if (!this.attendance.mesh || this.#reportSoon) return;
    this.#reportSoon = this.attendance.timers.after(REPORT_DELAY_MS, () => {
      this.#reportSoon = null;
      this.#report();
    });
  }

  #keepReporting(): void {
    this.#reportLater = this.attendance.timers.after(REPORT_EVERY_MS, () => {
      this.#report();
      this.#keepReporting();
    });
  }

  #report(): void {
    const links = this.peers().map(({ id, link, rung, path, rttMs }) => ({
      id,
      link,
      rung,
      path,
      rttMs,
    }));
    this.attendance.mesh?.report({ type: 'report', state: this.state(), links });
  }
}

function linkState(link: Link | undefined): LinkState {
  switch (link?.phase) {
    case 'open':
      return 'open';
    case 'connecting':
      return 'connecting';
    case 'expecting':
    case 'resting':
      return link.failures === 0 ? 'connecting' : 'closed';
    case 'idle':
    case undefined:
      return 'closed';
  }
}
