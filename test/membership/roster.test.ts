import { describe, expect, test } from 'vitest';
import { FORGET_AFTER_MS, MAX_MEMBERS, Roster } from '../../src/membership/roster.ts';
import { testNodeId } from '../support/node-ids.ts';

/** A full roster; the first `dead` members are so, the lower the longer ago they were heard. */
function full(dead: number, linked: (index: number) => boolean = () => false) {
  const roster = new Roster();
  for (let i = 0; i < MAX_MEMBERS; i++) {
    const member = roster.meet(testNodeId(i), 'others told of it', 0, i)!;
    member.state = i < dead ? 'dead' : 'alive';
    member.linked = linked(i);
  }
  return roster;
}

const NEW = testNodeId(9_999);

describe('the roster', () => {
  test('MEMBER-12 in a full one the dead whom nobody heard for longest make room', () => {
    const roster = full(3);
    expect(roster.meet(NEW, 'others told of it', 0, 0)).toBeDefined();
    expect([roster.size, roster.get(testNodeId(0))]).toEqual([MAX_MEMBERS, undefined]);
    expect(roster.get(testNodeId(1))).toBeDefined();
  });

  test('MEMBER-12 hearsay never pushes out one that lives', () => {
    const roster = full(0);
    expect(roster.meet(NEW, 'others told of it', 0, 0)).toBeUndefined();
    expect(roster.size).toBe(MAX_MEMBERS);
  });

  test('MEMBER-12 one with a link pushes out one without, and never one that has a link', () => {
    const roster = full(0, (index) => index < 5);
    roster.welcome(NEW, 'its link opened', 0);
    expect([roster.size, roster.get(testNodeId(5))]).toEqual([MAX_MEMBERS, undefined]);
    expect(roster.get(testNodeId(0))).toBeDefined();
  });

  test('MEMBER-12 the dead are forgotten when nobody has heard them for five minutes, the living never', () => {
    const roster = new Roster();
    const dead = roster.meet(testNodeId(1), '', 0, 0)!;
    dead.state = 'dead';
    const left = roster.meet(testNodeId(2), '', 0, 1_000)!;
    left.state = 'left';
    roster.meet(testNodeId(3), '', 0, 0);
    expect(roster.forgetOld(FORGET_AFTER_MS - 1)).toEqual([]);
    expect(roster.forgetOld(FORGET_AFTER_MS)).toEqual([testNodeId(1)]);
    expect(roster.forgetOld(2 * FORGET_AFTER_MS)).toEqual([testNodeId(2)]);
    expect(roster.size).toBe(1);
  });
});
