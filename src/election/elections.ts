import {
  choiceSchema,
  MAX_TURN,
  type AlgorithmName,
  type Choice,
} from '../network/election-choice.ts';
import { groupOf, isNewer } from '../network/runs.ts';
import { SpreadingChoice } from '../network/spreading-choice.ts';
import type { RoomChoices } from '../network/room-choices.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { AnyAlgorithm } from './algorithm.ts';
import type { Election, ElectionTimer, ElectionWorld, Standing } from './election.ts';
import { electionSchemaOf, type ElectionMessage } from './messages.ts';
import { partOfStore } from './part-of-store.ts';
import { Tempo } from './tempo.ts';

/**
 * By which algorithm a mesh elects, and the one that runs. Whoever switches makes another choice; the
 * newest wins everywhere, so that messages of two runs never mix. The rules ELECT-1 to ELECT-9 stand
 * in README.md.
 *
 *     a                                        b
 *     |  use('bully'): turn 3 by a             |  naive, turn 2
 *     | ------------- choice 3 --------------> |  stops naive, starts bully
 *     | <------------ bully 3: ... ----------- |
 *     |             c, which heard nothing     |
 *     | <------------ naive 2: ... ------------|
 *     | ------------- choice 3 --------------> |
 */

/** What of a room's choices is about elections. */
export type ElectionChoices = Pick<RoomChoices, 'election' | 'electionSlowness' | 'electionVoters'>;

/** What a tab's console and its pages say of it. */
export interface ElectionState extends Standing {
  /** Null while this mesh elects nobody. */
  readonly algorithm: AlgorithmName | null;
}

/** The same for pages, with what is left of the timer that this node elects by. */
export interface ElectionPicture extends ElectionState {
  readonly algorithm: AlgorithmName;
  /** Null while it waits for nothing. Each wait has another start. */
  readonly timer: {
    readonly startedAt: Milliseconds;
    readonly leftMs: Milliseconds;
    /** Of the whole, from 1 to 0. */
    readonly share: number;
  } | null;
}

const NOBODY: Standing = { role: 'follower', leader: null, term: 0 };

const RUN_PREFIX = 'run/';

interface Running {
  readonly choice: Choice;
  readonly election: Election<unknown>;
}

export class Elections implements Protocol<ElectionMessage> {
  private readonly host: Host<ElectionMessage>;
  private readonly algorithms: ReadonlyMap<AlgorithmName, AnyAlgorithm>;
  private readonly tempo: Tempo;
  private readonly spreading: SpreadingChoice<Choice>;
  private readonly listeners = new Set<() => void>();
  private running: Running | null = null;
  private isStarted = false;
  /** What the room has chosen: it counts from the start on. */
  private offered: Choice | null = null;
  private voters: readonly NodeId[] | null = null;
  /** As it was noted last. */
  private noted: Standing = NOBODY;

  constructor(host: Host<ElectionMessage>, algorithms: readonly AnyAlgorithm[]) {
    this.host = host;
    this.algorithms = new Map(algorithms.map((algorithm) => [algorithm.name, algorithm]));
    this.tempo = new Tempo(host);
    this.spreading = new SpreadingChoice({
      host,
      schema: choiceSchema,
      adopted: (choice) => this.adopt(choice),
      accepts: ({ algorithm }) => this.algorithms.has(algorithm),
      slowness: () => this.slowness,
    });
  }

  start(): void {
    this.isStarted = true;
    const kept = this.spreading.start();
    if (kept !== null) this.run(kept);
    if (this.offered !== null) this.spreading.adopt(this.offered);
  }

  stop(): void {
    this.spreading.stop();
    this.running?.election.stop();
  }

  /** What the room has chosen. A switch that somebody made since then stays. */
  use({ election, electionSlowness, electionVoters }: ElectionChoices): void {
    this.tempo.use(electionSlowness);
    this.offered = election;
    const voters = this.voters;
    this.voters = electionVoters;
    if (!this.isStarted) return;
    if (election !== null) this.spreading.adopt(election);
    if (String(voters) !== String(electionVoters)) this.act((running) => running.votersChanged?.());
  }

  /** From now on the mesh elects by this, from the beginning: everyone who hears of it. */
  switchTo(algorithm: AlgorithmName): void {
    if (!this.algorithms.has(algorithm))
      throw new RangeError(`This node cannot elect by ${algorithm}. Choose one of ${[...this.algorithms.keys()].join(', ')}.`); // prettier-ignore
    const turn = (this.choice?.turn ?? 0) + 1;
    if (turn > MAX_TURN) throw new RangeError(`This mesh has switched ${MAX_TURN} times. Open another room.`); // prettier-ignore
    const { self: id, incarnation: life } = this.host;
    this.spreading.adopt({ algorithm, turn, by: { id, life } });
  }

  /** Before the first switch of all: see `SpreadingChoice`. False if too many wait; then it is not called. */
  whenKnown(goOn: () => void): boolean {
    return this.spreading.whenKnown(goOn);
  }

  receive(from: NodeId, message: ElectionMessage): void {
    const { type } = message;
    if (type === 'choice' || type === 'which' || type === 'none')
      return this.spreading.receive(from, message);
    const choice: Choice = { algorithm: message.type, ...message.run };
    this.spreading.hear(from, choice);
    if (isSame(choice, this.choice)) this.act((running) => running.receive(from, message.message));
  }

  neighbourUp(id: NodeId): void {
    this.spreading.neighbourUp(id);
    this.act((running) => running.neighbourUp?.(id));
  }

  neighbourDown(id: NodeId): void {
    this.spreading.neighbourDown(id);
    this.act((running) => running.neighbourDown?.(id));
  }

  resumed(gapMs: Milliseconds): void {
    this.act((running) => running.resumed?.(this.tempo.span(gapMs)));
  }

  /** Most others hold this node for dead: whatever it leads it leads no longer. */
  stepDown(): void {
    this.act((running) => running.stepDown?.());
  }

  /** `listener` is called whenever the state may have changed, from now on. */
  onChange(listener: () => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get choice(): Choice | null {
    return this.running?.choice ?? null;
  }

  /** What runs: for whoever builds upon one of the algorithms. */
  get election(): Election<unknown> | null {
    return this.running?.election ?? null;
  }

  /** How many times as slowly as usual. */
  get slowness(): number {
    return this.tempo.slowness;
  }

  state(): ElectionState {
    return { algorithm: this.choice?.algorithm ?? null, ...this.standing() };
  }

  /** By the node's own monotonic clock. */
  timer(): ElectionTimer | null {
    const timer = this.running?.election.timer() ?? null;
    if (timer === null) return null;
    return {
      startedAt: this.tempo.onNode(timer.startedAt),
      endsAt: this.tempo.onNode(timer.endsAt),
    };
  }

  /** Null while nobody is elected. */
  picture(): ElectionPicture | null {
    if (this.choice === null) return null;
    const { algorithm } = this.choice;
    const timer = this.timer();
    if (timer === null) return { algorithm, ...this.standing(), timer };
    const { startedAt, endsAt } = timer;
    const leftMs = Math.max(0, endsAt - this.host.monotonic());
    const share = leftMs / (endsAt - startedAt);
    return { algorithm, ...this.standing(), timer: { startedAt, leftMs, share } };
  }

  inspect(): Json {
    const { running } = this;
    if (running === null) return { choice: null };
    const { choice, election } = running;
    return {
      choice: { ...choice, by: { ...choice.by } },
      ...this.standing(),
      running: election.inspect(),
    };
  }

  private adopt(choice: Choice): void {
    const { host, running } = this;
    const legacy = this.legacyFor(choice);
    running?.election.stop();
    this.tempo.cancelAll();
    for (const key of host.store.keys()) if (key.startsWith(RUN_PREFIX)) host.store.delete(key);
    this.run(choice, legacy);
  }

  /** A new run of the same algorithm begins with what the one that begins it has. */
  private legacyFor({ algorithm, by }: Choice): Json {
    const { host, running } = this;
    const begins = by.id === host.self && by.life === host.incarnation;
    const goesOn = running?.choice.algorithm === algorithm;
    return (begins && goesOn && running.election.bequeath?.()) || null;
  }

  private run(choice: Choice, legacy: Json = null): void {
    const algorithm = this.algorithms.get(choice.algorithm);
    if (algorithm === undefined) return;
    const { turn, by } = choice;
    this.host.record('election', {
      algorithm: choice.algorithm,
      ...{ turn, by: by.id, life: by.life },
    });
    this.running = { choice, election: algorithm.create(this.worldOf(choice), legacy) };
    this.note(NOBODY);
    this.act((running) => running.start());
  }

  private worldOf(choice: Choice): ElectionWorld<unknown> {
    const { host, tempo } = this;
    const { algorithm: type, turn, by } = choice;
    return {
      self: host.self,
      incarnation: host.incarnation,
      choice,
      neighbours: () => host.neighbours(),
      voters: () => this.voters,
      monotonic: () => tempo.now(),
      random: () => host.random(),
      send: (to, message) => host.send(to, { type, run: { turn, by }, message }),
      after: (delayMs, callback) => tempo.after(delayMs, () => this.act(callback)),
      store: partOfStore(host.store, RUN_PREFIX),
      record: (kind, detail) => host.record(kind, detail),
    };
  }

  /** A step of what runs, if anything does; then whatever it came to hold is noted. */
  private act(step: (running: Election<unknown>) => void): void {
    if (this.running === null) return;
    step(this.running.election);
    const now = this.standing();
    const { noted } = this;
    if (now.role !== noted.role || now.leader !== noted.leader || now.term !== noted.term)
      this.note(now);
    for (const listener of this.listeners) listener();
  }

  private note(standing: Standing): void {
    const { role, leader, term } = standing;
    const { election, choice } = this.running!;
    this.noted = standing;
    if (election.notesItself) return;
    const { algorithm } = choice;
    this.host.record('role', { group: groupOf(choice), algorithm, role, term, leader });
  }

  private standing(): Standing {
    return this.running?.election.standing() ?? NOBODY;
  }
}

function isSame(a: Choice, b: Choice | null): boolean {
  return b !== null && !isNewer(a, b) && !isNewer(b, a);
}

/** With so many algorithms as are given. */
export function electionsOf(
  algorithms: readonly AnyAlgorithm[],
): ProtocolDefinition<ElectionMessage, Elections> {
  return {
    name: 'election',
    version: 2,
    schema: electionSchemaOf(algorithms),
    lane: 'datagram',
    create: (host) => new Elections(host, algorithms),
  };
}
