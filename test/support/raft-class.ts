import type { StateMachine } from '../../src/election/consensus.ts';
import type { ElectionWorld } from '../../src/election/election.ts';
import { raftSchema, type RaftMessage } from '../../src/election/raft/messages.ts';
import { DEFAULT_OPTIONS, type RaftOptions } from '../../src/election/raft/options.ts';
import { Raft } from '../../src/election/raft/raft.ts';
import type { Choice } from '../../src/network/election-choice.ts';
import type { Host } from '../../src/runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../src/runtime/protocol.ts';
import { Cluster, type ClusterOptions } from '../../src/simulator/cluster.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';

/** A state machine that keeps all it was told, in order. */
export class Chronicler implements StateMachine {
  told: Json[] = [];

  apply(command: Json): Json {
    this.told.push(command);
    return this.told.length;
  }

  snapshot(): Json {
    return [...this.told];
  }

  restore(state: Json): void {
    this.told = Array.isArray(state) ? [...(state as Json[])] : [];
  }

  digest(): number {
    return this.told.length;
  }
}

/** One Raft on a node, with nothing around it. */
export class LoneRaft implements Protocol<RaftMessage> {
  raft!: Raft;
  readonly machine = new Chronicler();
  private readonly host: Host<RaftMessage>;
  private readonly founder: NodeId;
  private readonly options: RaftOptions;

  constructor(host: Host<RaftMessage>, founder: NodeId, options: RaftOptions) {
    this.host = host;
    this.founder = founder;
    this.options = options;
  }

  start(): void {
    const { host } = this;
    const by = { id: this.founder, life: 1 };
    const choice: Choice = { algorithm: 'raft', turn: 1, by };
    const world: ElectionWorld<RaftMessage> = {
      self: host.self,
      incarnation: host.incarnation,
      neighbours: () => host.neighbours(),
      monotonic: () => host.monotonic(),
      random: () => host.random(),
      send: (to, message) => host.send(to, message),
      record: (kind, detail) => host.record(kind, detail),
      after: (delayMs, callback) => host.after(delayMs, callback),
      store: host.store,
      choice,
      voters: () => null,
    };
    this.raft = new Raft(world, this.machine, null, this.options);
    this.raft.start();
  }

  stop(): void {
    this.raft.stop();
  }

  receive(from: NodeId, message: RaftMessage): void {
    this.raft.receive(from, message);
  }

  neighbourUp(): void {
    this.raft.neighbourUp();
  }

  resumed(): void {
    this.raft.resumed();
  }

  inspect(): Json {
    return this.raft.inspect();
  }
}

export type RaftClass = Cluster<LoneRaft>;

/** No group takes longer until all its nodes vote. */
const GROWN_LIMIT_MS: Milliseconds = 10_000;

/** Nodes of which the first founds the group. */
export function raftClass(
  options: Omit<ClusterOptions<LoneRaft>, 'protocols'>,
  raftOptions: Partial<RaftOptions> = {},
): RaftClass {
  let founder: NodeId | null = null;
  return new Cluster<LoneRaft>({
    maxWriteMs: 5,
    ...options,
    protocols: (node) => node.add(loneRaft((self) => (founder ??= self), raftOptions)),
  });
}

/** Who leads; there is one. */
export function leaderOf({ members }: RaftClass): RaftClass['members'][number] {
  return members.find(({ alive, protocols }) => alive && protocols.raft.isLeader())!;
}

/** So many commands to whoever leads, each committed before the next. */
export function write(group: RaftClass, count: number): void {
  for (let i = 0; i < count; i++) {
    const { node, protocols } = leaderOf(group);
    node.step(() => protocols.raft.propose(i, () => {}));
    group.time.runFor(60);
  }
}

/** Links all, and lets time pass until all vote and have committed the same. */
export function grow(group: RaftClass, lookEveryMs: Milliseconds = 50): void {
  const { time, members } = group;
  group.linkAll();
  const isGrown = () => {
    const all = members.map(({ protocols }) => protocols.raft.inspect() as unknown as Grown);
    const isEqual = all.every(({ commit }) => commit === all[0]!.commit);
    return isEqual && all.every(({ config }) => config.voters.length === members.length);
  };
  while (!isGrown()) {
    if (time.now() > GROWN_LIMIT_MS) throw new Error('the group did not grow');
    time.runFor(lookEveryMs);
  }
}

interface Grown {
  readonly config: { readonly voters: readonly unknown[] };
  readonly commit: number;
}

function loneRaft(
  founderOf: (self: NodeId) => NodeId,
  options: Partial<RaftOptions>,
): ProtocolDefinition<RaftMessage, LoneRaft> {
  return {
    name: 'election',
    version: 1,
    schema: raftSchema,
    lane: 'stream',
    create: (host) => new LoneRaft(host, founderOf(host.self), { ...DEFAULT_OPTIONS, ...options }),
  };
}
