import { countInLife } from '../../src/clocks/tick.ts';
import type { Json, NodeId } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import { trueTime } from '../platform/true-time.ts';
import { byName } from './by-name.ts';
import { otherClocks } from './other-clocks.ts';
import type { Obedience } from './obedience.ts';
import type { Participant } from './participant.ts';
import { NODE_SHARE, Publisher } from './publisher.ts';
import type {
  ClocksView,
  OrdersView,
  StudentActions,
  StudentSnapshot,
  ThinkingView,
} from './snapshots.ts';

/** The newest broadcasts, on the page. */
const SHOWN_DELIVERIES = 50;

/** What a student's page draws, and what it can do. The node itself was there before the page. */
export class StudentSession implements StudentActions {
  snapshot: StudentSnapshot;

  #participant: Participant;
  #publisher = new Publisher(() => {
    this.snapshot = this.#draw();
  }, NODE_SHARE);
  #unsubscribe: Cancel | null = null;
  #lookedInto: NodeId | null = null;

  constructor(participant: Participant) {
    this.#participant = participant;
    this.snapshot = $state.raw(this.#draw());
  }

  start(): void {
    this.#unsubscribe = this.#participant.subscribe(() => this.#publisher.soon());
    this.#publisher.start();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#publisher.stop();
  }

  rename(name: string): void {
    this.#participant.rename(name);
    this.#publisher.atOnce();
  }

  unplug(): void {
    this.#participant.setPlugged(false);
    this.#publisher.atOnce();
  }

  plug(): void {
    this.#participant.setPlugged(true);
    this.#publisher.atOnce();
  }

  broadcast(payload: Json): void {
    this.#participant.broadcast(payload);
    this.#publisher.atOnce();
  }

  lookInto(id: NodeId | null): void {
    this.#lookedInto = id;
    this.#publisher.atOnce();
  }

  restart(keepDisk: boolean): void {
    void this.#participant.restart(keepDisk);
  }

  retry(): void {
    void this.#participant.attendance.enter();
  }

  startAnew(): void {
    this.#participant.attendance.startAnew();
  }

  #draw(): StudentSnapshot {
    const participant = this.#participant;
    const { attendance } = participant;
    const { self, admission } = attendance;
    const names = new Map<NodeId, string>(
      attendance.mesh?.members().map(({ id, name }) => [id, name]),
    );
    if (self) names.set(self.id, self.name);
    const ice = admission?.ice;
    const peers = participant.peers();
    const disk = participant.lives?.disk;
    return {
      phase: attendance.phase,
      server: attendance.server,
      room: attendance.roomInfo,
      self: {
        id: self?.id ?? ('' as NodeId),
        name: self?.name ?? '',
        incarnation: self?.incarnation ?? 1,
        state: participant.state(),
        plugged: self?.plugged ?? true,
        pausedForMs: participant.pausedForMs(),
      },
      orders: ordersOf(participant.obedience),
      peers,
      choices: attendance.document.choices,
      election: participant.elections?.picture() ?? null,
      thinking: this.#thinking(),
      otherClocks: otherClocks(peers, participant.lives?.protocols?.timeSync ?? null),
      clocks: this.#clocks(names),
      deliveries: participant.deliveries.slice(-SHOWN_DELIVERIES).map((delivery) => ({
        ...delivery,
        fromName: names.get(delivery.from) ?? delivery.from,
      })),
      withoutStun: ice !== undefined && ice.stunPort === null && ice.servers.length === 0,
      diskTrouble: disk?.state === 'none' ? disk.trouble : null,
    };
  }

  #thinking(): ThinkingView | null {
    const id = this.#lookedInto;
    return id === null ? null : { id, workings: this.#participant.workings(id) };
  }

  #clocks(names: ReadonlyMap<NodeId, string>): ClocksView {
    const { lives, node } = this.#participant;
    if (!lives || !node) {
      const [wall, monotonic] = [lives?.wall.now() ?? trueTime(), lives?.monotonic.now() ?? 0];
      return { wall, monotonic, lamport: null, vector: [] };
    }
    const clocks = node.clocks();
    const own = this.#participant.attendance.self?.id;
    const vector = Object.entries(clocks.vector)
      .map(([id, tick]) => ({
        id: id as NodeId,
        name: names.get(id as NodeId) ?? id,
        count: countInLife(tick),
      }))
      .sort((a, b) => Number(b.id === own) - Number(a.id === own) || byName(a, b));
    return { ...clocks, vector };
  }
}

function ordersOf(obedience: Obedience | null): OrdersView {
  const { unplugged, wallOffsetMs, driftPpm, slowMs, sendOmission, receiveOmission } =
    obedience?.condition ?? {};
  return {
    unplugged: unplugged ?? false,
    struck: obedience?.struck ?? false,
    clockAheadMs: (wallOffsetMs ?? 0) + (obedience?.jumpedMs ?? 0),
    driftPpm: driftPpm ?? 0,
    slowMs: slowMs ?? 0,
    sendOmission: sendOmission ?? 0,
    receiveOmission: receiveOmission ?? 0,
  };
}
