import type { RoomChoices } from '../network/room-choices.ts';
import type { Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, NodeId } from '../vocabulary.ts';
import type { BreakerState } from './breaker.ts';
import { Caller } from './caller.ts';
import { requestsSchema, type RequestsMessage } from './messages.ts';
import type { CallOptions, Outcome } from './outcome.ts';
import { POLICIES, type RetryPolicy } from './policy.ts';
import { Server, type Service } from './server.ts';
import { Storm } from './storm.ts';
import { Tally, type Second } from './tally.ts';

/** What a room chooses of it. */
export type RequestsChoices = Pick<RoomChoices, 'service' | 'callsPerSecond' | 'retries'>;

/**
 * One node asks another for something and waits for the answer, which may be lost, as the question
 * may: so it asks again, and the other executes it once. The rules REQ-1 to REQ-12 stand in README.md.
 */
export class Requests implements Protocol<RequestsMessage> {
  private readonly host: Host<RequestsMessage>;
  private readonly tally: Tally;
  private readonly caller: Caller;
  private readonly server: Server;
  private readonly storm: Storm;
  private policy: RetryPolicy = POLICIES.careful;
  private own: Service | null = null;
  private stormService: Service | null = null;
  private reaches: (id: NodeId) => boolean;

  constructor(host: Host<RequestsMessage>) {
    this.host = host;
    this.reaches = (id) => host.neighbours().includes(id);
    this.tally = new Tally(host, () => this.server.queued);
    const shared = { host, tally: this.tally, policy: () => this.policy };
    this.caller = new Caller({ ...shared, reaches: (id) => this.reaches(id) });
    this.server = new Server(shared);
    this.storm = new Storm({
      self: host.self,
      after: (delay, callback) => host.after(delay, callback),
      random: () => host.random(),
      call: (to, payload) => this.call(to, payload),
      serve: (service) => {
        this.stormService = service;
        this.serveNow();
      },
    });
  }

  start(): void {
    this.storm.start();
  }

  stop(): void {}

  /** What the room has chosen. Calls that are under way go on under it. */
  use({ service, callsPerSecond, retries }: RequestsChoices): void {
    const policy = POLICIES[retries];
    if (policy !== this.policy) this.caller.begin();
    this.policy = policy;
    this.storm.use({ service, callsPerSecond });
  }

  /**
   * Asks a node. `onDone` hears once how it ended, after this has returned; not at all if this life of
   * the node ends first. Throws `UnfitPayload` for what cannot be carried, and a `RangeError` for
   * options beyond their limits.
   */
  call(
    to: NodeId,
    payload: Json,
    onDone: (outcome: Outcome) => void = () => {},
    options: CallOptions = {},
  ): { readonly id: string } {
    return this.caller.call(to, payload, onDone, options);
  }

  /** What this node does for others; null for nothing. While the room calls it, the storm's counts. */
  serve(service: Service | null): void {
    this.own = service;
    this.serveNow();
  }

  /** Who can be asked at all; unless it is said, the neighbours. */
  reachBy(reaches: (id: NodeId) => boolean): void {
    this.reaches = reaches;
  }

  receive(from: NodeId, message: RequestsMessage): void {
    if (message.type === 'call') return this.server.called(from, message);
    // An answer to an earlier life: nobody is left who asked.
    if (message.life !== this.host.incarnation) return this.tally.count('late');
    if (message.type === 'answer') this.caller.answered(from, message.number, message.value);
    else this.caller.refused(from, message);
  }

  /** What happened in each of the last seconds in which anything did, the newest last. */
  seconds(): readonly Second[] {
    return this.tally.seconds;
  }

  /** Of the nodes that were called lately. */
  breakers(): readonly { readonly to: NodeId; readonly state: BreakerState }[] {
    return this.caller.breakers();
  }

  inspect() {
    return {
      open: this.caller.openCalls,
      queued: this.server.queued,
      remembered: this.server.remembered,
      breakers: this.breakers().map((breaker) => ({ ...breaker })),
    };
  }

  private serveNow(): void {
    this.server.serve(this.stormService ?? this.own);
  }
}

export const requests: ProtocolDefinition<RequestsMessage, Requests> = {
  name: 'requests',
  version: 1,
  schema: requestsSchema,
  lane: 'stream',
  create: (host) => new Requests(host),
};
