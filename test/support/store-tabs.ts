import type { KvOutcome } from '../../src/election/kv/outcome.ts';
import type { NoteDetail } from '../../src/trace/kept-notes.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Student } from './classroom.ts';

/** A write that a tab asked for, and when it ended; true times. */
export interface Written {
  readonly askedAt: Milliseconds;
  readonly endedAt: Milliseconds;
  readonly outcome: KvOutcome;
}

export function put({ page }: Student, key: string, value: Json): Promise<KvOutcome> {
  return page.evaluate(([name, text]) => window.netsplit!.kv.put(name, JSON.parse(text)), [
    key,
    JSON.stringify(value),
  ] as const);
}

export function get({ page }: Student, key: string): Promise<KvOutcome> {
  return page.evaluate((name) => window.netsplit!.kv.get(name), key);
}

/** By which choices its node has elected: `election` notes of its trace. */
export function groupsOf({ page }: Student): Promise<string[]> {
  return page.evaluate(() =>
    window
      .netsplit!.trace({ limit: 100_000 })
      .flatMap((event) =>
        event.type === 'note' && event.kind === 'election'
          ? [`${String(event.detail['turn'])} ${String(event.detail['by'])}`]
          : [],
      ),
  );
}

/** What its node noted last of this kind. */
export async function lastNote(student: Student, kind: string): Promise<NoteDetail | undefined> {
  const trace = await student.call('trace', { limit: 100_000 });
  const notes = trace.flatMap((event) =>
    event.type === 'note' && event.protocol === 'election' && event.kind === kind
      ? [event.detail]
      : [],
  );
  return notes.at(-1);
}

/** Puts again and again until one has succeeded that was asked for at `since` or later; answers all. */
export function putUntilOne({ page }: Student, since: Milliseconds): Promise<Written[]> {
  return page.evaluate(async (from) => {
    const written: Written[] = [];
    for (let i = 0; ; i++) {
      const askedAt = performance.timeOrigin + performance.now();
      const outcome = await window.netsplit!.kv.put('proof', i);
      written.push({ askedAt, endedAt: performance.timeOrigin + performance.now(), outcome });
      if (askedAt >= from && 'ok' in outcome && outcome.ok) return written;
    }
  }, since);
}

/** A vote that a node has given: `vote` notes of its trace. */
export interface GivenVote {
  readonly group: string;
  readonly term: number;
  readonly for: NodeId;
}

declare global {
  interface Window {
    /** Every vote of this tab's node, also those of earlier lives of the tab. */
    testVotes?: () => GivenVote[];
  }
}

/** Every vote from now on is kept for the test, whatever the tab's trace forgets, and through its reloads. */
export async function watchVotes({ page }: Student): Promise<void> {
  await page.addInitScript(keepVotes);
  await page.evaluate(keepVotes);
}

/** Tab by tab. */
export function votesOf(students: readonly Student[]): Promise<GivenVote[][]> {
  return Promise.all(students.map(({ page }) => page.evaluate(() => window.testVotes!())));
}

/** Runs in the page, before its own code where it loads. */
function keepVotes(): void {
  const KEY = 'test votes';
  const LOOK_EVERY_MS = 5_000;
  const kept = new Set<string>(JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[]);
  window.testVotes = () => {
    for (const event of window.netsplit?.trace({ limit: 100_000 }) ?? [])
      if (event.type === 'note' && event.kind === 'vote') kept.add(JSON.stringify(event.detail));
    return [...kept].map((vote) => JSON.parse(vote) as GivenVote);
  };
  setInterval(window.testVotes, LOOK_EVERY_MS);
  window.addEventListener('pagehide', () => {
    window.testVotes!();
    sessionStorage.setItem(KEY, JSON.stringify([...kept]));
  });
}

/** Those terms in which one node voted for two. */
export function doubleVotes(votes: readonly GivenVote[]): readonly string[] {
  const given = new Map<string, NodeId>();
  return votes.flatMap(({ group, term, for: candidate }) => {
    const election = `${group} term ${term}`;
    const first = given.get(election) ?? candidate;
    given.set(election, first);
    return first === candidate ? [] : [`${election}: ${first} and ${candidate}`];
  });
}
