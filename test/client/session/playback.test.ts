import { beforeEach, expect, test } from 'vitest';
import { Playback } from '../../../client/session/playback.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import { testNodeId } from '../../support/node-ids.ts';

const A = testNodeId(0);
let now = 0;
let playback: Playback;

beforeEach(() => {
  now = 5_000;
  const chronicle = new Chronicle();
  [100, 200, 200, 450, 1_100].forEach((at, i) => {
    const sequence = i + 1;
    chronicle.add({ node: A, incarnation: 1, sequence, lamport: 1, vector: { [A]: sequence }, at, wall: at, monotonic: at, type: 'start' }); // prettier-ignore
  });
  playback = new Playback(chronicle, () => now);
});

test('PLAY-1 it stands at the beginning until it plays, and then moves with time', () => {
  now += 50;
  expect([playback.position, playback.playing]).toEqual([100, false]);
  playback.play();
  now += 50;
  expect([playback.position, playback.playing]).toEqual([150, true]);
  playback.pause();
  now += 50;
  expect([playback.position, playback.playing]).toEqual([150, false]);
});

test('PLAY-1 at four times, at a quarter, changed while it plays', () => {
  playback.play();
  playback.setSpeed(4);
  now += 50;
  expect(playback.position).toBe(300);
  playback.setSpeed(0.25);
  now += 40;
  expect([playback.position, playback.playing, playback.speed]).toEqual([310, true, 0.25]);
});

test('PLAY-1 at the end it stops, and plays from the beginning again', () => {
  playback.play();
  now += 5_000;
  expect([playback.position, playback.playing]).toEqual([1_100, false]);
  playback.play();
  now += 10;
  expect([playback.position, playback.playing]).toEqual([110, true]);
});

test('PLAY-2 it can be put anywhere within, and goes on from there', () => {
  playback.play();
  playback.seek(900);
  now += 10;
  expect([playback.position, playback.playing]).toEqual([910, true]);
  playback.seek(99_999);
  expect(playback.position).toBe(1_100);
  playback.seek(-1);
  expect(playback.position).toBe(100);
});

test('PLAY-3 it steps from event to event, and stands there', () => {
  const stops = (direction: 1 | -1) => {
    playback.step(direction);
    return playback.position;
  };
  playback.play();
  expect([1, 1, 1, 1].map(() => stops(1))).toEqual([200, 450, 1_100, 1_100]);
  expect(playback.playing).toBe(false);
  expect([1, 1, 1, 1].map(() => stops(-1))).toEqual([450, 200, 100, 100]);
});

test('PLAY-1 an empty trace has nothing to play', () => {
  const empty = new Playback(new Chronicle(), () => now);
  empty.play();
  expect([empty.position, empty.playing]).toEqual([0, false]);
});
