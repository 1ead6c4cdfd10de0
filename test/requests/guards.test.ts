import { describe, expect, test } from 'vitest';
import { BASE_MS, backoffMs, CAP_MS } from '../../src/requests/backoff.ts';
import { Breaker, FAILURES_IN_A_ROW, REST_MS } from '../../src/requests/breaker.ts';
import { Bulkhead, OPEN_CALLS_A_NODE } from '../../src/requests/bulkhead.ts';
import { MAX_ATTEMPTS } from '../../src/requests/messages.ts';
import { MOST_SAVED, RetryBudget, SHARE } from '../../src/requests/retry-budget.ts';

test('REQ-5 the wait before a retry is anything up to a limit that doubles, and is capped', () => {
  const limits = [1, 2, 3, 4, MAX_ATTEMPTS].map((retry) => backoffMs(retry, 1));
  expect(limits).toEqual([2 * BASE_MS, 4 * BASE_MS, 8 * BASE_MS, 16 * BASE_MS, CAP_MS]);
  expect([0, 0.25, 0.5].map((chance) => backoffMs(2, chance))).toEqual([0, BASE_MS, 2 * BASE_MS]);
});

test('REQ-6 the budget lets a share of the calls be retries, and what was saved up', () => {
  const budget = new RetryBudget();
  const taken = () => {
    let retries = 0;
    while (budget.take()) retries += 1;
    return retries;
  };
  expect(taken()).toBe(MOST_SAVED);
  for (let i = 0; i < 20; i++) budget.called();
  expect(taken()).toBe(20 * SHARE);
  for (let i = 0; i < 10_000; i++) budget.called();
  expect(taken()).toBe(MOST_SAVED);
});

test('REQ-8 a bulkhead holds so many, and takes another as soon as one has left', () => {
  const bulkhead = new Bulkhead();
  const entered = Array.from({ length: OPEN_CALLS_A_NODE + 1 }, () => bulkhead.enter());
  expect(entered).toEqual([...Array<boolean>(OPEN_CALLS_A_NODE).fill(true), false]);
  bulkhead.leave();
  expect([bulkhead.enter(), bulkhead.enter()]).toEqual([true, false]);
});

describe('a circuit breaker', () => {
  function breaker({ random = 0.5 } = {}) {
    const world = { now: 0, monotonic: () => world.now, random: () => random };
    const states: string[] = [];
    const made = new Breaker(world, (state) => states.push(state));
    /** Opens it. */
    const fail = (times = FAILURES_IN_A_ROW) => {
      for (let i = 0; i < times; i++) made.failed(made.permit()!);
    };
    return { made, world, states, fail };
  }

  test('REQ-7 opens at the fifth failure in a row and not before', () => {
    const { made, states, fail } = breaker();
    fail(FAILURES_IN_A_ROW - 1);
    made.succeeded(made.permit()!);
    fail(FAILURES_IN_A_ROW - 1);
    expect(made.state).toBe('closed');
    fail(1);
    expect([made.state, made.permit(), states]).toEqual(['open', null, ['open']]);
  });

  test('REQ-7 lets one attempt through when it has rested, and closes if that one succeeds', () => {
    const { made, world, states, fail } = breaker();
    fail();
    world.now = REST_MS - 1;
    expect(made.permit()).toBe(null);
    world.now = REST_MS;
    const probe = made.permit()!;
    expect([probe, made.permit()]).toEqual([expect.any(Number), null]);
    made.succeeded(probe);
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect(made.permit()).not.toBe(null);
  });

  test('REQ-7 opens again if that one fails, and rests anew', () => {
    const { made, world, states, fail } = breaker();
    fail();
    world.now = REST_MS;
    made.failed(made.permit()!);
    expect([states.at(-1), made.permit()]).toEqual(['open', null]);
    world.now = 2 * REST_MS;
    expect(made.permit()).not.toBe(null);
  });

  test('REQ-7 results of attempts from before a change decide nothing', () => {
    const { made, world, fail } = breaker();
    const old = [made.permit()!, made.permit()!];
    fail();
    made.succeeded(old[0]!);
    expect(made.state).toBe('open');
    world.now = REST_MS;
    made.permit();
    for (const permit of old) made.failed(permit);
    expect(made.state).toBe('half-open');
  });

  test('REQ-7 callers rest for different times, half as long to half as long again', () => {
    for (const [random, factor] of [
      [0, 0.5],
      [0.999, 1.499],
    ] as const) {
      const { made, world, fail } = breaker({ random });
      fail();
      world.now = REST_MS * factor - 1;
      expect(made.permit()).toBe(null);
      world.now = REST_MS * factor;
      expect(made.permit()).not.toBe(null);
    }
  });
});
