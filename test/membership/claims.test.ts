import * as v from 'valibot';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Beliefs, MAX_STALE_MS } from '../../src/membership/beliefs.ts';
import { MAX_REFUTATIONS, outranks, type Claim } from '../../src/membership/claims.ts';
import { MAX_ROWS, membershipSchema } from '../../src/membership/messages.ts';
import { MAX_NEWS, News, tellings } from '../../src/membership/news.ts';
import { OwnStanding } from '../../src/membership/own-standing.ts';
import { FORGET_AFTER_MS } from '../../src/membership/roster.ts';
import { MIN_SUSPICION_MS } from '../../src/membership/suspicion.ts';
import { encodedBytes } from '../../src/wire/plain-copy.ts';
import { MAX_DATAGRAM_BYTES } from '../../src/wire/lane.ts';
import { testNodeId } from '../support/node-ids.ts';

const [SELF, PEER, OTHER] = [testNodeId(0), testNodeId(1), testNodeId(2)];

function claim(change: Partial<Claim> = {}): Claim {
  return { id: PEER, state: 'alive', life: 1, refutation: 0, by: [], heardMs: 0, ...change };
}

/** What one node holds, with a clock in the test's hand. */
function believer() {
  const clock = { now: 0 };
  const changes: string[] = [];
  const own = new OwnStanding(1);
  const beliefs = new Beliefs(
    SELF,
    own,
    () => clock.now,
    ({ id, state }, by) => {
      changes.push(`${id} ${state} by ${by}`);
    },
  );
  return { beliefs, clock, changes, own };
}

const anyClaim = fc.record({
  id: fc.constant(PEER),
  state: fc.constantFrom('alive', 'suspect', 'dead', 'left'),
  life: fc.integer({ min: 0, max: 3 }),
  refutation: fc.integer({ min: 0, max: 3 }),
  by: fc.constant([OTHER]),
  heardMs: fc.constant(0),
}) as fc.Arbitrary<Claim>;

describe('the order of claims', () => {
  test('SWIM-5 a later life, then a higher refutation, then the worse news', () => {
    const rising = [
      claim({ life: 1, refutation: 0 }),
      claim({ life: 1, refutation: 0, state: 'suspect' }),
      claim({ life: 1, refutation: 0, state: 'dead' }),
      claim({ life: 1, refutation: 0, state: 'left' }),
      claim({ life: 1, refutation: 1 }),
      claim({ life: 1, refutation: 1, state: 'dead' }),
      claim({ life: 2, refutation: 0 }),
    ];
    for (const [i, a] of rising.entries()) {
      for (const [j, b] of rising.entries()) expect(outranks(a, b)).toBe(i > j);
    }
  });

  test('SWIM-5 whoever has heard the same claims holds the same, in whichever order and how often', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyClaim, { minLength: 1, maxLength: 8 })
          .chain((claims) =>
            fc.tuple(
              fc.constant(claims),
              fc.shuffledSubarray(claims, { minLength: claims.length }),
              fc.array(fc.constantFrom(...claims), { maxLength: 4 }),
            ),
          ),
        ([claims, reordered, again]) => {
          const [one, two] = [claims, [...reordered, ...again]].map((heard) => {
            const { beliefs } = believer();
            beliefs.opened(PEER);
            for (const each of heard) beliefs.learn(each, OTHER);
            const { state, life, refutation } = beliefs.roster.get(PEER)!;
            return { state, life, refutation };
          });
          expect(one).toEqual(two);
        },
      ),
    );
  });
});

describe('what a node says of itself', () => {
  test('SWIM-6 it contradicts by a refutation that outranks the claim', () => {
    for (const state of ['suspect', 'dead', 'left'] as const) {
      const own = new OwnStanding(2);
      const accusation = claim({ state, life: 2, refutation: 4 });
      expect(own.contradict(accusation)).toBe(true);
      expect(outranks({ ...own, state: 'alive' }, accusation)).toBe(true);
      // The same word once more, from somebody who has not heard the answer yet.
      expect([own.contradict(accusation), own.refutation]).toEqual([false, 5]);
    }
  });

  test('SWIM-6 a word of an earlier life, or a good one, needs no answer', () => {
    const own = new OwnStanding(2);
    expect(own.contradict(claim({ state: 'dead', life: 1, refutation: 9 }))).toBe(false);
    expect(own.contradict(claim({ state: 'alive', life: 2, refutation: 9 }))).toBe(false);
    expect(own.refutation).toBe(0);
  });

  test('SWIM-6 who has left does not contradict', () => {
    const own = new OwnStanding(2);
    own.leave();
    expect(own.contradict(claim({ state: 'dead', life: 2 }))).toBe(false);
  });

  test('SWIM-6 a made-up count does not take it beyond what others accept', () => {
    const own = new OwnStanding(1);
    own.contradict(claim({ state: 'dead', refutation: MAX_REFUTATIONS }));
    expect(own.refutation).toBe(MAX_REFUTATIONS);
  });
});

describe('what a node makes of a claim', () => {
  test('SWIM-7 a suspicion of a higher refutation is a new one', () => {
    const { beliefs, clock } = believer();
    const state = () => beliefs.roster.get(PEER)!.state;
    beliefs.opened(PEER);
    beliefs.learn(claim({ state: 'suspect', by: [PEER] }), PEER);
    clock.now = MIN_SUSPICION_MS - 1;
    beliefs.age();
    expect(state()).toBe('suspect');
    // Its answer to the first one was missed.
    beliefs.learn(claim({ state: 'suspect', refutation: 1, by: [PEER] }), PEER);
    clock.now = 2 * MIN_SUSPICION_MS - 2;
    beliefs.age();
    expect(state()).toBe('suspect');
    clock.now = 2 * MIN_SUSPICION_MS;
    beliefs.age();
    expect(state()).toBe('dead');
  });

  test('MEMBER-8 who contradicts, or lives anew, is not buried by an old word of the server', () => {
    for (const rise of [{ refutation: 1 }, { life: 2 }]) {
      const { beliefs } = believer();
      const member = beliefs.opened(PEER);
      beliefs.learn(claim(), PEER);
      member.goneAt = 0;
      beliefs.learn(claim(rise), OTHER);
      beliefs.silent(member, 'silent for a while');
      expect(member.state).toBe('suspect');
    }
  });

  test('MEMBER-12 an old word of an unknown node brings nobody back', () => {
    const old = [
      claim({ state: 'dead', heardMs: FORGET_AFTER_MS }),
      claim({ state: 'left', heardMs: FORGET_AFTER_MS }),
      claim({ state: 'alive', heardMs: MAX_STALE_MS }),
      claim({ state: 'suspect', heardMs: MAX_STALE_MS }),
    ];
    for (const each of old) {
      const { beliefs } = believer();
      beliefs.learn(each, OTHER);
      expect(beliefs.roster.size).toBe(0);
      beliefs.learn({ ...each, heardMs: each.heardMs - 1 }, OTHER);
      expect(beliefs.roster.get(PEER)!.state).toBe(each.state);
    }
  });
});

describe('news', () => {
  test('SWIM-9 a piece of news is told about 3 log2 N times, and then no more', () => {
    expect([1, 7, 30].map(tellings)).toEqual([3, 9, 15]);
    const news = new News();
    news.add(PEER);
    let told = 0;
    while (told < 100 && news.take(16, 7).length > 0) told += 1;
    expect([told, news.size]).toEqual([9, 0]);
  });

  test('SWIM-9 what was told least goes first, and of that the newest', () => {
    const news = new News();
    const [one, two, three] = [11, 12, 13].map(testNodeId);
    news.add(one!);
    news.add(two!);
    expect(news.take(1, 7)).toEqual([two]);
    news.add(three!);
    expect(news.take(2, 7)).toEqual([three, one]);
    // News of the same node is new again.
    news.add(two!);
    expect(news.take(1, 7)).toEqual([two]);
  });

  test('SWIM-9 there is never more of it than a roster holds', () => {
    const news = new News();
    for (let i = 0; i < 2 * MAX_NEWS; i++) news.add(testNodeId(i));
    expect(news.size).toBe(MAX_NEWS);
    expect(news.take(1, 7)).toEqual([testNodeId(2 * MAX_NEWS - 1)]);
  });

  test('SWIM-9 the accused hears of it with every message, the others a few times', () => {
    const { beliefs } = believer();
    beliefs.opened(PEER);
    beliefs.learn(claim({ state: 'suspect', by: [OTHER] }), OTHER);
    for (let i = 0; i < 50; i++) {
      expect(beliefs.claimsFor(PEER)[0]).toMatchObject({ id: PEER, state: 'suspect' });
    }
    let told = 0;
    while (told < 100 && beliefs.claimsFor(OTHER).some(({ id }) => id === PEER)) told += 1;
    expect(told).toBeLessThanOrEqual(tellings(2));
    expect(beliefs.claimsFor(OTHER)).toEqual([]);
  });
});

describe('the size of messages', () => {
  const longest = (i: number): Claim => ({
    id: testNodeId(i),
    state: 'suspect',
    life: 9_000_000,
    refutation: MAX_REFUTATIONS,
    by: [1, 2, 3, 4].map(testNodeId),
    heardMs: 86_399_999.5,
  });
  /** Entries of a full vector clock, and the head of a frame. */
  const FRAME_BYTES = 256 * 17 + 64;

  test('MEMBER-14 a full part of a roster fits a datagram beside the largest vector clock', () => {
    const claims = Array.from({ length: MAX_ROWS }, (_, i) => longest(i));
    const message = { type: 'roster', answer: true, claims };
    expect(v.is(membershipSchema, message)).toBe(true);
    expect(encodedBytes(message) + FRAME_BYTES).toBeLessThan(MAX_DATAGRAM_BYTES);
  });

  test('MEMBER-14 more claims or accusers than allowed, or numbers out of range, are refused', () => {
    const refused = [
      { type: 'roster', answer: true, claims: Array.from({ length: 65 }, (_, i) => longest(i)) },
      { type: 'ping', number: 1, claims: Array.from({ length: 17 }, (_, i) => longest(i)) },
      { type: 'ping', number: 0, claims: [] },
      { type: 'ping', number: 1, claims: [{ ...longest(0), by: [1, 2, 3, 4, 5].map(testNodeId) }] },
      { type: 'ping', number: 1, claims: [{ ...longest(0), refutation: MAX_REFUTATIONS + 1 }] },
      { type: 'ping', number: 1, claims: [{ ...longest(0), heardMs: -1 }] },
      { type: 'ping', number: 1, claims: [{ ...longest(0), state: 'undead' }] },
    ];
    for (const message of refused) expect(v.is(membershipSchema, message)).toBe(false);
  });
});
