import { expect } from 'vitest';
import type { FailureDetector } from '../../src/membership/detectors/detector.ts';
import { SwimDetector } from '../../src/membership/detectors/swim.ts';
import { BEAT_MS } from '../../src/membership/pace.ts';
import { DIRECT_MS, INDIRECT_MS, PERIOD_MS } from '../../src/membership/probes.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

/** What every failure detector must pass. */
export interface DetectorCase {
  readonly title: string;
  run(make: () => FailureDetector): void;
}

export const PEER = testNodeId(1);

/** One detector that watches one neighbour, and a clock. What the neighbour does, a test says. */
export class Watch {
  readonly detector: FailureDetector;
  now: Milliseconds = 1_000;
  everyMs: Milliseconds = BEAT_MS;
  private readonly random = new Random('beats');
  private nextBeatAt = this.now;
  private nextProbeAt = this.now;

  constructor(detector: FailureDetector) {
    this.detector = detector;
    detector.watch(PEER, this.now);
  }

  get suspects(): boolean {
    return this.detector.suspects(PEER, this.now);
  }

  /** It lives: it beats, at an uneven pace, and answers whoever asks. */
  beats(forMs: Milliseconds, unevenMs: Milliseconds = 20): void {
    this.nextBeatAt = Math.max(this.nextBeatAt, this.now);
    this.pass(forMs, () => {
      if (this.asks()) this.detector.heard(PEER, this.now);
      if (this.now < this.nextBeatAt) return;
      this.nextBeatAt += this.everyMs + this.random.below(unevenMs);
      this.detector.heard(PEER, this.now);
      this.detector.beat(PEER, this.now, this.everyMs);
    });
  }

  /** Nothing is heard of it. Returns when it came to be suspected, from the beginning of this. */
  silence(forMs: Milliseconds): Milliseconds | null {
    const start = this.now;
    let suspectedAfter: Milliseconds | null = null;
    this.pass(forMs, () => {
      this.asks();
      if (this.suspects) suspectedAfter ??= this.now - start;
    });
    return suspectedAfter;
  }

  /** The detector's own node does not run for so long; then it notices. */
  pause(forMs: Milliseconds): void {
    this.now += forMs;
    this.detector.excuse(forMs, this.now);
    this.nextProbeAt = this.now;
  }

  /** Something other than a beat. */
  hears(): void {
    this.detector.heard(PEER, this.now);
  }

  private pass(forMs: Milliseconds, each: () => void): void {
    for (const end = this.now + forMs; this.now < end; this.now += STEP_MS) each();
  }

  /** SWIM has nothing to wait for unless somebody asks. */
  private asks(): boolean {
    if (!(this.detector instanceof SwimDetector) || this.now < this.nextProbeAt) return false;
    this.nextProbeAt += PERIOD_MS;
    this.detector.asked(PEER, this.now, DIRECT_MS + INDIRECT_MS);
    return true;
  }
}

const STEP_MS: Milliseconds = 10;

const SOON: Milliseconds = 500;
const LATE: Milliseconds = 1_500;

export const detectorCompliance: readonly DetectorCase[] = [
  {
    title: 'FD-2 who is heard is never suspected, however uneven its beats',
    run(make) {
      const watch = new Watch(make());
      for (let i = 0; i < 600; i++) {
        watch.beats(1_000, 1 + (i % 4) * 60);
        expect(watch.suspects).toBe(false);
      }
    },
  },
  {
    title: 'FD-2 a sign of life of any kind ends a suspicion',
    run(make) {
      const watch = new Watch(make());
      watch.beats(5_000);
      watch.silence(3_000);
      expect(watch.suspects).toBe(true);
      watch.hears();
      expect(watch.suspects).toBe(false);
    },
  },
  {
    title:
      'FD-3 whoever falls silent is suspected in half a second to one and a half, and stays so',
    run(make) {
      const watch = new Watch(make());
      watch.beats(30_000);
      const after = watch.silence(LATE + SOON);
      expect(after).toBeGreaterThan(SOON);
      expect(after).toBeLessThan(LATE);
      watch.silence(60_000);
      expect(watch.suspects).toBe(true);
    },
  },
  {
    title: 'FD-3 so is one whose link opened, and of whom nothing was ever heard',
    run(make) {
      const after = new Watch(make()).silence(LATE + SOON);
      expect(after).toBeGreaterThan(SOON);
      expect(after).toBeLessThan(LATE);
    },
  },
  {
    title: 'FD-3 who beats seldomer, by its own word, is given more time',
    run(make) {
      const watch = new Watch(make());
      watch.everyMs = 6 * BEAT_MS;
      for (let i = 0; i < 60; i++) {
        watch.beats(1_000);
        expect(watch.suspects).toBe(false);
      }
      expect(watch.silence(6 * LATE)).toBeGreaterThan(SOON);
    },
  },
  {
    title: 'FD-4 the silence of a pause of this node’s own convicts nobody; what follows it does',
    run(make) {
      const watch = new Watch(make());
      watch.beats(30_000);
      watch.silence(200);
      watch.pause(10_000);
      expect(watch.suspects).toBe(false);
      const after = watch.silence(LATE + SOON);
      expect(after).toBeGreaterThan(200);
      expect(after).toBeLessThan(LATE);
    },
  },
  {
    title: 'FD-4 a pause of its own acquits nobody who was silent for long before',
    run(make) {
      const watch = new Watch(make());
      watch.beats(30_000);
      watch.silence(3_000);
      watch.pause(10_000);
      expect(watch.suspects).toBe(true);
    },
  },
  {
    title: 'FD-5 after outages and pauses it suspects as soon as it did before them',
    run(make) {
      const before = new Watch(make());
      before.beats(30_000);
      const usual = before.silence(LATE)!;

      const watch = new Watch(make());
      watch.beats(30_000);
      for (let i = 0; i < 5; i++) {
        watch.silence(10_000);
        watch.beats(2_000);
        watch.pause(5_000);
        // What had waited comes all at once.
        for (let k = 0; k < 25; k++) {
          watch.hears();
          watch.detector.beat(PEER, watch.now, BEAT_MS);
        }
        watch.beats(2_000);
      }
      expect(watch.suspects).toBe(false);
      expect(Math.abs(watch.silence(LATE + SOON)! - usual)).toBeLessThan(BEAT_MS);
    },
  },
  {
    title: 'FD-6 whoever says other things in between, and many, is no less watched for it',
    run(make) {
      const watch = new Watch(make());
      for (let i = 0; i < 300; i++) {
        watch.beats(100);
        for (let k = 0; k < 10; k++) watch.hears();
      }
      expect(watch.suspects).toBe(false);
      expect(watch.silence(LATE)).toBeGreaterThan(SOON);
    },
  },
  {
    title: 'FD-7 what it says of its working is what it thinks',
    run(make) {
      const watch = new Watch(make());
      watch.beats(5_000);
      let before = -Infinity;
      for (let i = 0; i < 30; i++) {
        watch.silence(50);
        const working = watch.detector.working(PEER, watch.now)!;
        expect(working.detector).toBe(watch.detector.name);
        expect(working.suspects).toBe(watch.suspects);
        expect(working.level >= working.threshold).toBe(watch.suspects);
        expect(working.level).toBeGreaterThanOrEqual(before);
        expect(JSON.parse(JSON.stringify(working))).toEqual(working);
        expect(working.reason).not.toBe('');
        before = working.level;
      }
      expect(watch.suspects).toBe(true);
      const { level } = watch.detector.working(PEER, watch.now + 86_400_000)!;
      expect(Number.isFinite(level)).toBe(true);
    },
  },
  {
    title: 'FD-7 who is not watched, or no longer, is not suspected and has no working',
    run(make) {
      const watch = new Watch(make());
      const stranger: NodeId = testNodeId(2);
      watch.detector.heard(stranger, watch.now);
      watch.detector.beat(stranger, watch.now, BEAT_MS);
      watch.silence(3_000);
      watch.detector.forget(PEER);
      for (const id of [stranger, PEER]) {
        expect(watch.detector.suspects(id, watch.now)).toBe(false);
        expect(watch.detector.working(id, watch.now)).toBeNull();
      }
      watch.detector.watch(PEER, watch.now);
      expect(watch.suspects).toBe(false);
    },
  },
];
