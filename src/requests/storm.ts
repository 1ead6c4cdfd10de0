import type { Cancel } from '../runtime/host.ts';
import type { RoomChoices } from '../network/room-choices.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Service } from './server.ts';

/** Fifty calls a second: seven tabs of a lesson that call five times a second use seven tenths of it. */
export const SERVICE_MS: Milliseconds = 20;

/** Each gap is up to half longer or shorter, so that callers do not fall into step. */
const UNEVENNESS = 0.5;

const SECOND_MS: Milliseconds = 1_000;

interface StormWorld {
  readonly self: NodeId;
  after(delay: Milliseconds, callback: () => void): Cancel;
  random(): number;
  call(to: NodeId, payload: Json): void;
  /** In place of the service before. */
  serve(service: Service | null): void;
}

/**
 * A room in which everybody calls one node, steadily: what a retry storm comes from. That node has a
 * capacity, a little above what it is asked for. Then something makes it fall behind for a moment.
 */
export class Storm {
  private readonly world: StormWorld;
  private chosen: Pick<RoomChoices, 'service' | 'callsPerSecond'> | null = null;
  private isRunning = false;
  private cancel: Cancel = () => {};
  private calls = 0;
  private executed = 0;
  /** What it does for each call is to count it: whatever is executed twice is counted twice. */
  private readonly service: Service = { serviceMs: SERVICE_MS, handle: () => ++this.executed };

  constructor(world: StormWorld) {
    this.world = world;
  }

  start(): void {
    this.isRunning = true;
    this.begin();
  }

  use(chosen: Pick<RoomChoices, 'service' | 'callsPerSecond'>): void {
    if (
      chosen.service === this.chosen?.service &&
      chosen.callsPerSecond === this.chosen.callsPerSecond
    )
      return;
    this.chosen = chosen;
    this.begin();
  }

  private begin(): void {
    const { self, serve } = this.world;
    this.cancel();
    if (!this.isRunning || this.chosen === null) return;
    const { service } = this.chosen;
    serve(service === self ? this.service : null);
    if (service !== null && service !== self) this.callLater(service);
  }

  private callLater(service: NodeId): void {
    const { after, random, call } = this.world;
    const gapMs = SECOND_MS / this.chosen!.callsPerSecond;
    this.cancel = after(gapMs * (1 - UNEVENNESS + 2 * UNEVENNESS * random()), () => {
      this.calls += 1;
      this.callLater(service);
      call(service, this.calls);
    });
  }
}
