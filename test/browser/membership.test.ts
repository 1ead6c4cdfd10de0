import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Milliseconds } from '../../src/vocabulary.ts';
import { MortalClass } from '../support/mortal-class.ts';
import type { Judgement } from '../support/verdict-watch.ts';
import { fullMesh } from '../support/classroom.ts';
import { obey } from '../support/teacher.ts';

const CLASS = 8;
const LEFT = [0, 1, 2, 3];
const RIGHT = [4, 5, 6, 7];

/** `npm run soak -- kill` holds it to 1.5 s; here other programs may be at work. */
const DEAD_WITHIN_MS: Milliseconds = 3_000;

const SUSPENDED_MS: Milliseconds = 3_000;

/** `npm run soak -- quiet` waits ten minutes. */
const QUIET_MS: Milliseconds = 10_000;

/** Real tabs, one process each, of which one is killed, stopped, or left alone. */
describe(`a class of ${CLASS} tabs in which one dies or falls silent`, () => {
  let room: MortalClass;

  beforeAll(async () => {
    room = await MortalClass.open(CLASS);
  }, 180_000);
  afterAll(() => room?.close());

  test('nobody is suspected by anybody in a quiet time', async () => {
    expect(await room.quiet(QUIET_MS)).toEqual([]);
  });

  test.each([2, 5])(
    'tab %i is killed: dead for all others, nobody else is; it comes back in its next life',
    async (victim) => {
      await dies(victim);
      await comesBack(victim);
    },
  );

  test('a tab whose process stops for 3 s is suspected and not buried, and refutes', async () => {
    suspectedOnly(3, room.places(3), await room.freeze(3, SUSPENDED_MS));
  });

  test('a node that is paused for 3 s is suspected and not buried, and refutes', async () => {
    suspectedOnly(6, room.places(6), await room.pause(6, SUSPENDED_MS));
  });

  describe.each(['cut', 'blackhole'] as const)('split 4 | 4 by %s', (style) => {
    test('each side loses the other', async () => {
      await room.split([LEFT, RIGHT], style);
    });

    test('a tab that is killed is dead for its own side', async () => {
      await dies(1, without(LEFT, 1));
    });

    test('a tab that stops for 3 s is suspected by its own side and not buried, and refutes', async () => {
      const others = without(RIGHT, 6);
      suspectedOnly(6, others, await room.freeze(6, SUSPENDED_MS, others));
    });

    test('when it is healed all who live are alive for all, and who died is dead for all', async () => {
      const living = room.places(1);
      const { version } = await room.teacher.order('heal');
      await obey(at(living), version);
      await room.allAlive(living);
      await room.holdFor('dead', 1, living);
      await comesBack(1);
    });

    test('after that, a tab that is killed is dead for all, and one that stops is not', async () => {
      await dies(5);
      const others = room.places(0, 5);
      suspectedOnly(0, others, await room.freeze(0, SUSPENDED_MS, others));
      await comesBack(5);
    });
  });

  const without = (places: readonly number[], ...but: number[]) =>
    places.filter((place) => !but.includes(place));
  const at = (places: readonly number[]) => places.map((place) => room.students[place]!);

  async function dies(victim: number, others = room.places(victim)): Promise<void> {
    const { latestMs, judgements } = await room.kill(victim, others);
    expect(latestMs).toBeLessThan(DEAD_WITHIN_MS);
    expect(buried(judgements).filter(({ peer }) => peer !== room.ids[victim])).toEqual([]);
  }

  /** And all others know that it is another life. */
  async function comesBack(victim: number): Promise<void> {
    const before = await lifeOf(victim, room.places(victim));
    await room.restore(victim);
    await fullMesh(room.students);
    await room.allAlive();
    const after = await lifeOf(victim, room.places(victim));
    expect(after).toEqual(before.map((life) => life + 1));
  }

  function lifeOf(victim: number, others: readonly number[]): Promise<number[]> {
    return Promise.all(
      at(others).map(async (student) => {
        const members = await student.call('members');
        return members.find(({ id }) => id === room.ids[victim])!.life;
      }),
    );
  }

  /** By each of the others; and nobody was buried, not by the one that had stopped either. */
  function suspectedOnly(
    victim: number,
    others: readonly number[],
    judgements: readonly Judgement[],
  ): void {
    expect(buried(judgements)).toEqual([]);
    const suspected = judgements.filter(
      ({ peer, verdict }) => peer === room.ids[victim] && verdict === 'suspect',
    );
    expect(new Set(suspected.map(({ observer }) => observer))).toEqual(
      new Set(others.map((place) => room.ids[place])),
    );
  }
});

function buried(judgements: readonly Judgement[]): Judgement[] {
  return judgements.filter(({ verdict }) => verdict === 'dead');
}
