import { describe, expect, it } from 'vitest';
import {
  courseOf,
  FALL_MS,
  FlightsInSight,
  MAX_FLIGHTS_DRAWN,
  SHORTEST_FLIGHT_MS,
} from '../../../../client/views/mesh/flight-course.ts';
import { inOrder, isReply, lookOfProtocol } from '../../../../client/views/protocol-looks.ts';
import type { Flight } from '../../../../src/trace/flights.ts';
import { testNodeId } from '../../../support/node-ids.ts';

function flight(change: Partial<Flight> = {}): Flight {
  return {
    key: 'one',
    from: testNodeId(0),
    to: testNodeId(1),
    protocol: 'ping',
    kind: 'ping',
    message: 1,
    bytes: 40,
    sentAt: 10_000,
    arrivesAt: 11_000,
    givenUpAt: 20_000,
    ...change,
  };
}

describe('a message in flight', () => {
  it('MESH-7 travels for as long as it really took', () => {
    expect(courseOf(flight(), 10_400)).toEqual({
      along: 0.4,
      fallenPx: 0,
      lost: false,
      over: false,
    });
    expect(courseOf(flight(), 11_000).over).toBe(true);
  });

  it('MESH-7 that took a few milliseconds is drawn for the shortest time that an eye follows', () => {
    const quick = flight({ arrivesAt: 10_004 });
    expect(courseOf(quick, 10_000 + SHORTEST_FLIGHT_MS / 2).along).toBe(0.5);
    expect(courseOf(quick, 10_000 + SHORTEST_FLIGHT_MS).over).toBe(true);
  });

  it('MESH-7 that was lost waits at the middle until it is given up, then falls off', () => {
    const lost = flight({ arrivesAt: null });
    expect(courseOf(lost, 15_000)).toEqual({ along: 0.5, fallenPx: 0, lost: false, over: false });
    expect(courseOf(lost, 20_000).lost).toBe(true);
    expect(courseOf(lost, 20_300).fallenPx).toBeGreaterThan(0);
    expect(courseOf(lost, 20_000 + FALL_MS).over).toBe(true);
  });

  it('MESH-7 stays in sight until its mark has come to its end, and not before it was sent', () => {
    const sight = new FlightsInSight();
    sight.take([flight({ arrivesAt: 10_004 })], 10_004);
    sight.take([], 10_200);
    expect(sight.drawn()).toHaveLength(1);
    sight.take([], 10_000 + SHORTEST_FLIGHT_MS);
    expect(sight.all).toBe(0);
    sight.take([flight()], 10_500);
    sight.expire(9_000);
    expect(sight.all).toBe(0);
  });

  it('MESH-7 no more than the limit are drawn, the newest, and all are counted', () => {
    const sight = new FlightsInSight();
    const crowd = Array.from({ length: MAX_FLIGHTS_DRAWN + 40 }, (_, i) => flight({ key: `${i}` }));
    sight.take(crowd, 10_100);
    expect(sight.all).toBe(MAX_FLIGHTS_DRAWN + 40);
    expect(sight.drawn()).toHaveLength(MAX_FLIGHTS_DRAWN);
    expect(sight.drawn().at(-1)!.key).toBe(String(MAX_FLIGHTS_DRAWN + 39));
  });
});

describe('looks of protocols', () => {
  it('each has a colour of its own, and strangers share another', () => {
    const ours = ['gossip', 'requests', 'membership', 'overlay', 'adjacency', 'timesync'];
    const colors = [...ours, 'some-lab'].map((name) => lookOfProtocol(name).color);
    expect(new Set(colors).size).toBe(colors.length);
    expect(lookOfProtocol('some-lab').name).toBe('some-lab');
    expect(lookOfProtocol('other-lab').color).toBe(lookOfProtocol('some-lab').color);
  });

  it('are listed in the same order everywhere, strangers last', () => {
    expect(inOrder(['zoo', 'timesync', 'a-lab', 'gossip', 'zoo'])).toEqual([
      'gossip',
      'timesync',
      'a-lab',
      'zoo',
    ]);
  });

  it('tells replies from requests and news', () => {
    const kinds = ['ping', 'pong', 'ask', 'answer', 'ack', 'nack', 'beat', ''];
    expect(kinds.filter(isReply)).toEqual(['pong', 'answer', 'ack', 'nack']);
  });
});
