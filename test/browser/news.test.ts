import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher } from '../support/teacher.ts';

const CLASS = 8;
const HALF = 4;

const LOSS = 0.3;

/** How often everybody says something in a lossy network. */
const ROUNDS = 3;

/** Real tabs whose network is split, or loses what they send. */
describe(`what ${CLASS} tabs tell each other`, () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let students: Student[];
  let ids: NodeId[];
  /** Of all broadcasts of this class. */
  const said: string[] = [];

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    students = await classroom.join(CLASS);
    await fullMesh(students);
    ids = (await Promise.all(students.map((student) => student.call('self')))).map(({ id }) => id!);
  }, 180_000);
  afterAll(() => classroom?.close());

  const sideOf = (place: number): number => (place < HALF ? 0 : 1);

  describe.each(['cut', 'blackhole'] as const)('split 4 | 4 by %s', (style) => {
    let inside: string[];

    test('reaches all of its own side and nobody of the other', async () => {
      const groups = [ids.slice(0, HALF), ids.slice(HALF)];
      await obeyed(teacher.order('partition', groups, { style }));
      inside = await everybodySays('inside');
      await heard(inside, (speaker, place) => sideOf(speaker) === sideOf(place));
      // Once more, after whatever a protocol may have tried in between.
      inside.push(...(await everybodySays('still inside')));
      await heard(inside, (speaker, place) => sideOf(speaker) === sideOf(place));
      for (const [place, student] of students.entries()) {
        const deliveries = (await student.call('delivered')).filter(({ id }) =>
          inside.includes(id),
        );
        expect(deliveries.map(({ from }) => sideOf(ids.indexOf(from)))).toEqual(
          deliveries.map(() => sideOf(place)),
        );
      }
    });

    test('reaches all others too once it is healed, each once', async () => {
      await obeyed(teacher.order('heal'));
      await heard(inside);
      await heard(await everybodySays('whole again'));
      await eachOnce();
    });
  });

  test(`reaches all though ${100 * LOSS} % of all messages are lost, each once`, async () => {
    const rules = ids.flatMap((from) =>
      ids.filter((to) => to !== from).map((to) => ({ from, to, loss: LOSS })),
    );
    await obeyed(teacher.order('links', rules));
    const all: string[] = [];
    for (let round = 0; round < ROUNDS; round++)
      all.push(...(await everybodySays(`round ${round}`)));
    await heard(all);
    await eachOnce();
  });

  test('reaches nobody before what its sender had heard, where the room is causal', async () => {
    // With a third of all messages lost a cause may come later than anything waits for it.
    await obeyed(teacher.order('heal'));
    await obeyed(teacher.order('choose', { causal: true }));
    const all: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // One after the other, so that each has heard a bit more than the one before.
      for (const { page } of students) all.push(await page.evaluate(sayWhatIsHeard));
    }
    said.push(...all);
    await heard(all);
    const early = await Promise.all(students.map(({ page }) => page.evaluate(tooEarly)));
    expect(early.flat()).toEqual([]);
    await eachOnce();
  });

  test('complains of nothing', () => {
    expect(students.flatMap(({ errors }) => errors)).toEqual([]);
  });

  async function obeyed(order: Promise<{ version: number }>): Promise<void> {
    await obey(students, (await order).version);
  }

  async function everybodySays(text: string): Promise<string[]> {
    const broadcasts = await Promise.all(students.map((each) => each.call('broadcast', text)));
    const made = broadcasts.map(({ id }) => id);
    said.push(...made);
    return made;
  }

  /** Waits until everybody has heard all of that, or whomever it concerns; everybody spoke in turn. */
  async function heard(
    broadcasts: readonly string[],
    concerns: (speaker: number, place: number) => boolean = () => true,
  ): Promise<void> {
    await Promise.all(
      students.map((student, place) =>
        student.hasDelivered(...broadcasts.filter((_, number) => concerns(number % CLASS, place))),
      ),
    );
  }

  /** Everybody was handed all that was ever said, and nothing twice. */
  async function eachOnce(): Promise<void> {
    for (const student of students) {
      const delivered = (await student.call('delivered')).map(({ id }) => id);
      expect(delivered.toSorted()).toEqual(said.toSorted());
    }
  }
});

/** Runs in the page. */
function sayWhatIsHeard(): string {
  const heard = window.netsplit!.delivered().map(({ id }) => id);
  return window.netsplit!.broadcast({ heard }).id;
}

/** Runs in the page: what was handed over before something that its sender had heard. */
function tooEarly(): string[] {
  const before = new Set<string>();
  const found: string[] = [];
  for (const { id, payload } of window.netsplit!.delivered()) {
    const { heard = [] } = payload as { heard?: string[] };
    found.push(...heard.filter((cause) => !before.has(cause)).map((cause) => `${id} < ${cause}`));
    before.add(id);
  }
  return found;
}
