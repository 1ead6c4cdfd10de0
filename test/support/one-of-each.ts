import type { Happening } from '../../src/trace/event.ts';
import { testNodeId } from './node-ids.ts';

const B = testNodeId(1);

/** An event of every kind, some with what is hard to carry; the compiler asks for one of each. */
export const ONE_OF_EACH: {
  readonly [T in Happening['type']]: Extract<Happening, { type: T }>;
} = {
  start: { type: 'start' },
  stop: { type: 'stop' },
  restart: { type: 'restart', entries: 0 },
  crash: { type: 'crash' },
  pause: { type: 'pause', lengthMs: null },
  resume: { type: 'resume', pausedMs: 5.25, lost: 3 },
  store: { type: 'store', write: 1, entries: 2, bytes: 30 },
  send: { type: 'send', to: B, protocol: 'p', kind: 'k', message: 1, bytes: 10 },
  receive: { type: 'receive', from: B, protocol: 'p', message: 1, bytes: 10 },
  drop: { type: 'drop', peer: B, protocol: '?', reason: 'no-link' },
  up: { type: 'up', peer: B },
  down: { type: 'down', peer: B, reason: 'cut\n"off" \ud800' },
  order: {
    type: 'order',
    title: 'cuts Fox → Owl',
    version: 3,
    under: { links: [{ to: B, rule: { cut: true, loss: 0.5 } }], node: { slowMs: 5 } },
  },
  quarantine: { type: 'quarantine', peer: B, untilMonotonic: Infinity },
  note: { type: 'note', protocol: 'p', kind: 'k', detail: { a: null, b: true, c: 'x', d: NaN } },
};
