import { describe, expect, test } from 'vitest';
import type { BoardPicture } from '../../../../client/session/board/board-picture.ts';
import { MAX_PICTURES_KEPT, PastPlayer } from '../../../../client/session/board/past-player.ts';

/** A replay of so many steps of one millisecond each, whose picture says how many there were. */
function player(length: number) {
  let now = 0;
  let advances = 0;
  const replay = {
    steps: Array.from({ length }, () => []),
    position: 0,
    advance: () => ((now += 1), (advances += 1), (replay.position += 1)),
    rewind: () => (replay.position = 0),
  };
  const pictured = (writes: number) => ({ writes }) as BoardPicture;
  function* draw(): Generator<void, BoardPicture> {
    yield;
    return pictured(replay.position);
  }
  const past = new PastPlayer(replay, pictured(length), draw, () => now);
  const work = () => {
    let frames = 1;
    while (past.work()) frames += 1;
    return frames;
  };
  return { past, work, advances: () => advances };
}

describe('the past of a board', () => {
  test('LAB-6 begins where the board is, with nothing to be played', () => {
    const { past, work, advances } = player(20);
    expect([work(), advances()]).toEqual([1, 0]);
    expect(past.view).toMatchObject({ step: 20, of: 20, played: null, picture: { writes: 20 } });
  });

  test('is played to a step a little in each frame, and says how far it is', () => {
    const { past, work } = player(40);
    past.seek(30);
    expect(past.work()).toBe(true);
    expect(past.view).toMatchObject({ step: 30, played: 8, picture: { writes: 40 } });
    expect(work()).toBe(3);
    expect(past.view).toMatchObject({ step: 30, played: null, picture: { writes: 30 } });
  });

  test('goes on from where it is, and begins anew only to go back', () => {
    const { past, work, advances } = player(40);
    for (const [step, all] of [
      [10, 10],
      [15, 15],
      [5, 20],
    ] as const) {
      // prettier-ignore
      past.seek(step);
      work();
      expect([past.view.picture.writes, advances()]).toEqual([step, all]);
    }
  });

  test('shows at once what was looked at before, unless what is told of it has changed', () => {
    const { past, work, advances } = player(40);
    past.seek(10);
    work();
    past.seek(12);
    work();
    past.seek(10);
    expect([past.work(), past.view.picture.writes, advances()]).toEqual([false, 10, 12]);
    past.drawAnew();
    expect(past.view.played).not.toBeNull();
    expect([work() > 1, past.view.played]).toEqual([true, null]);
  });

  test('keeps so many pictures and no more', () => {
    const { past, work, advances } = player(MAX_PICTURES_KEPT + 10);
    for (let step = 1; step <= MAX_PICTURES_KEPT + 1; step++) {
      past.seek(step);
      work();
    }
    const before = advances();
    past.seek(1);
    work();
    expect(advances()).toBe(before + 1);
  });

  test('has no step before its first and none after its last', () => {
    const { past } = player(3);
    past.seek(-1);
    expect(past.view.step).toBe(0);
    past.seek(Infinity);
    expect(past.view.step).toBe(3);
  });
});
