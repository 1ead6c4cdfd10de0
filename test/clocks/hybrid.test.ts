import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareHybrid,
  decodeHybrid,
  encodeHybrid,
  HybridClock,
  MAX_AHEAD_MS,
  MAX_LOGICAL,
  MAX_PHYSICAL,
  type HybridTime,
} from '../../src/clocks/hybrid.ts';
import { TrueTime } from '../support/true-time.ts';

const at = (physical: number, logical = 0): HybridTime => ({ physical, logical });

describe('the rules of the paper', () => {
  test('HLC-1 a wall clock that moves on resets the counter, one that stands still raises it', () => {
    const time = new TrueTime(1_000.7);
    const clock = new HybridClock(time.now);
    expect([clock.tick(), clock.tick(), clock.tick()]).toEqual([at(1_000), at(1_000, 1), at(1_000, 2)]); // prettier-ignore
    time.pass(0.5);
    expect(clock.tick()).toEqual(at(1_001));
  });

  test('HLC-1 a wall clock that jumped back is waited for', () => {
    const time = new TrueTime(5_000);
    const clock = new HybridClock(time.now);
    clock.tick();
    time.pass(-4_000);
    expect(clock.tick()).toEqual(at(5_000, 1));
    time.pass(4_001);
    expect(clock.tick()).toEqual(at(5_001));
  });

  test.each([
    ['the message is ahead', at(2_000, 7), at(2_000, 8)],
    ['the message is level and its counter higher', at(1_500, 7), at(1_500, 8)],
    ['the message is level and its counter lower', at(1_500, 1), at(1_500, 4)],
    ['the message is behind', at(900, 99), at(1_500, 4)],
  ])('HLC-2 a receipt when %s', (_which, sentAt, expected) => {
    const clock = new HybridClock(() => 1_000, at(1_500, 3));
    expect(clock.receive(sentAt)).toEqual({ time: expected, refusedAheadMs: null });
    expect(clock.now).toEqual(expected);
  });

  test('HLC-2 a receipt when the wall clock is ahead of both', () => {
    const clock = new HybridClock(() => 3_000, at(1_500, 3));
    expect(clock.receive(at(2_000, 7)).time).toEqual(at(3_000));
  });

  test('HLC-1 a life that remembers its last time goes on above it', () => {
    expect(new HybridClock(() => 10, at(50, 2)).tick()).toEqual(at(50, 3));
  });
});

/** A thousand executions, on a machine that has other work too. */
const LONG_TEST_MS = 30_000;

const NODES = 4;
/** Wall clocks are within this of true time. */
const EPSILON = 250;
const START = 1_000_000;

const steps = fc.array(
  fc.record({
    node: fc.nat(NODES - 1),
    do: fc.constantFrom('local', 'send', 'receive', 'set wall clock'),
    which: fc.nat(),
    passed: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 40, noNaN: true })),
    error: fc.double({ min: -EPSILON, max: EPSILON, noNaN: true }),
  }),
  { maxLength: 80, size: 'max' },
);

interface Event {
  readonly time: HybridTime;
  /** The event of the same node before it, and for a receipt the sending: order is transitive. */
  readonly causes: readonly HybridTime[];
  readonly wall: number;
  readonly trueTime: number;
  readonly refused: boolean;
}

type Run = typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never;

/** Plays a run of nodes whose wall clocks jump within epsilon. */
function play(run: Run): Event[] {
  const time = new TrueTime(START);
  // The first is the slowest, the last the fastest.
  const errors = Array.from({ length: NODES }, (_, i) => ((2 * i) / (NODES - 1) - 1) * EPSILON);
  const wall = (node: number) => time.now() + errors[node]!;
  const clocks = errors.map((_, node) => new HybridClock(() => wall(node)));
  const events: Event[] = [];
  const last = new Map<number, HybridTime>();
  const sent: HybridTime[] = [];
  for (const { node, do: what, which, passed, error } of run) {
    time.pass(passed);
    if (what === 'set wall clock') errors[node] = error;
    if (what === 'set wall clock' || (what === 'receive' && sent.length === 0)) continue;
    const clock = clocks[node]!;
    const sending = what === 'receive' ? sent[which % sent.length]! : undefined;
    const causes = [last.get(node), sending].filter((cause) => cause !== undefined);
    const refused = sending !== undefined && clock.receive(sending).refusedAheadMs !== null;
    if (sending === undefined) clock.tick();
    if (what === 'send') sent.push(clock.now);
    last.set(node, clock.now);
    events.push({ time: clock.now, causes, wall: wall(node), trueTime: time.now(), refused });
  }
  return events;
}

function wrongWith(events: readonly Event[]): string[] {
  const levels = new Map<number, number>();
  return events.flatMap(({ time, causes, wall, trueTime, refused }, i) => {
    const level = levels.get(time.physical) ?? 0;
    levels.set(time.physical, level + 1);
    const wrong = [
      refused && 'refused',
      causes.some((cause) => compareHybrid(cause, time) >= 0) && 'not after its causes',
      causes.some((cause) => encodeHybrid(cause) >= encodeHybrid(time)) && 'its text is not after',
      time.physical < Math.floor(wall) && 'behind its own wall clock',
      time.physical > trueTime + EPSILON && 'further ahead than the fastest wall clock may be',
      time.logical > level && 'counts more than happened while physical time stood still',
    ];
    return wrong.filter((text) => text !== false).map((text) => `event ${i}: ${text}`);
  });
}

describe('random executions of nodes whose wall clocks jump within epsilon', () => {
  test(
    'HLC-3 HLC-4 order respects happened-before, and time stays within epsilon',
    () => {
      let ordered = 0;
      let ahead = 0;
      fc.assert(
        fc.property(steps, (run) => {
          const events = play(run);
          expect(wrongWith(events)).toEqual([]);
          for (const { time, causes, wall } of events) {
            ordered += causes.length;
            if (time.physical > wall) ahead += 1;
          }
        }),
        { numRuns: 1_000 },
      );
      // Enough was compared, and clocks did hear from faster ones.
      expect(ordered).toBeGreaterThan(10_000);
      expect(ahead).toBeGreaterThan(1_000);
    },
    LONG_TEST_MS,
  );
});

describe('limits', () => {
  test('HLC-5 a full counter carries into the physical part, and order holds', () => {
    const clock = new HybridClock(() => 1_000, at(1_000, MAX_LOGICAL - 1));
    expect(clock.tick()).toEqual(at(1_000, MAX_LOGICAL));
    expect(clock.tick()).toEqual(at(1_001));
    expect(clock.receive(at(1_001, MAX_LOGICAL)).time).toEqual(at(1_002));
  });

  test('HLC-6 one millisecond beyond the limit is refused, said and counted; at the limit it is followed', () => {
    const clock = new HybridClock(() => 1_000);
    const tooFar = at(1_000 + MAX_AHEAD_MS + 1);
    expect(clock.receive(tooFar)).toEqual({ time: at(1_000), refusedAheadMs: MAX_AHEAD_MS + 1 });
    expect(clock.refused).toBe(1);
    expect(clock.receive(at(1_000 + MAX_AHEAD_MS, 4)).time).toEqual(at(1_000 + MAX_AHEAD_MS, 5));
    expect(clock.refused).toBe(1);
  });
});

describe('as text', () => {
  const times = fc.record({
    physical: fc.oneof(fc.nat(MAX_PHYSICAL), fc.nat(20)),
    logical: fc.oneof(fc.nat(MAX_LOGICAL), fc.nat(20)),
  });

  test('HLC-3 texts sort as the times do, and decode to them', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const [x, y] = [encodeHybrid(a), encodeHybrid(b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(compareHybrid(a, b)));
        expect(decodeHybrid(x)).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', '0', '000000000001-00001', '00000000000G-0001', ' 000000000001-0001', '000000000001-0001\n'])(
    'what is no such text is not decoded: %j',
    (text) => expect(decodeHybrid(text)).toBeUndefined(),
  ); // prettier-ignore
});
