import type { LinkRule } from '../../src/network/link-rule.ts';
import type { NetworkChange } from '../../src/network/network-document.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import type { SomeChoices } from '../../src/network/room-choices.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import type { Refusal, Settings } from '../../src/wire/signaling-messages.ts';
import { openTeacherConsole } from './console-teacher.ts';
import { Observer } from './observer.ts';
import { Publisher } from './publisher.ts';
import { Sight, type Seen } from './sight.ts';
import type { PartitionStyle, TeacherActions, TeacherSnapshot } from './snapshots.ts';

/** What the teacher's page draws, and what it can do. */
export class TeacherSession implements TeacherActions {
  snapshot: TeacherSnapshot;
  /** What is seen from above, drawn together with the snapshot. */
  seen: Seen;
  readonly sight: Sight;

  #code: RoomCode;
  #observer: Observer;
  #publisher = new Publisher(() => {
    this.snapshot = this.#draw();
    this.seen = this.sight.look(this.snapshot);
  });

  constructor(code: RoomCode, key: string) {
    this.#code = code;
    this.#observer = new Observer({
      room: code,
      key,
      name: 'Teacher',
      changed: () => this.#publisher.soon(),
    });
    this.sight = new Sight(this.#observer);
    const first = this.#draw();
    this.snapshot = $state.raw(first);
    this.seen = $state.raw(this.sight.look(first));
  }

  start(): void {
    this.#observer.attendance.start();
    this.#publisher.start();
    openTeacherConsole(this.#observer);
  }

  stop(): void {
    this.#publisher.stop();
    void this.#observer.recording?.stop();
    this.#observer.attendance.stop();
  }

  rename(name: string): Promise<string | null> {
    return this.#change({ name });
  }

  lock(locked: boolean): Promise<string | null> {
    return this.#change({ locked });
  }

  resize(capacity: number): Promise<string | null> {
    return this.#change({ capacity });
  }

  allowGodView(godView: boolean): Promise<string | null> {
    return this.#change({ godView });
  }

  links(rules: readonly LinkRule[]): Promise<string | null> {
    return this.#lay({ do: 'links', rules: [...rules] });
  }

  partition(groups: readonly (readonly NodeId[])[], style: PartitionStyle): Promise<string | null> {
    return this.#lay({ do: 'partition', groups: groups.map((group) => [...group]), style });
  }

  heal(): Promise<string | null> {
    return this.#lay({ do: 'heal' });
  }

  condition(condition: NodeCondition): Promise<string | null> {
    return this.#lay({ do: 'node', condition });
  }

  act(act: NodeAct): Promise<string | null> {
    return this.#say(this.#observer.act(act));
  }

  choose(choices: SomeChoices): Promise<string | null> {
    return this.#lay({ do: 'choose', choices });
  }

  undo(): Promise<string | null> {
    return this.#say(this.#observer.undo());
  }

  remove(id: NodeId): Promise<string | null> {
    return this.#observer.remove(id);
  }

  end(): Promise<string | null> {
    return this.#observer.end();
  }

  exportRecording(): Promise<string | null> {
    return this.#observer.exportRecording();
  }

  retry(): void {
    void this.#observer.attendance.enter();
  }

  /** The page shows at once what was set: a switch that still shows the old state would be set to the new one again. */
  async #change(settings: Settings): Promise<string | null> {
    const problem = await this.#observer.change(settings);
    this.#publisher.atOnce();
    return problem;
  }

  #lay(change: NetworkChange): Promise<string | null> {
    return this.#say(this.#observer.changeNetwork(change));
  }

  /** What a person has just done is drawn at once. */
  async #say(refusal: Promise<Refusal | null>): Promise<string | null> {
    const said = await refusal;
    this.#publisher.atOnce();
    return said?.message ?? null;
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
      network: this.#observer.network,
      beliefs: this.#observer.beliefs(nodes),
      canUndo: this.#observer.canUndo,
      withoutStun: ice !== undefined && ice.stunPort === null && ice.servers.length === 0,
      recording: this.#observer.recording!.view(),
    };
  }

  /** The address that this page was opened under, unless only this machine knows it by that name. */
  #joinUrl(): string {
    const own = `${location.origin}/r/${this.#code}`;
    const onlyHere = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
    return onlyHere ? (this.#observer.attendance.admission?.joinUrl ?? own) : own;
  }
}
