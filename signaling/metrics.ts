import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { REFUSALS, type RefusalCode } from '../src/wire/refusals.ts';

/** What a route is called in metrics. A path from outside never becomes a label. */
export type RouteName =
  'health' | 'metrics' | 'create-room' | 'room' | 'page' | 'asset' | 'nowhere';

/** Plain numbers, because some are raised thousands of times a second; read when asked for. */
export class Tally {
  readonly refusals = new Map<RefusalCode, number>();
  signalsRelayed = 0;
  messages = 0;
  networkChanges = 0;
  actsPassedOn = 0;
  abusersCut = 0;
  slowReadersCut = 0;
  stunAnswered = 0;
  stunIgnored = 0;

  refuse(code: RefusalCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}

/** What is counted by looking, at the moment of asking. */
export interface Census {
  readonly rooms: number;
  readonly attempts: number;
  readonly sockets: number;
  /** Those whose sockets are here. */
  readonly nodes: number;
  readonly observers: number;
}

export interface Metrics {
  readonly contentType: string;
  countRequest(route: RouteName, status: number): void;
  text(): Promise<string>;
}

export function makeMetrics(tally: Tally, census: () => Census): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  gauge('netsplit_rooms', 'Rooms, ended ones included', () => census().rooms);
  gauge('netsplit_sockets', 'Open sockets of tabs', () => census().sockets);
  gauge('netsplit_attempts', 'Connection attempts remembered', () => census().attempts);
  new Gauge({
    name: 'netsplit_members',
    help: 'Members of all rooms by role, without those away',
    labelNames: ['role'],
    registers,
    collect() {
      const { nodes, observers } = census();
      this.set({ role: 'node' }, nodes);
      this.set({ role: 'observer' }, observers);
    },
  });
  counter('netsplit_messages_total', 'Messages from tabs, good and bad', () => tally.messages);
  counter('netsplit_signals_relayed_total', 'Signals relayed', () => tally.signalsRelayed);
  counter(
    'netsplit_network_changes_total',
    'Changes of what is laid upon networks',
    () => tally.networkChanges,
  );
  counter('netsplit_acts_total', 'Acts passed on to nodes', () => tally.actsPassedOn);
  counter('netsplit_abusers_cut_total', 'Sockets cut for flooding', () => tally.abusersCut);
  counter(
    'netsplit_slow_readers_cut_total',
    'Sockets cut because they did not read',
    () => tally.slowReadersCut,
  );
  new Counter({
    name: 'netsplit_refusals_total',
    help: 'Refusals by code',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset();
      for (const code of Object.keys(REFUSALS) as RefusalCode[])
        this.inc({ code }, tally.refusals.get(code) ?? 0);
    },
  });
  new Counter({
    name: 'netsplit_stun_packets_total',
    help: 'UDP packets at the STUN port by outcome',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      this.inc({ outcome: 'answered' }, tally.stunAnswered);
      this.inc({ outcome: 'ignored' }, tally.stunIgnored);
    },
  });
  const requests = new Counter({
    name: 'netsplit_http_requests_total',
    help: 'HTTP requests by route and status',
    labelNames: ['route', 'status'],
    registers,
  });

  return {
    contentType: registry.contentType,
    countRequest: (route, status) => requests.inc({ route, status }),
    text: () => registry.metrics(),
  };
}
