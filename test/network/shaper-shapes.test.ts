import { describe, expect, test } from 'vitest';
import {
  binomialSlack,
  deviation,
  errorOf,
  FRAMES,
  mean,
  offerEvenly,
  SEEDS,
  shaper,
  type Faults,
} from './measure.ts';

/** What a class would measure at the far end of 20,000 datagrams, one a millisecond. */
function measure(faults: Faults, seed: string, options: Parameters<typeof offerEvenly>[1] = {}) {
  const everyMs = options?.everyMs ?? 1;
  const fates = offerEvenly(shaper(faults, seed), options);
  const copies = fates.flatMap(({ copies }) => copies);
  return {
    fates,
    copies,
    delays: fates.flatMap(({ copies }, i) => copies.slice(0, 1).map(({ at }) => at - i * everyMs)),
    lost: fates.filter(({ dropped }) => dropped === 'lost').length,
    overflows: fates.filter(({ dropped }) => dropped === 'overflow').length,
  };
}

describe.each(SEEDS)('20,000 frames, %s seed', (seed) => {
  test('SHAPER-4 a constant latency is the same for every frame, exactly', () => {
    expect(new Set(measure({ latencyMs: 100 }, seed).delays)).toEqual(new Set([100]));
  });

  test.each([
    ['uniform', 20, 20 / Math.sqrt(3)],
    ['normal', 20, 20],
    ['long-tailed', 50, 50],
  ] as const)(
    'SHAPER-4 %s: the mean within 2 %, the spread within 5 %',
    (latencyShape, jitterMs, expected) => {
      const { delays } = measure({ latencyMs: 100, jitterMs, latencyShape }, seed);
      expect(errorOf(mean(delays), 100)).toBeLessThan(0.02);
      expect(errorOf(deviation(delays), expected)).toBeLessThan(0.05);
    },
  );

  test('SHAPER-5 20 % are lost, within binomial bounds, on either lane', () => {
    for (const lane of ['stream', 'datagram'] as const) {
      const { lost } = measure({ loss: 0.2 }, seed, { lane });
      expect(Math.abs(lost - 0.2 * FRAMES)).toBeLessThan(binomialSlack(FRAMES, 0.2));
    }
  });

  test('SHAPER-5 20 % in bursts of 5: 20 % are lost, in runs of 5', () => {
    const { lost, fates } = measure({ loss: 0.2, lossBurst: 5 }, seed);
    const runs = fates.filter(
      ({ dropped }, i) => dropped === 'lost' && fates[i - 1]?.dropped !== 'lost',
    ).length;
    // 800 bursts: their mean length strays by 3 %, the share by as much again.
    expect(errorOf(lost / runs, 5)).toBeLessThan(0.15);
    expect(errorOf(lost / FRAMES, 0.2)).toBeLessThan(0.2);
  });

  test('SHAPER-7 5 % are doubled, 10 % held back, 1 % damaged', () => {
    const { copies, delays } = measure({ duplicate: 0.05, reorder: 0.1, corrupt: 0.01 }, seed);
    const doubled = copies.length - FRAMES;
    expect(Math.abs(doubled - 0.05 * FRAMES)).toBeLessThan(binomialSlack(FRAMES, 0.05));
    const held = delays.filter((delay) => delay === 100).length;
    expect(Math.abs(held - 0.1 * FRAMES)).toBeLessThan(binomialSlack(FRAMES, 0.1));
    expect(delays.filter((delay) => delay === 0).length).toBe(FRAMES - held);
    const damaged = copies.filter(({ damaged }) => damaged).length;
    expect(Math.abs(damaged - 0.01 * copies.length)).toBeLessThan(
      binomialSlack(copies.length, 0.01),
    );
  });

  test('SHAPER-3 latency, loss and rate together are each what they are alone', () => {
    // 40 kB/s of a line of 50 kB/s: every frame of 200 bytes has the line for 4 of its 5 ms.
    const { delays, lost, overflows } = measure(
      { latencyMs: 80, jitterMs: 20, latencyShape: 'normal', loss: 0.1, bytesPerSecond: 50_000 },
      seed,
      { everyMs: 5, bytes: 200 },
    );
    expect(overflows).toBe(0);
    expect(Math.abs(lost - 0.1 * FRAMES)).toBeLessThan(binomialSlack(FRAMES, 0.1));
    expect(errorOf(mean(delays), 80 + 4)).toBeLessThan(0.02);
    expect(errorOf(deviation(delays), 20)).toBeLessThan(0.05);
  });
});

describe('50 kB/s with a queue of 64 kB', () => {
  const line = { bytesPerSecond: 50_000, queueBytes: 64_000 };

  test('SHAPER-6 carries 50 kB/s when twice as much is offered, and loses the rest', () => {
    // 20 s of 100 kB/s.
    const { copies, overflows } = measure(line, 'any', {
      everyMs: 10,
      bytes: 1_000,
      frames: 2_000,
    });
    const carried = copies.filter(({ at }) => at <= 20_000).length * 1_000;
    expect(errorOf(carried / 20, 50_000)).toBeLessThan(0.02);
    // Of 2,000 kB, the line has taken 999.5 kB by the last offer, and 64 kB may wait.
    expect(2_000 - overflows).toBe(Math.floor((50 * 19_990 + 64_000) / 1_000));
  });

  test('SHAPER-6 delays by what waits, up to the 1,280 ms of a full queue', () => {
    const { fates } = measure(line, 'any', { everyMs: 10, bytes: 1_000, frames: 2_000 });
    // Every 10 ms brings 1,000 bytes and takes 500: frame n waits for n × 500 before it and itself.
    fates.slice(0, 100).forEach(({ queueDelayMs, copies }, n) => {
      expect(queueDelayMs).toBe((n * 500 + 1_000) / 50);
      expect(copies[0]!.at).toBe(n * 10 + queueDelayMs);
    });
    const delays = fates.map(({ queueDelayMs }) => queueDelayMs);
    expect(Math.max(...delays)).toBe(64_000 / 50);
    expect(Math.max(...fates.map(({ queuedBytes }) => queuedBytes))).toBe(64_000);
  });

  test('SHAPER-6 loses nothing that it can carry', () => {
    const { overflows, delays } = measure(line, 'any', { everyMs: 20, bytes: 1_000 });
    expect(overflows).toBe(0);
    expect(new Set(delays)).toEqual(new Set([20]));
  });
});
