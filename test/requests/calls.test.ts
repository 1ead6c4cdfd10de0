import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { OPEN_CALLS_A_NODE } from '../../src/requests/bulkhead.ts';
import { FAILURES_IN_A_ROW, REST_MS } from '../../src/requests/breaker.ts';
import { DEFAULT_TIMEOUT_MS, MAX_OPEN_CALLS } from '../../src/requests/caller.ts';
import { MAX_PAYLOAD_BYTES, MAX_TIMEOUT_MS } from '../../src/requests/messages.ts';
import { LONG_QUEUE, POLICIES, SHORT_QUEUE } from '../../src/requests/policy.ts';
import { requests } from '../../src/requests/requests.ts';
import { MOST_SAVED, SHARE } from '../../src/requests/retry-budget.ts';
import { MAX_SECONDS, NOTES_A_SECOND } from '../../src/requests/tally.ts';
import type { Json } from '../../src/vocabulary.ts';
import { UnfitPayload } from '../../src/wire/payload.ts';
import { testNodeId } from '../support/node-ids.ts';
import { DELAY_MS, Rig } from './rig.ts';

const { attempts: ATTEMPTS } = POLICIES.careful;

/** Longer than any call in these tests. */
const LONG_MS = 60_000;

const timedOut = (attempts = ATTEMPTS) => ({
  ok: false,
  reason: 'timeout',
  attempts,
  mayHaveHappened: true,
});

describe('a call', () => {
  test('REQ-1, 2 is answered, and its id says whose it is', () => {
    const rig = new Rig();
    const { id, outcomes } = rig.call('hi');
    rig.time.runFor(2 * DELAY_MS);
    expect(outcomes).toEqual([{ ok: true, value: ['hi', 'hi'], attempts: 1 }]);
    const [caller] = rig.cluster.members;
    expect(id).toBe(`${caller!.id}.1.1`);
    expect(rig.executed).toEqual([{ id, from: caller!.id, payload: 'hi' }]);
    expect(rig.call('again').id).toBe(`${caller!.id}.1.2`);
  });

  test('REQ-1, 10 that is never answered ends, and nobody knows what became of it', () => {
    const lost = new Rig();
    lost.swallow('there');
    const asked = lost.call('lost');
    const answerLost = new Rig();
    answerLost.swallow('back');
    const done = answerLost.call('done');
    for (const { time } of [lost, answerLost]) time.runFor(LONG_MS);
    // The same to the caller, though one of the two was executed.
    expect(asked.outcomes).toEqual([timedOut()]);
    expect(done.outcomes).toEqual([timedOut()]);
    expect([lost.executed.length, answerLost.executed.length]).toEqual([0, 1]);
  });

  test('REQ-2, 3 that is tried again has one id, and is executed once', () => {
    const rig = new Rig();
    rig.swallow('back');
    const { id, outcomes } = rig.call('once');
    rig.time.runFor(DEFAULT_TIMEOUT_MS - 1);
    rig.swallow(null);
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([{ ok: true, value: ['once', 'once'], attempts: 2 }]);
    expect(rig.executed.map((request) => request.id)).toEqual([id]);
  });

  test('REQ-3 without a memory every attempt is executed', () => {
    const rig = new Rig({ retries: 'naive' });
    rig.swallow('back');
    const { outcomes } = rig.call('again and again');
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([timedOut()]);
    expect(new Set(rig.executed.map(({ id }) => id)).size).toBe(1);
    expect(rig.executed).toHaveLength(ATTEMPTS);
  });

  test('REQ-3 an attempt that comes while the one before waits does not wait twice', () => {
    const rig = new Rig();
    rig.serve({ serviceMs: 3 * DEFAULT_TIMEOUT_MS });
    const { outcomes } = rig.call('slow');
    rig.time.runFor(2.5 * DEFAULT_TIMEOUT_MS);
    expect(rig.server.protocols.inspect().queued).toBe(1);
    rig.time.runFor(LONG_MS);
    expect(outcomes).toMatchObject([{ ok: true }]);
    expect(rig.executed).toHaveLength(1);
  });

  test.each([true, false])(
    'REQ-3 over a crash of its server, with a durable memory: %s',
    (durable) => {
      const rig = new Rig({ disks: true });
      const lives = () => rig.serve({ durable });
      lives();
      rig.swallow('back');
      const { outcomes } = rig.call('pay');
      rig.time.runFor(DEFAULT_TIMEOUT_MS / 2);
      rig.server.crash();
      rig.cluster.restart(1, true);
      lives();
      rig.swallow(null);
      rig.time.runFor(LONG_MS);
      expect(outcomes).toMatchObject([{ ok: true }]);
      expect(rig.executed).toHaveLength(durable ? 1 : 2);
    },
  );

  test('REQ-1 of an earlier life is nobody’s, and a late answer to it is only counted', () => {
    const rig = new Rig();
    rig.serve({ serviceMs: 500 });
    const before = rig.call('before');
    rig.time.runFor(100);
    rig.cluster.members[0]!.crash();
    rig.cluster.restart(0, true);
    rig.time.runFor(0);
    const after = rig.call('after');
    rig.time.runFor(LONG_MS);
    expect([before.outcomes, after.outcomes]).toMatchObject([[], [{ value: ['after', 'after'] }]]);
    const [caller] = rig.cluster.members;
    expect(after.id).toBe(`${caller!.id}.2.1`);
    expect(caller!.protocols.seconds().reduce((sum, { late }) => sum + late, 0)).toBe(1);
  });

  test('REQ-1 an answer from another node than was asked is none', () => {
    const rig = new Rig({ nodes: 3 });
    rig.swallow('there');
    const { outcomes } = rig.call('ask');
    const message = { type: 'answer' as const, life: 1, number: 1, value: 'forged' };
    rig.cluster.members[0]!.protocols.receive(rig.cluster.members[1]!.id, message);
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([timedOut()]);
  });
});

describe('without a link', () => {
  test('REQ-10 it surely did not happen', () => {
    const rig = new Rig();
    rig.cluster.unlink(0, 1);
    rig.time.runFor(0);
    const { outcomes } = rig.call('hi');
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([{ ok: false, reason: 'no-link', attempts: ATTEMPTS, mayHaveHappened: false }]); // prettier-ignore
  });

  test('REQ-10 it may have happened before the link went', () => {
    const rig = new Rig();
    rig.swallow('back');
    const { outcomes } = rig.call('hi');
    rig.time.runFor(DEFAULT_TIMEOUT_MS / 2);
    rig.cluster.unlink(0, 1);
    rig.time.runFor(LONG_MS);
    expect(outcomes).toMatchObject([{ reason: 'no-link', mayHaveHappened: true }]);
  });

  test('REQ-1 who can be reached in another way is asked', () => {
    const rig = new Rig();
    rig.cluster.unlink(0, 1);
    rig.time.runFor(0);
    rig.cluster.members[0]!.protocols.reachBy(() => true);
    const { outcomes } = rig.call('hi');
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([timedOut()]);
  });
});

describe('what keeps retries from doing harm', () => {
  test('REQ-5 retries wait, or follow at once', () => {
    const gaps = (retries: 'careful' | 'naive') => {
      const rig = new Rig({ retries });
      rig.swallow('there');
      rig.call('hi');
      rig.time.runFor(LONG_MS);
      const times = rig.events.filter(({ type }) => type === 'send').map(({ at }) => at);
      return times.slice(1).map((at, i) => at - times[i]! - DEFAULT_TIMEOUT_MS);
    };
    expect(gaps('naive')).toEqual([0, 0, 0]);
    const waits = gaps('careful');
    expect(waits.every((ms, i) => ms > 0 && ms <= 200 * 2 ** i)).toBe(true);
  });

  test('REQ-6 where half of the calls fail, retries end with the budget', () => {
    const rig = new Rig();
    let retries = 0;
    for (let round = 0; round < 20; round++) {
      rig.swallow('there');
      const failing = rig.call('lost');
      rig.time.runFor(LONG_MS);
      retries += failing.outcomes[0]!.attempts - 1;
      // So that the breaker stays closed.
      rig.swallow(null);
      const { outcomes } = rig.call('found');
      rig.time.runFor(LONG_MS);
      expect(outcomes).toMatchObject([{ ok: true }]);
    }
    expect(retries).toBeLessThanOrEqual(MOST_SAVED + 40 * SHARE);
    expect(retries).toBeGreaterThanOrEqual(MOST_SAVED);
  });

  test('REQ-7 a node that fails again and again is not asked, until one attempt succeeds', () => {
    const rig = new Rig();
    rig.swallow('there');
    for (let i = 0; i < FAILURES_IN_A_ROW; i++) rig.call(i, { attempts: 1 });
    rig.time.runFor(DEFAULT_TIMEOUT_MS);
    const failsAtOnce = rig.call('too soon');
    expect(failsAtOnce.outcomes).toEqual([{ ok: false, reason: 'circuit-open', attempts: 0, mayHaveHappened: false }]); // prettier-ignore
    rig.swallow(null);
    rig.time.runFor(1.5 * REST_MS);
    const probe = rig.call('probe');
    expect(rig.call('beside it').outcomes).toMatchObject([{ reason: 'circuit-open' }]);
    rig.time.runFor(100);
    expect(probe.outcomes).toMatchObject([{ ok: true }]);
    expect(rig.notes('breaker').map(({ detail }) => detail)).toEqual(
      ['open', 'half-open', 'closed'].map((state) => ({ to: rig.server.id, state })),
    );
    expect(rig.cluster.members[0]!.protocols.breakers()).toEqual([
      { to: rig.server.id, state: 'closed' },
    ]);
  });

  test('REQ-8 so many calls of one node are open, and those of another are not held up', () => {
    const rig = new Rig({ nodes: 3 });
    rig.serve({ serviceMs: 500 });
    const calls = Array.from({ length: OPEN_CALLS_A_NODE + 2 }, (_, i) => rig.call(i));
    const refused = calls.filter(({ outcomes }) => outcomes.length > 0);
    expect(refused.map(({ outcomes }) => outcomes[0])).toEqual(
      [1, 2].map(() => ({ ok: false, reason: 'bulkhead-full', attempts: 0, mayHaveHappened: false })), // prettier-ignore
    );
    const [caller, other] = rig.cluster.members;
    const answered: unknown[] = [];
    other!.protocols.serve({ serviceMs: 0, handle: () => 'at once' });
    caller!.protocols.call(other!.id, 'hi', (outcome) => answered.push(outcome));
    rig.time.runFor(100);
    expect(answered).toMatchObject([{ ok: true }]);
    rig.time.runFor(LONG_MS);
    expect(rig.call('there is room again').outcomes).toEqual([]);
  });

  test('REQ-8 without a bulkhead there is still an end', () => {
    const rig = new Rig({ retries: 'naive' });
    rig.swallow('there');
    const calls = Array.from({ length: MAX_OPEN_CALLS + 1 }, (_, i) => rig.call(i));
    expect(calls.filter(({ outcomes }) => outcomes.length > 0)).toHaveLength(1);
    rig.time.runFor(LONG_MS);
    expect(rig.cluster.members[0]!.protocols.inspect().open).toBe(0);
  });

  test.each([
    { retries: 'careful', limit: SHORT_QUEUE },
    { retries: 'naive', limit: LONG_QUEUE },
  ] as const)('REQ-8 a server with $limit calls in line says at once that it is busy', (given) => {
    const { retries, limit } = given;
    const nodes = 2 + Math.ceil(SHORT_QUEUE / OPEN_CALLS_A_NODE);
    const rig = new Rig({ nodes, retries });
    rig.serve({ serviceMs: MAX_TIMEOUT_MS });
    const options = { attempts: 1, timeoutMs: MAX_TIMEOUT_MS };
    for (let i = 0; i < limit; i++) rig.call(i, options, i % (nodes - 1));
    rig.time.runFor(100);
    expect(rig.server.protocols.inspect().queued).toBe(limit);
    const { outcomes } = rig.call('one more', options);
    rig.time.runFor(2 * DELAY_MS);
    expect(outcomes).toEqual([{ ok: false, reason: 'refused', attempts: 1, mayHaveHappened: false }]); // prettier-ignore
    expect(rig.server.protocols.inspect().queued).toBe(limit);
  });

  test('REQ-8, 10 who serves nobody says so, and that is tried again', () => {
    const rig = new Rig();
    rig.server.protocols.serve(null);
    const { outcomes } = rig.call('hi');
    rig.time.runFor(LONG_MS);
    expect(outcomes).toEqual([{ ok: false, reason: 'refused', attempts: ATTEMPTS, mayHaveHappened: false }]); // prettier-ignore
  });

  test('REQ-8 who serves nobody yet is asked again', () => {
    const rig = new Rig();
    rig.server.protocols.serve(null);
    const { outcomes } = rig.call('hi');
    rig.time.runFor(DELAY_MS);
    rig.serve();
    rig.time.runFor(LONG_MS);
    expect(outcomes).toMatchObject([{ ok: true, attempts: 2 }]);
  });

  test.each([
    { retries: 'careful', served: 1 },
    { retries: 'none', served: 3 },
  ] as const)('REQ-9 $retries: of three calls, $served are served though two are late', (given) => {
    const { retries, served } = given;
    const rig = new Rig({ retries });
    rig.serve({ serviceMs: DEFAULT_TIMEOUT_MS });
    for (let i = 0; i < 3; i++) rig.call(i, { attempts: 1, timeoutMs: 500 });
    rig.time.runFor(LONG_MS);
    expect(rig.executed).toHaveLength(served);
  });

  test('REQ-9 a later attempt puts off when a call is late', () => {
    const rig = new Rig();
    rig.serve({ serviceMs: 1_300 });
    rig.call('first', { attempts: 1 });
    const second = rig.call('second');
    rig.time.runFor(1_290);
    rig.serve({ serviceMs: 10 });
    rig.time.runFor(LONG_MS);
    // It was its turn after 1.3 s, when its first attempt had long been given up.
    expect(second.outcomes).toMatchObject([{ ok: true, attempts: 2 }]);
  });

  test('REQ-14 a choice that changes holds for calls under way, and breakers begin anew', () => {
    const rig = new Rig();
    rig.swallow('there');
    for (let i = 0; i < FAILURES_IN_A_ROW; i++) rig.call(i, { attempts: 1 });
    rig.time.runFor(DEFAULT_TIMEOUT_MS);
    const { protocols } = rig.cluster.members[0]!;
    const choose = (retries: 'careful' | 'none') =>
      protocols.use({ service: null, callsPerSecond: 1, retries });
    expect(rig.call('refused').outcomes).toHaveLength(1);
    choose('careful');
    expect(rig.call('still refused').outcomes).toHaveLength(1);
    choose('none');
    choose('careful');
    expect(protocols.breakers()).toEqual([]);
    expect(rig.call('tried').outcomes).toEqual([]);
  });
});

describe('what is carried', () => {
  test('REQ-12 plain JSON of a bounded size, as it was when it was given', () => {
    const rig = new Rig();
    const payload = { list: [1] };
    const { outcomes } = rig.call(payload);
    payload.list.push(2);
    rig.time.runFor(100);
    expect(outcomes).toMatchObject([{ value: [{ list: [1] }, { list: [1] }] }]);
    for (const unfit of [undefined, NaN, 'x'.repeat(MAX_PAYLOAD_BYTES)]) {
      expect(() => rig.call(unfit as Json)).toThrow(UnfitPayload);
    }
    for (const options of [
      { timeoutMs: 0 },
      { timeoutMs: 1e9 },
      { attempts: 11 },
      { attempts: NaN },
    ]) {
      expect(() => rig.call('hi', options)).toThrow(RangeError);
    }
    expect(rig.cluster.members[0]!.protocols.inspect().open).toBe(0);
  });

  test.each<[string, unknown]>([
    ['a call of no life', { type: 'call', life: 0, number: 1, attempt: 1, waitMs: 1, payload: 1 }],
    ['an eleventh attempt', { type: 'call', life: 1, number: 1, attempt: 11, waitMs: 1, payload: 1 }],
    ['an endless wait', { type: 'call', life: 1, number: 1, attempt: 1, waitMs: Infinity, payload: 1 }],
    ['no payload', { type: 'call', life: 1, number: 1, attempt: 1, waitMs: 1 }],
    ['too large an answer', { type: 'answer', life: 1, number: 1, value: 'x'.repeat(MAX_PAYLOAD_BYTES) }],
    ['another refusal', { type: 'refused', life: 1, number: 1, attempt: 1, why: 'tired' }],
  ])('REQ-12 a message with %s fails the schema', (_what, message) => {
    expect(v.is(requests.schema, message)).toBe(false);
  }); // prettier-ignore
});

describe('what the trace tells', () => {
  test('REQ-13 of a few events a second each, and of the rest their number', () => {
    const rig = new Rig({ retries: 'none' });
    for (let i = 0; i < 2 * NOTES_A_SECOND; i++) rig.call(i);
    rig.time.runFor(LONG_MS);
    const [caller, server] = rig.cluster.members;
    const of = (id: string) =>
      rig.events.flatMap((event) => (event.type === 'note' && event.node === id ? [event] : []));
    const told = of(caller!.id);
    expect(told.filter(({ kind }) => kind !== 'calls')).toHaveLength(NOTES_A_SECOND);
    expect(told.filter(({ kind }) => kind === 'calls')).toMatchObject([
      { detail: { offered: 20, answered: 20, failed: 0, untold: 30, queue: 0 } },
    ]);
    expect(of(server!.id)).toMatchObject([{ kind: 'calls', detail: { served: 20, untold: 0 } }]);
    expect(caller!.protocols.seconds()).toMatchObject([{ offered: 20, answered: 20 }]);
  });

  test('REQ-13 in order: a call, its retries, its answer', () => {
    const rig = new Rig();
    rig.swallow('there');
    const { id } = rig.call('hi', { attempts: 2 });
    rig.time.runFor(DEFAULT_TIMEOUT_MS - 1);
    rig.swallow(null);
    rig.time.runFor(LONG_MS);
    const kinds = rig.events.flatMap((event) => (event.type === 'note' ? [event.kind] : []));
    expect(kinds.filter((kind) => kind !== 'calls')).toEqual(['call', 'retry', 'answer']);
    expect(rig.notes('retry')[0]!.detail).toMatchObject({ id, attempt: 2, reason: 'timeout' });
    expect(rig.notes('answer')[0]!.detail).toMatchObject({ id, attempts: 2 });
  });

  test('REQ-13 a node that is at rest is quiet, and the newest seconds are kept', () => {
    const rig = new Rig();
    for (let i = 0; i <= MAX_SECONDS; i++) {
      rig.call(i);
      expect(rig.time.runUntilQuiet(LONG_MS)).toBe(true);
    }
    const seconds = rig.cluster.members[0]!.protocols.seconds();
    expect(seconds).toHaveLength(MAX_SECONDS);
    expect(seconds[0]!.at).toBeGreaterThan(1_500);
  });
});

test('a node that was never called is a target like any other, and a stranger has no link', () => {
  const rig = new Rig();
  const outcomes: unknown[] = [];
  rig.cluster.members[0]!.protocols.call(testNodeId(9), 1, (outcome) => outcomes.push(outcome));
  rig.time.runFor(LONG_MS);
  expect(outcomes).toMatchObject([{ reason: 'no-link' }]);
});
