import { setTimeout as delay } from 'node:timers/promises';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import {
  Classroom,
  fullMesh,
  type ClassroomOptions,
  type Session,
  type Student,
} from './classroom.ts';
import { rendererOf } from './renderer.ts';
import { obey, Teacher } from './teacher.ts';
import { VerdictWatch, type Judgement } from './verdict-watch.ts';

/** A class on a slow machine: past it, what is waited for will not come. */
const STEP_MS = 60_000;

/** A trace forgets what is older than its last 10,000 events: a minute and a half of a class of eight. */
const READ_EVERY_MS = 20_000;

export interface Death {
  readonly killedAt: Milliseconds;
  /** From the kill until the last of the others held it dead, by the traces. */
  readonly latestMs: Milliseconds;
  readonly judgements: readonly Judgement[];
}

/** A real class whose tabs can be killed, frozen and brought back one by one, and whose verdicts are all read. */
export class MortalClass {
  readonly classroom: Classroom;
  readonly teacher: Teacher;
  /** By place: a tab that was brought back sits where it sat. */
  readonly students: Student[];
  readonly ids: readonly NodeId[];
  readonly #watch = new VerdictWatch();
  /** Of those that were killed. */
  readonly #sessions = new Map<number, Session>();

  private constructor(
    classroom: Classroom,
    teacher: Teacher,
    students: Student[],
    ids: readonly NodeId[],
  ) {
    this.classroom = classroom;
    this.teacher = teacher;
    this.students = students;
    this.ids = ids;
  }

  /** When it is open, every node holds every other for alive. */
  static async open(size: number, options: ClassroomOptions = {}): Promise<MortalClass> {
    const classroom = await Classroom.open(options);
    const teacher = new Teacher((await classroom.teach()).page);
    const students = await classroom.join(size);
    await fullMesh(students);
    const ids = (await Promise.all(students.map((each) => each.call('self')))).map(({ id }) => id!);
    const opened = new MortalClass(classroom, teacher, students, ids);
    await opened.allAlive();
    await opened.judgements();
    return opened;
  }

  close(): Promise<void> {
    return this.classroom.close();
  }

  /** Parts the class, and waits until each group has lost all others. */
  async split(groups: readonly (readonly number[])[], style: 'cut' | 'blackhole'): Promise<void> {
    const ids = groups.map((places) => places.map((place) => this.ids[place]!));
    const { version } = await this.teacher.order('partition', ids, { style });
    await obey(this.students, version);
    await Promise.all(
      groups.flatMap((group) =>
        this.places(...group).map((place) => this.holdFor('dead', place, group)),
      ),
    );
    await this.judgements();
  }

  /** What the nodes in these places judged since they were asked for the last time. */
  judgements(places: readonly number[] = this.places()): Promise<Judgement[]> {
    return this.#watch.take(this.#at(places));
  }

  /** Every place, but those given. */
  places(...but: readonly number[]): number[] {
    return [...this.students.keys()].filter((place) => !but.includes(place));
  }

  /** Kills the process of a tab, and waits until all these others hold its node for dead. */
  async kill(
    victim: number,
    others: readonly number[] = this.places(victim),
    onKill: (at: Milliseconds) => void = () => {},
  ): Promise<Death> {
    await this.judgements(others);
    const student = this.students[victim]!;
    this.#sessions.set(victim, await student.session());
    const renderer = await rendererOf(student.page);
    const crashed = student.page.waitForEvent('crash');
    const killedAt = Date.now();
    renderer.kill();
    onKill(killedAt);
    await crashed;
    await this.holdFor('dead', victim, others);
    const judgements = await this.judgements(others);
    const deaths = judgements.filter(
      ({ peer, verdict, at }) => peer === this.ids[victim] && verdict === 'dead' && at >= killedAt,
    );
    const first = others.map((place) =>
      deaths.find(({ observer }) => observer === this.ids[place]),
    );
    return {
      killedAt,
      latestMs: Math.max(...first.map((each) => each!.at)) - killedAt,
      judgements,
    };
  }

  /** Stops the process of a tab for so long, and answers what these others judged until it had refuted. */
  freeze(
    victim: number,
    ms: Milliseconds,
    others: readonly number[] = this.places(victim),
  ): Promise<Judgement[]> {
    return this.#silence(victim, others, async () => {
      const renderer = await rendererOf(this.students[victim]!.page);
      renderer.freeze();
      try {
        await delay(ms);
      } finally {
        renderer.thaw();
      }
    });
  }

  /** The same, by the command that every student has. */
  pause(
    victim: number,
    ms: Milliseconds,
    others: readonly number[] = this.places(victim),
  ): Promise<Judgement[]> {
    return this.#silence(victim, others, async () => {
      await this.students[victim]!.call('pause', ms);
      await delay(ms);
      await this.students[victim]!.is('joined');
    });
  }

  /** Nothing is done to anybody; answers every word against a node that was said or taken up meanwhile. */
  async quiet(ms: Milliseconds): Promise<Judgement[]> {
    const found: Judgement[] = [];
    await this.judgements();
    for (let left = ms; left > 0; left -= READ_EVERY_MS) {
      await delay(Math.min(left, READ_EVERY_MS));
      found.push(...(await this.judgements()));
    }
    return found.filter(({ verdict }) => verdict !== 'alive');
  }

  /** Opens a killed tab again, as browsers do: in the same session, so it is the same node's next life. */
  async restore(victim: number): Promise<void> {
    const session = this.#sessions.get(victim);
    if (session === undefined) throw new Error(`the tab in place ${victim} was not killed`);
    const student = await this.classroom.reopen(this.students[victim]!, session);
    this.students[victim] = student;
    await student.is('joined');
  }

  /** Waits until these nodes hold that one so. */
  async holdFor(
    verdict: Judgement['verdict'],
    place: number,
    others: readonly number[] = this.places(place),
  ): Promise<void> {
    await Promise.all(others.map((by) => this.#view(by, place, { verdict, refutations: 0 })));
  }

  /** Waits until these nodes hold each other for alive. */
  async allAlive(places = this.places()): Promise<void> {
    await Promise.all(
      places.map((place) =>
        this.holdFor(
          'alive',
          place,
          places.filter((other) => other !== place),
        ),
      ),
    );
  }

  async #silence(
    victim: number,
    others: readonly number[],
    act: () => Promise<void>,
  ): Promise<Judgement[]> {
    await this.judgements([victim, ...others]);
    const before = await this.#refutations(victim, others);
    await act();
    await Promise.all(
      others.map((by, i) =>
        this.#view(by, victim, { verdict: 'alive', refutations: before[i]! + 1 }),
      ),
    );
    return this.judgements([victim, ...others]);
  }

  /** Waits until one node sees another so. */
  async #view(by: number, place: number, wanted: Wanted): Promise<void> {
    const { page } = this.students[by]!;
    const id = this.ids[place]!;
    try {
      await page.waitForFunction(seesSo, { id, ...wanted }, { timeout: STEP_MS });
    } catch (error) {
      const seen = await page.evaluate(
        (of) => window.netsplit!.members().find((member) => member.id === of),
        id,
      );
      const sight = `${this.ids[by]} (${by}) of ${id} (${place}): ${JSON.stringify(seen)}`;
      throw new Error(`waited for ${JSON.stringify(wanted)}; ${sight}`, { cause: error });
    }
  }

  #refutations(victim: number, others: readonly number[]): Promise<number[]> {
    return Promise.all(
      this.#at(others).map(async (student) => {
        const members = await student.call('members');
        return members.find(({ id }) => id === this.ids[victim])!.refutation;
      }),
    );
  }

  #at(places: readonly number[]): Student[] {
    return places.map((place) => this.students[place]!);
  }
}

interface Wanted {
  readonly verdict: Judgement['verdict'];
  /** At least so many in its present life. */
  readonly refutations: number;
}

/** Runs in the page. */
function seesSo({ id, verdict, refutations }: Wanted & { readonly id: NodeId }): boolean {
  const peer = window.netsplit!.peers().find((each) => each.id === id);
  const member = window.netsplit!.members().find((each) => each.id === id);
  return peer?.verdict === verdict && (member?.refutation ?? 0) >= refutations;
}
