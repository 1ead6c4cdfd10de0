import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { arrive } from '../../../client/session/arrival.ts';
import type { PeerView, Phase, ServerView } from '../../../client/session/snapshots.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A tab that is in its room; a test opens its links. */
function tab(links: PeerView['link'][]) {
  const listeners = new Set<() => void>();
  const attendance: { phase: Phase; server: ServerView } = {
    phase: { at: 'inside' },
    server: 'connected',
  };
  const told: string[] = [];
  let arrived = false;
  const participant = {
    attendance,
    peers: () => links.map((link) => ({ link })),
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  void arrive(participant, (open, of) => told.push(`${open}/${of}`)).then(() => (arrived = true));
  return {
    attendance,
    told,
    listeners,
    change: (act: () => void) => {
      act();
      for (const listener of listeners) listener();
    },
    after: async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return arrived;
    },
  };
}

test('the page follows when all links stand and nobody else turns up', async () => {
  const links: PeerView['link'][] = ['connecting'];
  const { after, change, listeners } = tab(links);
  expect(await after(1_000)).toBe(false);
  change(() => (links[0] = 'open'));
  expect(await after(200)).toBe(false);
  change(() => links.push('open'));
  expect(await after(200)).toBe(false);
  expect(await after(200)).toBe(true);
  expect(listeners.size).toBe(0);
});

test('while links climb it waits, and says now and then how many are open', async () => {
  const { after, change, told } = tab(['open', 'connecting']);
  for (let step = 0; step < 4; step++) {
    change(() => undefined);
    expect(await after(2_000)).toBe(false);
  }
  expect(new Set(told)).toEqual(new Set(['1/2']));
  expect(told.length).toBeLessThanOrEqual(8);
  expect(await after(3_000), 'however it goes on').toBe(true);
});

test('a link that is stuck is to be seen', async () => {
  const { after } = tab(['open', 'connecting']);
  expect(await after(2_400)).toBe(false);
  expect(await after(200)).toBe(true);
});

test('why a tab is not in its room is said at once', async () => {
  const { after, attendance } = tab([]);
  attendance.phase = { at: 'entering' };
  attendance.server = 'connecting';
  expect(await after(2_000)).toBe(false);
  attendance.server = 'gone';
  expect(await after(100)).toBe(true);
});
