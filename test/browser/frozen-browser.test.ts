import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { TraceEvent } from '../../src/trace/event.ts';
import { MAX_SUSPICION_MS, MIN_SUSPICION_MS } from '../../src/membership/suspicion.ts';
import { PAUSE_THRESHOLD_MS } from '../../src/runtime/gap-watch.ts';
import { launchBrowser } from '../support/browser.ts';
import { BrowserProcesses } from '../support/browser-processes.ts';
import { Classroom, fullMesh, Student } from '../support/classroom.ts';

const FROZEN_MS = 5_000;

/** No detector suspects anybody who was heard this long ago, so nobody is found silent sooner after a pause. */
const LEAST_SILENCE_MS = 500;

/** A closed laptop lid: all of a browser stops, while another one goes on. */
describe('a browser that is frozen for five seconds', () => {
  const processes = new BrowserProcesses();
  let classroom: Classroom;
  let awake: Browser;
  let frozen: Student[];
  let outsider: Student;

  beforeAll(async () => {
    classroom = await Classroom.open({ browser: { args: [processes.mark] } });
    frozen = await classroom.join(2);
    awake = await launchBrowser();
    outsider = new Student(await awake.newPage());
    await outsider.page.goto(classroom.server.joinUrl);
    await fullMesh([...frozen, outsider]);
    // Each has been measured by each, so the detectors are at work.
    for (const student of [...frozen, outsider])
      await student.page.waitForFunction(() =>
        window.netsplit!.peers().every(({ rttMs }) => rttMs !== null),
      );

    await freezeFor(FROZEN_MS);
  });

  async function freezeFor(ms: number): Promise<void> {
    processes.freeze();
    try {
      await delay(ms);
    } finally {
      processes.thaw();
    }
    await Promise.all(frozen.map(hasHeardAllSinceItsPause));
  }

  afterAll(async () => {
    await awake?.close();
    await classroom?.close();
  });

  test('NODE-11 each of its tabs records one pause, of the length that it had', async () => {
    for (const student of frozen) {
      const pauses = (await traceOf(student)).filter(({ type }) => type === 'pause');
      expect(pauses).toHaveLength(1);
      const { lengthMs } = pauses[0] as Extract<TraceEvent, { type: 'pause' }>;
      expect(lengthMs).toBeGreaterThanOrEqual(FROZEN_MS - PAUSE_THRESHOLD_MS);
      expect(lengthMs).toBeLessThan(2 * FROZEN_MS);
    }
  });

  test('whoever stayed awake did suspect them, and had no pause itself', async () => {
    const events = await traceOf(outsider);
    expect(events.filter(({ type }) => type === 'pause')).toEqual([]);
    const suspected = events.flatMap((event) =>
      event.type === 'note' && event.detail['verdict'] === 'suspect' ? event.detail['peer'] : [],
    );
    const ids = await Promise.all(frozen.map(async (student) => (await student.call('self')).id));
    expect(new Set(suspected)).toEqual(new Set(ids));
  });

  test('FD-4 no tab of it convicts anybody for a silence that was its own, not even one that kills', async () => {
    await freezeFor(MAX_SUSPICION_MS + 2_000);
    for (const student of frozen) {
      const events = await traceOf(student);
      // What others held of them meanwhile comes as hearsay, and is contradicted.
      const own = events.filter((event) => isVerdict(event) && event.detail['by'] === event.node);
      for (const { at, detail } of own.filter(isVerdict)) {
        const wokeAt = events.findLast((event) => event.type === 'pause' && event.at <= at)?.at;
        // A neighbour that wakes later than this one may be found silent: in the time since then.
        if (detail['verdict'] === 'suspect') expect(at - wokeAt!).toBeGreaterThan(LEAST_SILENCE_MS);
        if (detail['verdict'] === 'dead') expect(at - wokeAt!).toBeGreaterThan(MIN_SUSPICION_MS);
      }
      await student.page.waitForFunction(() =>
        window
          .netsplit!.peers()
          .every(({ verdict, link }) => verdict === 'alive' && link === 'open'),
      );
    }
  });
});

type Verdict = Extract<TraceEvent, { type: 'note' }>;

function isVerdict(event: TraceEvent): event is Verdict {
  return event.type === 'note' && event.kind === 'verdict';
}

function traceOf(student: Student): Promise<readonly TraceEvent[]> {
  return student.call('trace', { limit: 100_000 });
}

/** Every peer has answered a ping that was sent after the pause: the detector has had its say. */
async function hasHeardAllSinceItsPause(student: Student): Promise<void> {
  await student.page.waitForFunction(() => {
    const events = window.netsplit!.trace({ limit: 100_000 });
    const pausedAt = events.findLast(({ type }) => type === 'pause')?.sequence ?? Infinity;
    const heard = new Set(
      events.flatMap((event) =>
        event.type === 'note' && event.kind === 'offset' && event.sequence > pausedAt
          ? event.detail['peer']
          : [],
      ),
    );
    return window.netsplit!.peers().every(({ id }) => heard.has(id));
  });
}
