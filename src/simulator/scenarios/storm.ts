import { SHORT_QUEUE } from '../../requests/policy.ts';
import { requests, type Requests } from '../../requests/requests.ts';
import { SERVICE_MS } from '../../requests/storm.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Run, Scenario } from '../scenario.ts';

/** A good retry hides what is lost now and then; a tenth is what a room may miss of its calls. */
const GOOD_ENOUGH = 0.9;

/** Of its capacity: little enough to be served, and much enough that retries could be too much. */
const LOAD = 0.7;

/** All at once, by one caller, in the middle of the rest: a second of the server's work. */
const OVERLOAD_CALLS = 50;

/** The end of the liveness phase, which is measured. */
const MEASURED_MS: Milliseconds = 5_000;

/**
 * All call the first node, which is frozen, crashes or is asked for too much at once. With careful
 * retries what is answered is soon again what is asked for. Links are left alone.
 */
export const stormScenario: Scenario<Requests> = {
  name: 'storm',
  faults: ['crash', 'pause', 'clock-jump', 'drift'],
  safetyMs: 15_000,
  // Longer than a breaker rests, and a slow disk that was written to by a restart is slow.
  livenessMs: 10_000 + MEASURED_MS,

  protocols: (node) => node.add(requests),

  /** An overload. */
  operate(run, index) {
    const { service, callers } = roomOf(run);
    const caller = callers.find((machine) => machine === run.cluster.members[index]);
    for (let i = 0; i < OVERLOAD_CALLS; i++) caller?.protocols.call(service.id, i);
  },

  healed() {},

  safety(run) {
    choose(run);
    const { queued } = roomOf(run).service.protocols.inspect();
    if (queued <= SHORT_QUEUE) return [];
    return [{ rule: 'the line stays short', text: `${queued} calls wait` }];
  },

  liveness(run) {
    const sum = { offered: 0, answered: 0 };
    for (const { protocols, monotonic } of roomOf(run).callers) {
      const since = monotonic.now() - MEASURED_MS;
      for (const { at, offered, answered } of protocols.seconds()) {
        if (at <= since) continue;
        sum.offered += offered;
        sum.answered += answered;
      }
    }
    if (sum.offered > 0 && sum.answered >= GOOD_ENOUGH * sum.offered) return [];
    const text = `${sum.answered} of ${sum.offered} calls were answered`;
    return [{ rule: 'goodput comes back', text }];
  },
};

/** The callers are those with a link to the service. */
function roomOf({ cluster }: Run<Requests>) {
  const [service, ...others] = cluster.members;
  const linked = new Set(service!.transport.neighbours());
  return { service: service!, callers: others.filter(({ id }) => linked.has(id)) };
}

/** Again and again: each life hears of the room's choice some time after its start. */
function choose(run: Run<Requests>): void {
  const { service, callers } = roomOf(run);
  const capacity = 1_000 / SERVICE_MS;
  const callsPerSecond = Math.max(1, Math.floor((LOAD * capacity) / callers.length));
  for (const { protocols } of [service, ...callers])
    protocols.use({ service: service.id, callsPerSecond, retries: 'careful' });
}
