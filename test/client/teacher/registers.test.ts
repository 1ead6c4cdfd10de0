import { describe, expect, test } from 'vitest';
import {
  endsOf,
  milliseconds,
  valueWords,
  shareOf,
} from '../../../client/views/registers/words.ts';
import { summaryOf } from '../../../client/views/registers/summary.ts';
import type { KindPicture } from '../../../client/views/registers/picture.ts';
import {
  copyFields,
  nextSetting,
  promiseOf,
  settingOf,
} from '../../../client/teacher/registers/register-plan.ts';
import type { SceneNode } from '../../../client/session/scene.ts';
import { registerSettingSchema, usualSetting } from '../../../src/network/register-setting.ts';
import { REGISTER_KINDS } from '../../../src/network/register-kinds.ts';
import * as v from 'valibot';
import type { Tally } from '../../../src/trace/register-figures.ts';
import { testNodeId } from '../../support/node-ids.ts';

const node = (index: number, state = 'joined'): SceneNode =>
  ({ id: testNodeId(index), incarnation: index + 1, present: true, state }) as SceneNode;
const CLASS = Array.from({ length: 8 }, (_, index) => node(index));

describe('a setting of registers', () => {
  test('where nobody has chosen is the usual one over those who are here', () => {
    expect(settingOf(null, [])).toBeNull();
    expect(settingOf(null, [node(0, 'unplugged'), node(3), node(1)])).toMatchObject({
      ...{ by: { id: testNodeId(3), life: 4 }, nodes: [1, 3].map(testNodeId), n: 2, r: 2, w: 2 },
    });
  });

  test('that follows is later, keeps what was not changed, and takes in who has come', () => {
    const before = { ...usualSetting(4, { id: testNodeId(0), life: 1 }, [testNodeId(1)]), r: 1 };
    const next = nextSetting(before, CLASS, { sloppy: true })!;
    expect(next).toMatchObject({ turn: 5, n: 2, r: 1, w: 2, sloppy: true });
    expect(next.nodes).toHaveLength(8);
    expect(v.is(registerSettingSchema, next)).toBe(true);
  });

  test('with fewer copies is answered by fewer, and never asks more than there are', () => {
    const before = { ...usualSetting(1, { id: testNodeId(0), life: 1 }, CLASS.map(({ id }) => id)), n: 5, r: 5, w: 4 }; // prettier-ignore
    expect(nextSetting(before, CLASS, { n: 3 })).toMatchObject({ n: 3, r: 3, w: 3 });
    expect(nextSetting(before, CLASS.slice(0, 2), {})).toMatchObject({ n: 2, r: 2, w: 2 });
    expect(nextSetting(before, [], {})).toBeNull();
    expect(copyFields({ ...before, n: 3 }).map(({ max }) => max)).toEqual([8, 3, 3]);
  });

  test('promises what R, W and N promise, and no more', () => {
    const usual = usualSetting(1, { id: testNodeId(0), life: 1 }, CLASS.map(({ id }) => id)); // prettier-ignore
    expect(promiseOf(usual)).toContain('not yet like one machine');
    expect(promiseOf({ ...usual, repair: 'before' })).toContain('is like one machine');
    expect(promiseOf({ ...usual, r: 1 })).toContain('something older');
    expect(promiseOf({ ...usual, repair: 'before', sloppy: true })).toContain('may miss');
  });
});

describe('what is said of them', () => {
  const tally = (answered: number, refused = 0, unknown = 0): Tally => {
    const asked = answered + refused + unknown;
    const availability = asked === 0 ? null : answered / asked;
    return { asked, answered, refused, unknown, open: 0, availability };
  };
  const kinds = (...sides: readonly (readonly Tally[])[]) =>
    REGISTER_KINDS.map((kind, i) => ({ kind, whole: tally(0), sides: (sides[i] ?? []).map((each) => ({ name: '', tally: each })) }) as unknown as KindPicture); // prettier-ignore
  const say = (each: readonly KindPicture[]) =>
    summaryOf({ kinds: each, key: null, keys: [], answers: [], holes: 0 });

  test('names who refused and who answered while the class was split', () => {
    expect(say(kinds())).toContain('Nobody has asked');
    expect(
      say(kinds([tally(4), tally(0, 3)], [tally(4), tally(3)], [tally(4), tally(1, 0, 1)])),
    ).toBe(
      'While the class was split, Consistent and Quorum left requests without an answer; Available answered on every side.',
    );
  });

  test('a share that is not all is not rounded to all, nor to nothing', () => {
    const shares = [tally(999, 1), tally(1, 999), tally(2), tally(0, 3), tally(0)].map(shareOf);
    expect(shares).toEqual(['99 %', '1 %', '100 %', '0 %', null]);
  });

  test('times, ends and values are short', () => {
    expect([0.42, 9.96, 42.4, 1_240].map(milliseconds)).toEqual(['0.4 ms', '10 ms', '42 ms', '1.2 s']); // prettier-ignore
    expect([tally(0), tally(2, 0, 1)].map(endsOf)).toEqual(['nobody asked', '2 answered, 1 unknown']); // prettier-ignore
    expect(
      [`"${testNodeId(3)}.1.7"`, `"${testNodeId(3)}.2.7"`].map((json) =>
        valueWords(json, () => 'Otter'),
      ),
    ).toEqual(['Otter 7', 'Otter 2.7']);
    expect(['"red"', 'null', '{"a":1}', '"a\\"b"'].map((json) => valueWords(json, () => 'Otter'))).toEqual(['red', 'nothing', '{"a":1}', '"a\\"b"']); // prettier-ignore
  });
});
