import type { Consensus, Proposed } from '../../../src/election/consensus.ts';
import { kvOver, type Kv } from '../../../src/election/kv/kv.ts';
import type { Ask } from '../../../src/election/kv/messages.ts';
import type { KvOutcome } from '../../../src/election/kv/outcome.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Json, Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { echo, type EchoProtocol } from '../../support/lone-node.ts';

/** A frame takes so long one way. */
export const DELAY_MS: Milliseconds = 10;

/** A commit takes so long. */
export const COMMIT_MS: Milliseconds = 20;

/** What becomes of what is proposed from now on. */
type Mood =
  | 'commits'
  /** It is in the log, and nobody says so. */
  | 'commits in silence'
  /** It is in the log, and its leader says that it lost its place. */
  | 'commits and says lost'
  | 'loses'
  | 'is full'
  /** Nothing comes of it, and nobody says anything. */
  | 'hangs';

/** Nodes with a log that never fails unless it is told to: one list, which the node that leads writes to. */
export class KvClass {
  readonly cluster: Cluster<Kv>;
  readonly events: TraceEvent[] = [];
  readonly log: Json[] = [];
  leader: number | null = 0;
  mood: Mood = 'commits';
  /** What each node takes for the leader, unless it is the true one. */
  readonly beliefs = new Map<number, number | null>();
  /** Nodes without a log. */
  readonly outsiders = new Set<number>();
  /** What each node keeps of its log on its disk, under another protocol's name. */
  private readonly disks = new Map<number, EchoProtocol>();

  constructor({ nodes = 4, maxWriteMs = null as number | null } = {}) {
    this.cluster = new Cluster<Kv>({
      nodes,
      seed: 1,
      protocols: (node, _, index) => {
        this.disks.set(index, node.add(echo));
        const kv = node.add(kvOver(() => this.consensus(index)));
        this.log.forEach((command, i) => kv.machine.apply(command, i + 1));
        return kv;
      },
      delay: () => DELAY_MS,
      trace: (event) => this.events.push(event),
      ...(maxWriteMs !== null && { maxWriteMs }),
    });
    this.cluster.linkAll();
  }

  get time() {
    return this.cluster.time;
  }

  id(index: number): NodeId {
    return this.cluster.members[index]!.id;
  }

  kv(index: number): Kv {
    return this.cluster.members[index]!.protocols;
  }

  /** What is asked at a node, until its outcome is told. */
  ask(index: number, what: (kv: Kv, onEnd: (outcome: KvOutcome) => void) => void): KvOutcome[] {
    const outcomes: KvOutcome[] = [];
    what(this.kv(index), (outcome) => outcomes.push(outcome));
    return outcomes;
  }

  put(index: number, key: string, value: Json): KvOutcome[] {
    return this.ask(index, (kv, onEnd) => kv.put(key, value, onEnd));
  }

  get(index: number, key: string): KvOutcome[] {
    return this.ask(index, (kv, onEnd) => kv.get(key, onEnd));
  }

  /** What of this kind is in the log. */
  logged(type: Ask['asked']['type']): Json[] {
    return this.log.filter((command) => (command as { type: string }).type === type);
  }

  /** Whom a node has asked, in order; itself not, for that needs no message. */
  askedBy(index: number): { readonly at: Milliseconds; readonly to: number }[] {
    const indexes = new Map(this.cluster.members.map(({ id }, i) => [id, i]));
    return this.events.flatMap((event) =>
      event.type === 'send' && event.node === this.id(index) && event.kind === 'ask'
        ? [{ at: event.at, to: indexes.get(event.to)! }]
        : [],
    );
  }

  private consensus(index: number): Consensus | null {
    if (this.outsiders.has(index)) return null;
    const isLeader = () => this.leader === index;
    const belief = () => (this.beliefs.has(index) ? this.beliefs.get(index)! : this.leader);
    return {
      leader: () => (belief() === null ? null : this.id(belief()!)),
      isLeader,
      propose: (command, onEnd) => this.propose(index, command, onEnd),
      read: (onEnd) => {
        if (this.mood === 'hangs') return;
        this.time.after(COMMIT_MS, () => onEnd(isLeader()));
      },
    };
  }

  private propose(leader: number, command: Json, onEnd: (end: Proposed) => void): void {
    const { mood } = this;
    if (mood === 'hangs') return;
    if (mood === 'is full') return onEnd({ ok: false, reason: 'full' });
    this.time.after(COMMIT_MS, () => {
      if (mood === 'loses') return onEnd({ ok: false, reason: 'lost' });
      const index = this.log.push(command);
      this.disks.get(leader)!.host.store.put('log', this.log);
      const answers = this.cluster.members.map(({ protocols }) =>
        protocols.machine.apply(command, index),
      );
      if (mood === 'commits and says lost') onEnd({ ok: false, reason: 'lost' });
      else if (mood === 'commits') onEnd({ ok: true, answer: answers[0]!, index });
    });
  }
}
