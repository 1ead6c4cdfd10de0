import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_QUEUE_MS, TokenBucket, type Bandwidth } from '../../src/network/token-bucket.ts';

const bandwidth = (more: Partial<Bandwidth> = {}): Bandwidth => ({
  bytesPerSecond: 50_000,
  queueBytes: 64_000,
  burstBytes: 0,
  ...more,
});

describe('one frame', () => {
  test('SHAPER-6 takes its bytes over the rate on a free line, and waits for those before it', () => {
    const bucket = new TokenBucket(bandwidth(), 0);
    expect(bucket.take(100, 1_000)).toBe(120);
    expect(bucket.take(100, 500)).toBe(130);
    expect(bucket.queuedBytes(100)).toBe(1_500);
    expect(bucket.queuedBytes(110)).toBe(1_000);
    expect(bucket.take(110, 500)).toBe(140);
    expect(bucket.queuedBytes(140)).toBe(0);
    expect(bucket.take(1_000, 1_000)).toBe(1_020);
  });

  test('SHAPER-6 passes at once while a rested bucket has tokens, and no longer', () => {
    const bucket = new TokenBucket(bandwidth({ burstBytes: 2_000 }), 0);
    expect(bucket.take(0, 1_500)).toBe(0);
    expect(bucket.take(0, 1_000)).toBe(10);
    // 10 ms pay the debt, 40 ms fill the bucket; more rest adds nothing.
    expect(bucket.take(1_000, 2_000)).toBe(1_000);
    expect(bucket.take(1_000, 50)).toBe(1_001);
  });

  test('SHAPER-6 is refused when it does not fit, takes no room, and fits once there is room', () => {
    const bucket = new TokenBucket(bandwidth({ queueBytes: 1_000 }), 0);
    expect(bucket.take(0, 600)).toBe(12);
    expect(bucket.take(0, 401)).toBeNull();
    expect(bucket.queuedBytes(0)).toBe(600);
    expect(bucket.take(0, 400)).toBe(20);
    expect(bucket.take(1, 51)).toBeNull();
    expect(bucket.take(1, 50)).toBe(21);
  });

  test('SHAPER-6 that is larger than the queue is sent by a line that is free, and only then', () => {
    const bucket = new TokenBucket(bandwidth({ queueBytes: 0 }), 0);
    expect(bucket.take(0, 5_000)).toBe(100);
    expect(bucket.take(99, 1)).toBeNull();
    expect(bucket.take(100, 5_000)).toBe(200);
  });

  test('SHAPER-6 that would hold the line longer than any queue may is refused', () => {
    const bucket = new TokenBucket(bandwidth({ bytesPerSecond: 100, queueBytes: 10 }), 0);
    expect(bucket.take(0, 6_001)).toBeNull();
    expect(bucket.take(0, 6_000)).toBe(MAX_QUEUE_MS);
  });
});

test('SHAPER-6 a free line is known as free however its times were rounded', () => {
  const bucket = new TokenBucket(bandwidth({ bytesPerSecond: 70_001, queueBytes: 10 }), 0);
  let now = 0.1;
  for (let i = 0; i < 10_000; i++) {
    const leavesAt = bucket.take(now, 1_001);
    expect(leavesAt).not.toBeNull();
    now = leavesAt!;
  }
});

test('SHAPER-9 a bucket that takes another’s place begins with its backlog', () => {
  const bucket = new TokenBucket(bandwidth({ burstBytes: 1_000 }), 500, 2_000);
  expect(bucket.queuedBytes(500)).toBe(2_000);
  expect(bucket.take(500, 500)).toBe(550);
});

const offers = fc.array(
  fc.record({ gapMs: fc.integer({ min: 0, max: 40 }), bytes: fc.integer({ min: 1, max: 1_500 }) }),
  { minLength: 1, maxLength: 60 },
);

test('SHAPER-6 in no window leaves more than rate × t and the burst, or the frame that was being sent', () => {
  fc.assert(
    fc.property(offers, fc.nat(5_000), fc.nat(6_000), (sequence, burstBytes, queueBytes) => {
      const bytesPerSecond = 50_000;
      const bucket = new TokenBucket({ bytesPerSecond, burstBytes, queueBytes }, 0);
      const left: { at: number; bytes: number }[] = [];
      let now = 0;
      for (const { gapMs, bytes } of sequence) {
        now += gapMs;
        const at = bucket.take(now, bytes);
        if (at !== null) left.push({ at, bytes });
      }
      left.forEach((first, i) => {
        let sum = 0;
        for (const { at, bytes } of left.slice(i)) {
          sum += bytes;
          const most =
            ((at - first.at) * bytesPerSecond) / 1_000 + Math.max(burstBytes, first.bytes);
          expect(sum).toBeLessThanOrEqual(most + 1e-6);
        }
      });
    }),
    { numRuns: 300 },
  );
});

/** The same line, told byte by byte with a list of waiting frames: slow, and plainly right. */
function referenceLine(
  { bytesPerSecond, queueBytes }: Bandwidth,
  sequence: readonly { gapMs: number; bytes: number }[],
) {
  const perMs = bytesPerSecond / 1_000;
  const waiting: number[] = [];
  let overflows = 0;
  for (const { gapMs, bytes } of sequence) {
    for (let ms = 0; ms < gapMs; ms++) {
      for (let budget = perMs; budget > 0 && waiting.length > 0;) {
        const sent = Math.min(budget, waiting[0]!);
        budget -= sent;
        waiting[0]! -= sent;
        if (waiting[0] === 0) waiting.shift();
      }
    }
    const queued = waiting.reduce((sum, rest) => sum + rest, 0);
    if (waiting.length > 0 && queued + bytes > queueBytes) overflows += 1;
    else waiting.push(bytes);
  }
  return { overflows, queued: waiting.reduce((sum, rest) => sum + rest, 0) };
}

test('SHAPER-6 it overflows exactly as often as a line that is told byte by byte', () => {
  let seenOverflows = 0;
  fc.assert(
    fc.property(offers, fc.nat(6_000), (sequence, queueBytes) => {
      const line = bandwidth({ queueBytes });
      const bucket = new TokenBucket(line, 0);
      let now = 0;
      let overflows = 0;
      for (const { gapMs, bytes } of sequence) {
        now += gapMs;
        if (bucket.take(now, bytes) === null) overflows += 1;
      }
      const expected = referenceLine(line, sequence);
      expect(overflows).toBe(expected.overflows);
      expect(bucket.queuedBytes(now)).toBeCloseTo(expected.queued, 6);
      seenOverflows += overflows;
    }),
    { numRuns: 300 },
  );
  expect(seenOverflows).toBeGreaterThan(100);
});
