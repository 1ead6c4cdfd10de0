import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  callsOther,
  nextPhase,
  type LinkEvent,
  type LinkPhase,
} from '../../../client/platform/link-machine.ts';
import { testNodeId } from '../../support/node-ids.ts';

const EVENTS: readonly LinkEvent[] = [
  'want',
  'unwant',
  'retry',
  'knock',
  'offer',
  'joined',
  'lost',
];

function run(calls: boolean, events: readonly LinkEvent[], from: LinkPhase = 'idle'): LinkPhase {
  return events.reduce((phase, event) => nextPhase(calls, phase, event) ?? phase, from);
}

const someEvents = fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 });

describe('who calls', () => {
  const ids = Array.from({ length: 30 }, (_, index) => testNodeId(index));

  test('of every two one calls the other, as both know', () => {
    for (const a of ids)
      for (const b of ids) if (a !== b) expect(callsOther(a, b)).toBe(!callsOther(b, a));
  });

  test('everybody calls about half of the others', () => {
    for (const self of ids) {
      const called = ids.filter((other) => other !== self && callsOther(self, other)).length;
      expect(called).toBeGreaterThanOrEqual(10);
      expect(called).toBeLessThanOrEqual(20);
    }
  });
});

describe('the life of a link', () => {
  test('the caller calls as soon as it wants to, the other waits for the call', () => {
    expect(run(true, ['want'])).toBe('connecting');
    expect(run(false, ['want'])).toBe('expecting');
    expect(run(false, ['want', 'offer', 'joined'])).toBe('open');
  });

  test('a lost link is called again by the caller and expected by the other', () => {
    expect(run(true, ['want', 'joined', 'lost'])).toBe('resting');
    expect(run(true, ['want', 'joined', 'lost', 'retry'])).toBe('connecting');
    expect(run(false, ['want', 'offer', 'joined', 'lost'])).toBe('expecting');
  });

  test('a knock makes the caller call at once, even over a link that it takes for open', () => {
    expect(run(true, ['want', 'lost', 'knock'])).toBe('connecting');
    expect(nextPhase(true, 'open', 'knock')).toBe('connecting');
  });

  test('a knock while a call is under way does not begin another', () => {
    expect(nextPhase(true, 'connecting', 'knock')).toBeNull();
  });

  test('nothing but `want` wakes an idle link', () => {
    for (const calls of [true, false])
      for (const event of EVENTS.filter((each) => each !== 'want'))
        expect(nextPhase(calls, 'idle', event)).toBeNull();
  });

  test('the caller never takes an offer, so two calls cannot cross', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        expect(nextPhase(true, run(true, events), 'offer')).toBeNull();
      }),
    );
  });

  test('the other is connecting only because it was called', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const phase = run(false, events);
        if (phase === 'connecting') expect(events).toContain('offer');
      }),
    );
  });

  test('whatever happened, unwant ends idle, and from there want begins', () => {
    fc.assert(
      fc.property(fc.boolean(), someEvents, (calls, events) => {
        expect(run(calls, [...events, 'unwant'])).toBe('idle');
        expect(run(calls, [...events, 'unwant', 'want'])).toBe(calls ? 'connecting' : 'expecting');
      }),
    );
  });

  test('no wanted link is stuck: retries and what follows lead both ends to open', () => {
    fc.assert(
      fc.property(someEvents, someEvents, (atCaller, atCallee) => {
        let caller = run(true, ['want', ...atCaller.filter((event) => event !== 'unwant')]);
        let callee = run(false, ['want', ...atCallee.filter((event) => event !== 'unwant')]);
        for (let turn = 0; turn < 4 && !(caller === 'open' && callee === 'open'); turn++) {
          // One end may take the link for open while the other does not: it is told, or it knocks.
          if (caller === 'open')
            caller = run(true, [callee === 'connecting' ? 'lost' : 'knock'], caller);
          caller = run(true, ['retry'], caller);
          callee = run(false, ['offer', 'joined'], callee);
          caller = run(true, ['joined'], caller);
        }
        expect([caller, callee]).toEqual(['open', 'open']);
      }),
    );
  });
});
