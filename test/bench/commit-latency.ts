import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { NAMING_HELPER } from '../support/naming-helper.ts';
import { put } from '../support/store-tabs.ts';
import { until } from '../support/until.ts';
import { median } from './section.ts';

/** As many as vote unless somebody chooses. */
const VOTERS = 5;
const STEP_MS = 60_000;

/** Compilers see what runs, and every link has answered a few pings. */
const WARM_UP = 60;
const WRITES = 200;

/** Slow enough that one write is over before the next begins. */
const EVERY_MS = 40;

/** What a commit takes in real tabs; medians of one run, in ms. */
export interface CommitLatency {
  /** From the command until the leader has committed it. */
  readonly wholeMs: number;
  /** Until the leader's own entry was on its disk. */
  readonly leaderFlushMs: number;
  /** From then until it was committed: to the followers, onto the disks of two of them, and back. */
  readonly afterFlushMs: number;
  /** The same at a follower, from when the entry arrived. */
  readonly followerFlushMs: number;
  /** There and back between the leader and its second-fastest follower, by the links' own pings. */
  readonly roundTripMs: number;
}

export async function commitLatency(): Promise<CommitLatency> {
  const room = await Classroom.open();
  try {
    const students = await room.join(VOTERS);
    await fullMesh(students);
    const tabs = new ElectingTabs(students);
    await put(students[0]!, 'n', -1);
    await until(
      async () => {
        const states = await Promise.all(students.map((student) => tabs.state(student)));
        return states.every(({ role }) => role !== 'learner');
      },
      { what: 'five voters', deadlineMs: STEP_MS },
    );
    const ids = await tabs.idsOf();
    const leader = students[ids.indexOf(await tabs.agree('raft'))]!;
    await Promise.all(students.map(({ page }) => page.evaluate(NAMING_HELPER)));
    const { commits, roundTrips } = await write(leader, WARM_UP + WRITES);
    const flushes = await Promise.all(
      students.filter((student) => student !== leader).map(followerFlushes),
    );
    const byFollower = Object.values(roundTrips)
      .map(median)
      .sort((a, b) => a - b);
    return {
      wholeMs: median(commits.slice(WARM_UP).map(({ whole }) => whole)),
      afterFlushMs: median(commits.slice(WARM_UP).map(({ whole, flush }) => whole - flush)),
      leaderFlushMs: median(commits.slice(WARM_UP).map(({ flush }) => flush)),
      followerFlushMs: median(flushes.flat()),
      roundTripMs: byFollower[1]!,
    };
  } finally {
    await room.close();
  }
}

interface Written {
  readonly commits: readonly { readonly whole: number; readonly flush: number }[];
  readonly roundTrips: Readonly<Record<string, readonly number[]>>;
}

/** Commands of the leader's own tab, one after the other; when each was durable and committed, by its trace. */
function write({ page }: Student, count: number): Promise<Written> {
  return page.evaluate(
    async ([writes, everyMs]) => {
      const netsplit = window.netsplit!;
      const now = () => performance.timeOrigin + performance.now();
      /** How many events were seen; the first life of a tab has not had as many as are kept. */
      let seen = 0;
      const news = () => {
        const events = netsplit.trace({ since: seen, limit: 100_000 });
        seen += events.length;
        return events;
      };
      const commits: { whole: number; flush: number }[] = [];
      const roundTrips: Record<string, number[]> = {};
      for (let i = 0; i < writes; i++) {
        news();
        const askedAt = now();
        await netsplit.kv.put('n', i);
        const notes = news().flatMap((event) =>
          event.type === 'note' && event.protocol === 'election' ? [event] : [],
        );
        const durable = notes.find(({ kind }) => kind === 'log');
        const committed = notes.find(({ kind }) => kind === 'committed');
        if (durable && committed)
          commits.push({ whole: committed.at - askedAt, flush: durable.at - askedAt });
        for (const { id, rttMs } of netsplit.peers())
          if (rttMs !== null) (roundTrips[id] ??= []).push(rttMs);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
      return { commits, roundTrips };
    },
    [count, EVERY_MS] as const,
  );
}

/** From the arrival of entries until they were on this follower's disk. */
function followerFlushes({ page }: Student): Promise<number[]> {
  return page.evaluate(() => {
    const flushes: number[] = [];
    let arrivedAt: number | null = null;
    for (const event of window.netsplit!.trace({ limit: 100_000 })) {
      if (event.type === 'receive' && event.protocol === 'election') arrivedAt ??= event.at;
      if (event.type === 'send' && event.protocol === 'election') arrivedAt = null;
      if (event.type !== 'note' || event.kind !== 'log' || arrivedAt === null) continue;
      flushes.push(event.at - arrivedAt);
      arrivedAt = null;
    }
    return flushes;
  });
}
