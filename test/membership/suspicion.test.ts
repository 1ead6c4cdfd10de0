import { describe, expect, test } from 'vitest';
import { Health, MAX_SCORE } from '../../src/membership/health.ts';
import {
  CONFIRMATIONS,
  MAX_SUSPICION_MS,
  MIN_SUSPICION_MS,
  suspicionMs,
} from '../../src/membership/suspicion.ts';

describe('how long a suspect has', () => {
  test('SWIM-7 every further accuser makes the wait shorter, the first by most, down to 4 s', () => {
    const waits = [0, 1, 2, 3, 4].map((confirmations) => suspicionMs(confirmations, 10));
    expect([waits[0], waits[CONFIRMATIONS], waits[4]]).toEqual([
      MAX_SUSPICION_MS,
      MIN_SUSPICION_MS,
      MIN_SUSPICION_MS,
    ]);
    expect(waits[0]! - waits[1]!).toBeGreaterThan(waits[1]! - waits[2]!);
    expect(waits[1]! - waits[2]!).toBeGreaterThan(waits[2]! - waits[3]!);
  });

  test('SWIM-7 never under 4 s, and the shortest where nobody else could confirm', () => {
    for (let confirmations = 0; confirmations < 10; confirmations++) {
      for (let possible = 0; possible < 10; possible++) {
        const wait = suspicionMs(confirmations, possible);
        expect(wait).toBeGreaterThanOrEqual(MIN_SUSPICION_MS);
        expect(wait).toBeLessThanOrEqual(MAX_SUSPICION_MS);
        if (confirmations >= possible) expect(wait).toBe(MIN_SUSPICION_MS);
      }
    }
  });
});

describe('the local health', () => {
  test('SWIM-8 every helper that says nothing at all counts against this node', () => {
    const health = new Health();
    health.unanswered(3, 3);
    expect([health.score, health.stretch]).toEqual([0, 1]);
    health.unanswered(3, 1);
    expect([health.score, health.stretch]).toEqual([2, 3]);
    health.answered();
    expect(health.score).toBe(1);
  });

  test('SWIM-8 so do an answer that nobody could help with, late timers and accusations; up to 8', () => {
    const health = new Health();
    health.unanswered(0, 0);
    health.late();
    health.accused();
    expect(health.score).toBe(3);
    for (let i = 0; i < 20; i++) health.late();
    expect(health.score).toBe(MAX_SCORE);
    for (let i = 0; i < 20; i++) health.answered();
    expect(health.score).toBe(0);
  });
});
