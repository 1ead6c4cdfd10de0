import type { Working } from '../../src/membership/detectors/detector.ts';
import type { MemberView } from '../../src/membership/verdict.ts';
import { MAX_PAUSE_MS } from '../../src/network/node-condition.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { NetworkDocument } from '../../src/network/network-document.ts';
import { DEFAULT_CHOICES, type RoomChoices } from '../../src/network/room-choices.ts';
import { RelayTransport } from '../../src/network/relay-transport.ts';
import { RuledTransport } from '../../src/network/ruled-transport.ts';
import {
  addBoard,
  addElections,
  addProgram,
  addRegisters,
  addRequests,
  choose,
  type Ground,
  type Program,
} from '../../src/program/program.ts';
import type { addThreeRegisters, ThreeRegisters } from '../../src/program/registers.ts';
import type { addVoting, Voting } from '../../src/program/voting.ts';
import type { Elections } from '../../src/election/elections.ts';
import type { Board } from '../../src/merge/board.ts';
import type { requests } from '../../src/requests/requests.ts';
import type { Node } from '../../src/runtime/node.ts';
import { Random } from '../../src/simulator/random.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Json, Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';
import type { NodeState, Watch } from '../../src/wire/link-messages.ts';
import { takeDisk } from '../platform/disk/disk-shelf.ts';
import type { Fetched } from '../platform/fetch-bytes.ts';
import type { IdentityHolder } from '../platform/identity.ts';
import type { Mesh } from '../platform/mesh.ts';
import { randomHex } from '../platform/random.ts';
import { trueTime } from '../platform/true-time.ts';
import { anotherName, nameOf } from './animal-names.ts';
import { Attendance } from './attendance.ts';
import type { BoardParts } from './board-engines.ts';
import { byName } from './by-name.ts';
import { Lives } from './lives.ts';
import { Obedience } from './obedience.ts';
import { viewPeer } from './peer-view.ts';
import { reportOf } from './report.ts';
import { Reporter } from './reporter.ts';
import type { PeerView } from './snapshots.ts';
import { TabPart, type TabPartOptions } from './tab-part.ts';
import type { Telemetry } from './telemetry.ts';

/** What `delivered()` remembers; a lesson's broadcasts are far fewer. */
export const MAX_DELIVERIES = 1_000;

/** A first connection that takes longer than this has failed, whatever may come later. */
const JOINING_MS: Milliseconds = 10_000;

/** By then the tab has joined, and the disks of tabs that are gone can be looked through. */
const TIDY_AFTER_MS: Milliseconds = 15_000;

/** Whoever hears one of these and lacks it lacks the registers. */
const REGISTER_PROTOCOLS = ['registers', 'quorum', 'ap'];

const NOT_YET = 'This tab is not a node yet. Wait until it has joined.';

/** What can be asked of a board, by name. */
export type BoardCalls = Record<string, (...args: unknown[]) => unknown>;

export interface Delivery {
  readonly id: string;
  readonly from: NodeId;
  readonly payload: Json;
  /** True time, untouched by the node's own clock. */
  readonly receivedAt: Milliseconds;
}

/** A student's tab: a node on the mesh with its protocols, without anything to look at. */
export class Participant {
  readonly attendance: Attendance;
  readonly recorder = new Recorder();
  readonly deliveries: Delivery[] = [];
  /** How much of its largest engine is here, while the board is fetched. */
  boardFetch: Fetched | null = null;
  lives: Lives<Program> | null = null;
  /** The mesh, under the teacher's network. */
  transport: RuledTransport | null = null;
  obedience: Obedience | null = null;

  /** Fetched when the room first calls somebody. */
  #requests: TabPart<typeof requests>;
  /** Fetched when the page or the console asks for it, or a neighbour speaks of it. */
  #board: TabPart<BoardParts>;
  /** Fetched when the console or the room chooses an algorithm, or a neighbour speaks of it. */
  #elections: TabPart<typeof addVoting>;
  /** The same, and one of them stands on the log of whoever is elected. */
  #registers: TabPart<typeof addThreeRegisters>;
  #holder: IdentityHolder | null = null;
  #listeners = new Set<() => void>();
  #reporter: Reporter;
  /** Fetched when somebody watches: until then a tab has other things to load. */
  #telemetry: Promise<Telemetry> | null = null;
  #enteredAt: Milliseconds = Infinity;
  #hasBeenLinked = false;
  /** Whom its node could be linked to, as its overlay was told last. */
  #contacts = '';
  /** Where the student has left the plug. */
  #ownPlug = true;

  constructor(room: RoomCode) {
    this.attendance = new Attendance({
      room,
      kind: 'node',
      name: nameOf,
      ready: (mesh, holder) => this.#live(mesh, holder),
      admitted: () => this.#admitted(),
      network: (document) => this.takeNetwork(document),
      lostSight: (id) => this.#tell(({ membership }) => membership.witnessedGone(id)),
      leaving: () => this.#tell(({ membership }) => membership.leave()),
      act: (act) => (this.obedience ? this.obedience.act(act) : NOT_YET),
      changed: () => this.#somethingChanged(),
      telemetry: { watched: (by, watch) => void this.#watched(by, watch) },
    });
    const { timers } = this.attendance;
    this.#requests = this.#part(
      async () => (await import('../../src/requests/requests.ts')).requests,
      (parts, node, program) => this.#chosen(addRequests(node, program, parts)),
    );
    this.#board = this.#part(
      () => this.#fetchBoard(),
      (parts, node, program) =>
        parts.tellTallies(addBoard(node, program, parts.definition), node, timers),
    );
    this.#elections = this.#part(
      async () => (await import('../../src/program/voting.ts')).addVoting,
      (parts, node, program) =>
        this.#chosen(addElections(node, program, parts).elections).onChange(() => this.#changed()),
    );
    this.#registers = this.#part(
      async () => {
        await this.#elections.fetch();
        return (await import('../../src/program/registers.ts')).addThreeRegisters;
      },
      (parts, node, program) => this.#chosen(addRegisters(node, program, parts)),
    );
    this.#reporter = new Reporter(timers, () => this.#report());
  }

  get node(): Node | null {
    return this.lives?.node ?? null;
  }

  start(): void {
    this.attendance.start();
  }

  stop(): void {
    this.lives?.stop();
    this.#reporter.stop();
    void this.#telemetry?.then((telemetry) => telemetry.stop());
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

  /** It counts while the teacher leaves the plug alone. */
  setPlugged(plugged: boolean): void {
    this.#ownPlug = plugged;
    this.#plug();
  }

  /** What the teacher lays upon the room, in place of an older document. */
  takeNetwork(document: NetworkDocument): void {
    this.obedience?.take(document);
    this.#somethingChanged();
  }

  broadcast(payload: Json): { id: string; sentAt: Milliseconds } {
    const { node, protocols } = this.#living();
    const sentAt = trueTime();
    return { id: node.step(() => protocols.gossip.broadcast(payload)).id, sentAt };
  }

  /** That of the present life; null until this tab takes part in it. */
  get board(): Board | null {
    return this.lives?.protocols?.board ?? null;
  }

  /** In a sentence, why this tab's board lacks an engine; null if it has all, or none yet. */
  get boardLacks(): string | null {
    return this.#board.parts?.lacks ?? null;
  }

  /** From now on this tab takes part. Rejects if the server does not answer, or no node lives. */
  async openBoard(): Promise<Board> {
    await this.#board.fetch();
    return this.#living().protocols.board!;
  }

  /** One of the calls of `BoardConsole`; a promise, if the board has to be fetched first. */
  callBoard(name: string, args: unknown[]): unknown {
    const { node, protocols } = this.#living();
    const { parts } = this.#board;
    if (!parts) return this.openBoard().then(() => this.callBoard(name, args));
    const calls = parts.consoleOf(protocols.board!, this.nameOf) as unknown as BoardCalls;
    return node.step(() => calls[name]!(...args));
  }

  /** Those of the present life; null until this tab takes part in any. */
  get elections(): Elections | null {
    return this.lives?.protocols?.electorate?.elections ?? null;
  }

  /** What is fetched for elections, of the present life. Rejects if the server does not answer, or no node lives. */
  async electorate(): Promise<Voting> {
    await this.#elections.fetch();
    return this.#living().protocols.electorate!;
  }

  /** The same of registers. */
  async registers(): Promise<ThreeRegisters> {
    await this.#registers.fetch();
    return this.#living().protocols.registers!;
  }

  pause(ms: Milliseconds): void {
    if (!(ms > 0 && ms <= MAX_PAUSE_MS))
      throw new RangeError(`A pause lasts up to ${MAX_PAUSE_MS} ms, not ${ms}.`);
    this.#ownWill().pause(ms);
  }

  crash(): void {
    this.#ownWill().crash();
  }

  restart(keepDisk: boolean): Promise<void> {
    return this.#born().restart(keepDisk);
  }

  /** What is left of a commanded pause. */
  pausedForMs(): Milliseconds | null {
    const resumesAt = this.lives?.resumesAt ?? null;
    return resumesAt === null ? null : Math.max(0, resumesAt - this.attendance.timers.now());
  }

  state(): NodeState {
    const { mesh, self, admission } = this.attendance;
    const { lives } = this;
    if (lives?.state === 'paused' || lives?.state === 'crashed') return lives.state;
    if (!mesh || !self || !admission || lives?.state !== 'up') return 'joining';
    if (!self.plugged) return 'unplugged';
    const expected = this.#others().filter((member) => member.plugged);
    if (expected.length === 0 || mesh.neighbours().length > 0) return 'joined';
    if (expected.every(({ id }) => mesh.isCut(id))) return 'isolated';
    const waited = this.attendance.timers.now() - this.#enteredAt;
    return this.#hasBeenLinked || waited > JOINING_MS ? 'isolated' : 'joining';
  }

  /** Every known node of the data plane but this one, by name. */
  peers(): PeerView[] {
    const membership = this.lives?.protocols?.membership;
    const { mesh } = this.attendance;
    return this.#others()
      .map((member) => {
        const { id } = member;
        const cut = mesh?.cutsWayTo(id) ?? false;
        return viewPeer(member, mesh?.link(id), cut, membership?.view(id), this.nameOf);
      })
      .sort(byName);
  }

  /** Every node that this one has ever heard of in its present life, this one not among them. */
  members(): readonly MemberView[] {
    return this.lives?.protocols?.membership.members() ?? [];
  }

  /** How the failure detectors see a peer, the one that counts first. */
  workings(id: NodeId): readonly Working[] {
    return this.lives?.protocols?.membership.workings(id) ?? [];
  }

  #plug(): void {
    const plugged = this.#ownPlug && this.obedience?.condition.unplugged !== true;
    if (this.attendance.self?.plugged !== plugged) this.attendance.present({ plugged });
  }

  readonly nameOf = (id: NodeId): string => {
    const { mesh } = this.attendance;
    return (id === mesh?.self ? mesh.selfMember() : mesh?.member(id))?.name ?? id;
  };

  get #choices(): RoomChoices {
    return this.obedience?.document.choices ?? DEFAULT_CHOICES;
  }

  #others() {
    return (this.attendance.mesh?.members() ?? []).filter((member) => member.role === 'node');
  }

  #admitted(): void {
    this.#enteredAt = this.attendance.timers.now();
    const { self } = this.attendance;
    if (!self || !this.#holder) return;
    const taken = new Set(this.#others().map((member) => member.name));
    const name = anotherName(this.#holder, self.name, taken);
    if (name !== null) this.attendance.present({ name });
  }

  /** The node, for what needs one that runs. */
  #living(): { readonly node: Node; readonly protocols: Program } {
    const { state, node, protocols } = this.lives ?? {};
    if (state === 'crashed') throw new Error('This node has crashed. Restart it first.');
    if (!node || !protocols) throw new Error(NOT_YET);
    return { node, protocols };
  }

  /** What comes now is not the teacher's doing. */
  #ownWill(): Lives<Program> {
    const lives = this.#born();
    if (this.obedience) this.obedience.struck = false;
    return lives;
  }

  #born(): Lives<Program> {
    if (!this.lives || this.lives.state === 'starting') throw new Error(NOT_YET);
    return this.lives;
  }

  #live(mesh: Mesh, holder: IdentityHolder): void {
    const { timers } = this.attendance;
    this.#holder = holder;
    const transport = new RuledTransport(mesh, timers, new Random(randomHex(16)));
    const relay = new RelayTransport(transport);
    this.transport = transport;
    this.lives = new Lives<Program>({
      room: mesh.room,
      transport: relay,
      timers,
      openDisk: (lost) => takeDisk(mesh.room, holder.identity.id, timers, lost),
      incarnation: () => holder.identity.incarnation,
      protocols: (node) => this.#program(node, { links: mesh, relay }),
      // Others are at it, or this node was before its page was reloaded.
      lacks: (protocol) => {
        if (protocol === 'board') this.#board.seek();
        if (protocol === 'election') this.#elections.seek();
        if (REGISTER_PROTOCOLS.includes(protocol)) this.#registers.seek();
      },
      begun: (node) => this.obedience?.begun(node),
      ended: () => {
        this.deliveries.length = 0;
        mesh.crash();
      },
      renew: () => {
        this.#hasBeenLinked = false;
        this.attendance.renew();
      },
      trace: this.recorder.record,
      changed: () => this.#somethingChanged(),
    });
    this.obedience = new Obedience({
      transport,
      mesh,
      lives: this.lives,
      plug: () => this.#plug(),
      choose: (choices) => {
        relay.use(choices.relay);
        if (choices.service !== null) this.#requests.seek();
        if (choices.election !== null) this.#elections.seek();
        if (choices.registers !== null) this.#registers.seek();
        this.#tell((program) => choose(program, choices));
      },
      edit: (deeds) => this.#editAsTold(deeds),
      nameOf: this.nameOf,
    });
    void this.lives.start();
    this.#reporter.start();
    timers.after(TIDY_AFTER_MS, () => void this.#tidyShelf());
  }

  #program(node: Node, ground: Ground): Program {
    const program = addProgram(node, ground);
    for (const part of [this.#requests, this.#board, this.#elections, this.#registers])
      part.addTo(node, program);
    choose(program, this.#choices);
    program.gossip.onDeliver(({ id, from, payload }) => {
      this.deliveries.push({ id, from, payload, receivedAt: trueTime() });
      if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
      this.#changed();
    });
    program.membership.onVerdict(() => this.#somethingChanged());
    return program;
  }

  async #fetchBoard(): Promise<BoardParts> {
    try {
      const { fetchEngines } = await import('./board-engines.ts');
      return await fetchEngines(this.attendance.timers, (progress) => {
        this.boardFetch = progress;
        this.#changed();
      });
    } finally {
      this.boardFetch = null;
    }
  }

  #part<Parts>(
    load: TabPartOptions<Parts>['load'],
    add: TabPartOptions<Parts>['add'],
  ): TabPart<Parts> {
    return new TabPart<Parts>({
      timers: this.attendance.timers,
      lives: () => this.lives,
      load,
      add,
      changed: () => this.#changed(),
    });
  }

  /** What comes late works as the room has chosen, too. */
  #chosen<P extends { use(choices: RoomChoices): void }>(protocol: P): P {
    this.node?.told(() => protocol.use(this.#choices));
    return protocol;
  }

  /** Answers when all are acknowledged: null, or why not, and then the rest was not done. */
  #editAsTold(deeds: readonly unknown[]): string | Promise<string | null> {
    const { node, protocols } = this.lives ?? {};
    if (!node || !protocols) return NOT_YET;
    const { parts } = this.#board;
    if (parts) return parts.editAll(node, protocols.board!, deeds);
    this.#board.seek();
    return 'This tab is still fetching its board.';
  }

  async #tidyShelf(): Promise<void> {
    const fetched = await import('../platform/disk/tidy-shelf.ts').catch(() => null);
    // Without a server some other tab will do it.
    await fetched?.tidyShelf(this.attendance.timers);
  }

  async #watched(by: NodeId, watch: Watch): Promise<void> {
    this.#telemetry ??= import('./telemetry.ts').then(({ telemetryOf }) =>
      telemetryOf(this.attendance, this.recorder),
    );
    try {
      (await this.#telemetry).watched(by, watch);
    } catch {
      // It could not be fetched, nor had been before: whoever watches asks again.
      this.#telemetry = null;
    }
  }

  /** The world has news for the node, if it lives. */
  #tell(act: (program: Program) => void): void {
    const { node, protocols } = this.lives ?? {};
    if (node && protocols) node.told(() => act(protocols));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #somethingChanged(): void {
    this.#hasBeenLinked ||= (this.attendance.mesh?.neighbours().length ?? 0) > 0;
    this.#reviewContacts();
    this.#changed();
    if (this.attendance.mesh) this.#reporter.changed();
  }

  #reviewContacts(): void {
    const contacts = (this.attendance.mesh?.contacts() ?? []).join(' ');
    if (contacts === this.#contacts) return;
    this.#contacts = contacts;
    this.#tell(({ overlay }) => overlay.contactsChanged());
  }

  #report(): void {
    if (!this.transport) return;
    this.attendance.mesh?.report(reportOf(this.state(), this.peers(), this.transport));
  }
}
