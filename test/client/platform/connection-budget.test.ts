import { describe, expect, test } from 'vitest';
import {
  COLLECTION_MS,
  ConnectionBudget,
  MAX_HELD_CONNECTIONS,
} from '../../../client/platform/connection-budget.ts';

describe('the budget of peer connections', () => {
  test('gives as many places as it has, and then none', () => {
    const budget = new ConnectionBudget();
    for (let taken = 0; taken < MAX_HELD_CONNECTIONS; taken++) expect(budget.take(0)).toBe(true);
    expect(budget.take(0)).toBe(false);
    expect(budget.held).toBe(MAX_HELD_CONNECTIONS);
  });

  test('counts a closed connection until the browser has surely collected it', () => {
    const budget = new ConnectionBudget();
    for (let taken = 0; taken < MAX_HELD_CONNECTIONS; taken++) budget.take(0);
    budget.giveBack(1_000);
    expect(budget.take(1_000 + COLLECTION_MS - 1)).toBe(false);
    expect(budget.take(1_000 + COLLECTION_MS)).toBe(true);
    expect(budget.take(1_000 + COLLECTION_MS)).toBe(false);
  });

  test('a link that flaps for ever never holds more than it may', () => {
    const budget = new ConnectionBudget();
    let refused = 0;
    for (let now = 0; now < 10 * COLLECTION_MS; now += 50) {
      if (budget.take(now)) budget.giveBack(now + 10);
      else refused++;
      expect(budget.held).toBeLessThanOrEqual(MAX_HELD_CONNECTIONS);
    }
    expect(refused).toBeGreaterThan(0);
  });
});
