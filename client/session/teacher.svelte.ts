import { UNTOUCHED } from '../../src/network/network-document.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import { Observer } from './observer.ts';
import { Publisher } from './publisher.ts';
import type { TeacherActions, TeacherSnapshot } from './snapshots.ts';

/** What the teacher's page draws, and what it can do. */
export class TeacherSession implements TeacherActions {
  snapshot: TeacherSnapshot;

  #code: RoomCode;
  #observer: Observer;
  #publisher = new Publisher(() => {
    this.snapshot = this.#draw();
  });

  constructor(code: RoomCode, key: string) {
    this.#code = code;
    this.#observer = new Observer(code, key, () => this.#publisher.soon());
    this.snapshot = $state.raw(this.#draw());
  }

  start(): void {
    this.#observer.attendance.start();
    this.#publisher.start();
  }

  stop(): void {
    this.#publisher.stop();
    this.#observer.attendance.stop();
  }

  rename(name: string): Promise<string | null> {
    return this.#observer.change({ name });
  }

  lock(locked: boolean): Promise<string | null> {
    return this.#observer.change({ locked });
  }

  resize(capacity: number): Promise<string | null> {
    return this.#observer.change({ capacity });
  }

  remove(id: NodeId): Promise<string | null> {
    return this.#observer.remove(id);
  }

  end(): Promise<string | null> {
    return this.#observer.end();
  }

  links = this.#notYet;
  partition = this.#notYet;
  heal = this.#notYet;
  condition = this.#notYet;
  act = this.#notYet;
  undo = this.#notYet;

  #notYet(): Promise<string | null> {
    return Promise.resolve('This page cannot change the network yet.');
  }

  retry(): void {
    void this.#observer.attendance.enter();
  }

  #draw(): TeacherSnapshot {
    const { attendance } = this.#observer;
    const nodes = this.#observer.nodes();
    const ice = attendance.admission?.ice;
    return {
      phase: attendance.phase,
      server: attendance.server,
      room: attendance.roomInfo,
      code: this.#code,
      joinUrl: this.#joinUrl(),
      nodes,
      links: this.#observer.links(nodes),
      network: UNTOUCHED,
      canUndo: false,
      withoutStun: ice !== undefined && ice.stunPort === null && ice.servers.length === 0,
    };
  }

  /** The address that this page was opened under, unless only this machine knows it by that name. */
  #joinUrl(): string {
    const own = `${location.origin}/r/${this.#code}`;
    const onlyHere = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
    return onlyHere ? (this.#observer.attendance.admission?.joinUrl ?? own) : own;
  }
}
