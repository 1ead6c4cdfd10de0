import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLEAR, conditionsOf } from '../../src/network/conditions.ts';
import { MAX_FLIPPED_BITS } from '../../src/network/corruption.ts';
import { Shaper, type Fate } from '../../src/network/shaper.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Lane } from '../../src/wire/lane.ts';
import { conditions, errorOf, mean, offerEvenly, rule, shaper, type Faults } from './measure.ts';

const FRAME = Uint8Array.from({ length: 100 }, (_, i) => i);

const ALL: Faults = {
  latencyMs: 30,
  jitterMs: 30,
  loss: 0.2,
  lossBurst: 3,
  duplicate: 0.3,
  reorder: 0.2,
  reorderMs: 40,
  corrupt: 0.3,
  bytesPerSecond: 50_000,
  queueBytes: 2_000,
};

const offers = fc.array(
  fc.record({
    gapMs: fc.integer({ min: 0, max: 30 }),
    bytes: fc.integer({ min: 0, max: 1_500 }),
    lane: fc.constantFrom<Lane>('stream', 'datagram'),
  }),
  { minLength: 1, maxLength: 80 },
);

/** Offers a sequence; each fate with the time and lane of its offer. */
function run(target: Shaper, sequence: readonly { gapMs: number; bytes: number; lane: Lane }[]) {
  let now = 0;
  return sequence.map(({ gapMs, bytes, lane }) => {
    now += gapMs;
    return { now, lane, fate: target.offer(now, new Uint8Array(bytes), lane) };
  });
}

describe('always', () => {
  test('SHAPER-1 the same seed and the same offers have the same fate, another seed another', () => {
    const fates = (seed: string) => offerEvenly(shaper(ALL, seed), { frames: 200 });
    expect(fates('one')).toEqual(fates('one'));
    expect(fates('one')).not.toEqual(fates('two'));
  });

  test('SHAPER-1 nothing arrives before it was offered', () => {
    fc.assert(
      fc.property(offers, fc.nat(), (sequence, seed) => {
        for (const { now, fate } of run(shaper(ALL, seed), sequence)) {
          for (const { at } of fate.copies) expect(at).toBeGreaterThanOrEqual(now);
        }
      }),
    );
  });

  test('SHAPER-8 the stream keeps its order whatever befalls it, and copies follow at once', () => {
    fc.assert(
      fc.property(offers, fc.nat(), (sequence, seed) => {
        let last = 0;
        for (const { lane, fate } of run(shaper(ALL, seed), sequence)) {
          if (lane === 'datagram') continue;
          for (const { at } of fate.copies) expect(at).toBeGreaterThanOrEqual(last);
          last = fate.copies.at(-1)?.at ?? last;
          expect(new Set(fate.copies.map(({ at }) => at)).size).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('SHAPER-8 datagrams overtake each other', () => {
    const times = offerEvenly(shaper({ latencyMs: 30, jitterMs: 30 }), { frames: 100 }).map(
      ({ copies }) => copies[0]!.at,
    );
    expect(times).not.toEqual([...times].sort((a, b) => a - b));
  });

  test.each<Lane>(['stream', 'datagram'])('SHAPER-8 frames are lost on the %s', (lane) => {
    const fates = offerEvenly(shaper({ loss: 0.2 }), { frames: 1_000, lane });
    const lost = fates.filter(({ dropped }) => dropped === 'lost');
    expect(lost.length).toBeGreaterThan(150);
    expect(lost.length).toBeLessThan(250);
    expect(lost.every(({ copies }) => copies.length === 0)).toBe(true);
  });

  test('SHAPER-3 cut comes before blackhole, blackhole before the queue', () => {
    const dropped = (faults: Faults) => shaper(faults).offer(0, FRAME, 'stream');
    expect(dropped({ ...ALL, cut: true, blackhole: true })).toMatchObject({ dropped: 'cut' });
    expect(dropped({ ...ALL, blackhole: true })).toEqual({
      copies: [],
      dropped: 'blackhole',
      queuedBytes: 0,
      queueDelayMs: 0,
    });
  });

  test('SHAPER-3 what is lost on the way has used the line; what is doubled used it once', () => {
    const lost = shaper({ loss: 1, bytesPerSecond: 10_000 });
    expect(lost.offer(0, FRAME, 'datagram')).toMatchObject({
      dropped: 'lost',
      queuedBytes: 100,
      queueDelayMs: 10,
    });
    const doubled = shaper({ duplicate: 1, bytesPerSecond: 10_000 });
    expect(doubled.offer(0, FRAME, 'datagram')).toMatchObject({ queuedBytes: 100 });
  });
});

type Kind = 'latency' | 'loss' | 'duplicate' | 'reorder' | 'corrupt' | 'bandwidth';
const FIELDS: Record<Kind, (keyof Faults)[]> = {
  latency: ['latencyMs', 'jitterMs'],
  loss: ['loss', 'lossBurst'],
  duplicate: ['duplicate'],
  reorder: ['reorder', 'reorderMs'],
  corrupt: ['corrupt'],
  bandwidth: ['bytesPerSecond', 'queueBytes'],
};

function without(kind: Kind): Faults {
  return Object.fromEntries(
    Object.entries(ALL).filter(([field]) => !FIELDS[kind].includes(field as keyof Faults)),
  );
}

describe('taking one fault away leaves what the others do', () => {
  /** What each kind of fault did to a frame that was neither lost nor refused, in either run. */
  const decided: Record<Kind, (fate: Fate, now: number) => unknown> = {
    latency: ({ copies, queueDelayMs }, now) => (copies[0]!.at - now - queueDelayMs).toFixed(6),
    reorder: ({ copies, queueDelayMs }, now) => (copies[0]!.at - now - queueDelayMs).toFixed(6),
    loss: ({ dropped }) => dropped === 'lost',
    duplicate: ({ copies }) => copies.length,
    corrupt: ({ copies }) => [copies[0]!.damaged, [...copies[0]!.bytes]],
    bandwidth: ({ queueDelayMs, queuedBytes }) => [queueDelayMs, queuedBytes],
  };
  /** Together they make one delay: to compare one of them, the other must be in both runs. */
  const MINGLED: Record<Kind, Kind[]> = {
    latency: ['latency', 'reorder'],
    reorder: ['latency', 'reorder'],
    loss: ['loss'],
    duplicate: ['duplicate'],
    corrupt: ['corrupt'],
    bandwidth: ['bandwidth'],
  };

  const kinds = Object.keys(FIELDS) as Kind[];
  test.each(kinds)('SHAPER-2 without %s', (gone) => {
    fc.assert(
      fc.property(offers, fc.nat(), (sequence, seed) => {
        const datagrams = sequence.map((one) => ({ ...one, lane: 'datagram' as const }));
        const full = run(shaper(ALL, seed), datagrams);
        const less = run(shaper(without(gone), seed), datagrams);
        for (const kind of kinds) {
          if (MINGLED[kind].includes(gone)) continue;
          full.forEach(({ now, fate }, i) => {
            const other = less[i]!.fate;
            if (fate.dropped === 'overflow' || other.dropped === 'overflow') return;
            const passed = fate.dropped === null && other.dropped === null;
            if (!passed && kind !== 'loss' && kind !== 'bandwidth') return;
            expect(decided[kind](other, now), kind).toEqual(decided[kind](fate, now));
          });
        }
      }),
    );
  });

  test('SHAPER-2 without reordering, latency is as it was, and only what was held is earlier', () => {
    const arrivals = (faults: Faults) =>
      offerEvenly(shaper({ ...faults, loss: 0 }), { frames: 500, everyMs: 5 });
    const less = arrivals(without('reorder'));
    const earlier = arrivals(ALL).map(({ copies }, i) =>
      (copies[0]!.at - less[i]!.copies[0]!.at).toFixed(6),
    );
    expect(new Set(earlier)).toEqual(new Set(['0.000000', '40.000000']));
  });

  test('SHAPER-2 without loss, stream frames that were not lost arrive when they did', () => {
    const arrivals = (faults: Faults) =>
      offerEvenly(shaper(faults), { frames: 500, lane: 'stream' });
    const full = arrivals(ALL);
    const less = arrivals(without('loss'));
    const passed = full.flatMap(({ copies }, i) => (copies.length > 0 ? [i] : []));
    expect(passed.length).toBeLessThan(500);
    for (const i of passed) expect(less[i]!.copies[0]!.at).toBe(full[i]!.copies[0]!.at);
  });
});

test('SHAPER-2 chance is independent: what is lost is as late as what is not', () => {
  const faults: Faults = { latencyMs: 100, jitterMs: 100 };
  const delays = offerEvenly(shaper(faults)).map(({ copies }, i) => copies[0]!.at - i);
  const lost = offerEvenly(shaper({ ...faults, loss: 0.3 })).map(({ dropped }) => dropped !== null);
  const late = (which: boolean) => mean(delays.filter((_, i) => lost[i] === which));
  expect(errorOf(late(true), late(false))).toBeLessThan(0.03);
});

describe('copies', () => {
  test('SHAPER-7 share no memory with what was offered, nor with each other', () => {
    const mine = FRAME.slice();
    const { copies } = shaper({ duplicate: 1 }).offer(0, mine, 'datagram');
    mine.fill(0);
    const [one, two] = copies;
    one!.bytes.fill(1);
    expect(two!.bytes).toEqual(FRAME);
    expect(mine).toEqual(new Uint8Array(100));
    const { copies: single } = shaper({}).offer(0, mine, 'stream');
    mine.fill(9);
    expect(single[0]!.bytes).toEqual(new Uint8Array(100));
  });

  test('SHAPER-7 a damaged copy differs in a few bits, says so, and the frame itself does not', () => {
    const target = shaper({ corrupt: 1 });
    const counts = new Set<number>();
    for (let i = 0; i < 2_000; i++) {
      const { copies } = target.offer(i, FRAME, 'datagram');
      expect(copies[0]!.damaged).toBe(true);
      counts.add(differingBits(copies[0]!.bytes, FRAME));
    }
    expect([...counts].sort()).toEqual(Array.from({ length: MAX_FLIPPED_BITS }, (_, i) => i + 1));
    expect([...FRAME]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('SHAPER-7 the smallest frames can be damaged, and an empty one has nothing to flip', () => {
    const target = shaper({ corrupt: 1 });
    for (let i = 0; i < 100; i++) {
      const [copy] = target.offer(i, Uint8Array.of(0), 'datagram').copies;
      expect(copy!.bytes).not.toEqual(Uint8Array.of(0));
    }
    expect(target.offer(100, new Uint8Array(0), 'stream').copies[0]!.bytes).toHaveLength(0);
  });

  test('SHAPER-7 what is held back is overtaken by what follows within that time', () => {
    const target = shaper({ reorder: 0.5, reorderMs: 10 });
    const delays = offerEvenly(target, { frames: 200 }).map(({ copies }, i) => copies[0]!.at - i);
    expect(new Set(delays)).toEqual(new Set([0, 10]));
  });
});

function differingBits(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => sum + [...(byte ^ b[i]!).toString(2)].filter((x) => x === '1').length, 0); // prettier-ignore
}

describe('other rules', () => {
  test('SHAPER-9 chance goes on where it was', () => {
    const loss = { loss: 0.5 };
    const steady = offerEvenly(shaper(loss), { frames: 100 });
    const changed = shaper(loss);
    const fates = Array.from({ length: 100 }, (_, i) => {
      changed.change(conditions({ ...loss, duplicate: i % 2 }), i);
      return changed.offer(i, FRAME, 'datagram');
    });
    const lost = (all: readonly Fate[]) => all.map(({ dropped }) => dropped);
    expect(lost(fates)).toEqual(lost(steady));
  });

  test('SHAPER-9 what waits still waits, and the stream stays in order', () => {
    const target = shaper({ bytesPerSecond: 1_000, queueBytes: 1_000 });
    for (let i = 0; i < 10; i++) target.offer(0, FRAME, 'stream');
    target.change(conditions({ bytesPerSecond: 10_000, queueBytes: 1_000 }), 500);
    expect(target.queuedBytes(500)).toBe(500);
    expect(target.offer(500, FRAME, 'datagram').copies[0]!.at).toBe(560);
    target.change(CLEAR, 500);
    expect(target.offer(500, FRAME, 'stream').copies[0]!.at).toBe(1_000);
    expect(target.offer(500, FRAME, 'datagram').copies[0]!.at).toBe(500);
  });

  test('SHAPER-9 a new connection has nothing waiting', () => {
    const target = shaper({ bytesPerSecond: 1_000, queueBytes: 1_000 });
    for (let i = 0; i < 10; i++) target.offer(0, FRAME, 'stream');
    target.reopen(1);
    expect(target.queuedBytes(1)).toBe(0);
    expect(target.offer(1, FRAME, 'stream').copies[0]!.at).toBe(101);
  });

  test('SHAPER-9 the same line under other rules keeps what it has', () => {
    const line = { bytesPerSecond: 1_000, queueBytes: 1_000, burstBytes: 100 };
    const target = new Shaper(conditionsOf(rule(line)), new Random(1), 0);
    target.offer(0, FRAME, 'datagram');
    target.change(conditions({ ...line, latencyMs: 5 }), 0);
    expect(target.offer(0, FRAME, 'datagram').copies[0]!.at).toBe(105);
  });
});
