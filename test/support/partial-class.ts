import { SLACK } from '../../src/membership/overlay/overlay.ts';
import type { SomeChoices } from '../../src/network/room-choices.ts';
import { partsOf } from '../../src/simulator/survivors.ts';
import type { Json, Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { Classroom, type Student } from './classroom.ts';
import { rendererOf } from './renderer.ts';
import { obey, Teacher } from './teacher.ts';
import { until } from './until.ts';

/** A class on a slow machine: past it, what is waited for will not come. */
const SETTLED_MS = 90_000;

/** Room for a full mesh is not what these classes are about. */
const FULL_MESH_UP_TO = 3;

/** Who is linked to whom, by places. */
type Graph = ReadonlyMap<number, readonly number[]>;

/** A real class whose tabs each keep a few neighbours, and of which many can be killed at once. */
export class PartialClass {
  readonly classroom: Classroom;
  readonly students: readonly Student[];
  readonly ids: readonly NodeId[];
  readonly #teacher: Teacher;
  readonly #activeView: number;
  #living: readonly number[];

  private constructor(
    classroom: Classroom,
    teacher: Teacher,
    students: readonly Student[],
    ids: readonly NodeId[],
    activeView: number,
  ) {
    this.classroom = classroom;
    this.#teacher = teacher;
    this.students = students;
    this.ids = ids;
    this.#activeView = activeView;
    this.#living = [...ids.keys()];
  }

  /** When the first is there the teacher chooses the size of the views; then all others come at once. */
  static async open(tabs: number, activeView: number): Promise<PartialClass> {
    const classroom = await Classroom.open();
    const [first] = await classroom.join(1);
    const { page } = await classroom.teach();
    const teacher = new Teacher(page);
    await teacher.is('joined');
    await page.getByLabel('Room for').fill(String(tabs));
    await page.getByLabel('Room for').press('Tab');
    await page.getByText(`1 of ${tabs}`).first().waitFor();
    await teacher.order('choose', { fullMeshUpTo: FULL_MESH_UP_TO, activeView });
    const students = [first!, ...(await classroom.join(tabs - 1))];
    const ids = (await Promise.all(students.map((each) => each.call('self')))).map(({ id }) => id!);
    return new PartialClass(classroom, teacher, students, ids, activeView);
  }

  close(): Promise<void> {
    return this.classroom.close();
  }

  async choose(choices: SomeChoices): Promise<void> {
    await this.#obeyed(this.#teacher.order('choose', choices));
  }

  /** No link is between these two from now on. */
  async cut(a: number, b: number): Promise<void> {
    const [from, to] = [this.ids[a]!, this.ids[b]!];
    const rules = [
      { from, to, cut: true },
      { from: to, to: from, cut: true },
    ];
    await this.#obeyed(this.#teacher.order('links', rules));
  }

  /** How many answers to its calls a node has had. */
  async answers(place: number): Promise<number> {
    const metrics = await this.students[place]!.call('metrics');
    return metrics['requests']!.messagesReceived;
  }

  async answered(place: number): Promise<void> {
    const what = `an answer to ${place}`;
    await until(async () => (await this.answers(place)) > 0, { what, deadlineMs: SETTLED_MS });
  }

  /** Waits until anybody's call has been answered. */
  someAnswered(): Promise<void> {
    return Promise.any(this.#living.map((place) => this.answered(place)));
  }

  /** Of the living: links that both ends hold for open. */
  async graph(): Promise<Graph> {
    const seen = new Map(
      await Promise.all(
        this.#living.map(async (place): Promise<[number, number[]]> => {
          const peers = await this.students[place]!.call('peers');
          const open = peers.filter(({ link }) => link === 'open').map(({ id }) => id);
          return [place, this.#living.filter((other) => open.includes(this.ids[other]!))];
        }),
      ),
    );
    return new Map(
      [...seen].map(([place, others]) => [
        place,
        others.filter((other) => seen.get(other)!.includes(place)),
      ]),
    );
  }

  /** Waits until the living are one mesh in which each has its share of links, and answers with it. */
  settled(): Promise<Graph> {
    const least = Math.min(this.#activeView, this.#living.length - 1);
    return this.#graphWhen('its share of links', SETTLED_MS, (graph) =>
      [...graph.values()].every(
        ({ length }) => length >= least && length <= this.#activeView + SLACK,
      ),
    );
  }

  /** Waits until the living are one mesh, and answers how long it took. */
  async oneWithin(deadlineMs: Milliseconds): Promise<Milliseconds> {
    const since = performance.now();
    await this.#graphWhen('one mesh', deadlineMs, () => true);
    return performance.now() - since;
  }

  /** Waits until what one of them says has reached all that live. */
  async hear(payload: Json): Promise<void> {
    const speaker = this.students[this.#living[0]!]!;
    const { id } = await speaker.call('broadcast', payload);
    await Promise.all(this.#living.map((place) => this.students[place]!.hasDelivered(id)));
  }

  /** Kills the processes of these tabs, all at once. */
  async kill(places: readonly number[]): Promise<void> {
    const renderers = [];
    for (const place of places) renderers.push(await rendererOf(this.students[place]!.page));
    const crashed = places.map((place) => this.students[place]!.page.waitForEvent('crash'));
    for (const renderer of renderers) renderer.kill();
    this.#living = this.#living.filter((place) => !places.includes(place));
    await Promise.all(crashed);
  }

  /** Waits until all that live work by what the teacher has said. */
  async #obeyed(order: Promise<{ version: number }>): Promise<void> {
    const { version } = await order;
    await obey(
      this.#living.map((place) => this.students[place]!),
      version,
    );
  }

  #graphWhen(
    what: string,
    deadlineMs: Milliseconds,
    holds: (graph: Graph) => boolean,
  ): Promise<Graph> {
    let last: Graph = new Map();
    return until(
      async () => {
        last = await this.graph();
        return partsOf(last).length === 1 && holds(last) && last;
      },
      { what, deadlineMs },
      () => [...last].map(([place, others]) => `${place}: ${others.join(' ')}`),
    );
  }
}
