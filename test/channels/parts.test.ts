import { describe, expect, test } from 'vitest';
import { Incoming, MAX_MESSAGE_BYTES } from '../../src/channels/incoming.ts';
import { PART_BYTES } from '../../src/channels/messages.ts';
import { NeighbourChannels } from '../../src/channels/neighbour-channels.ts';
import { Outgoing, WINDOW_PARTS, type Sending } from '../../src/channels/outgoing.ts';

const part = (number: number, more: Partial<Sending> = {}): Sending => ({
  ...{ number, sending: number, last: true, bytes: Uint8Array.of(number) },
  ...more,
});

describe('what comes', () => {
  test('CHANNEL-2 again, or from beyond the window, is not kept', () => {
    const incoming = new Incoming();
    expect(incoming.take(part(1))).toEqual([Uint8Array.of(1)]);
    expect(incoming.take(part(1))).toEqual([]);
    expect(incoming.take(part(1 + WINDOW_PARTS + 1))).toEqual([]);
    expect(incoming.got).toMatchObject({ upTo: 1, held: 0 });
    expect(incoming.take(part(3))).toEqual([]);
    expect(incoming.got).toMatchObject({ upTo: 1, held: 1 });
    expect(incoming.take(part(2))).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
  });

  test('CHANNEL-4 longer than a message may be is dropped and counted, and the next is whole', () => {
    const incoming = new Incoming();
    const bytes = new Uint8Array(PART_BYTES);
    const parts = Math.ceil(MAX_MESSAGE_BYTES / PART_BYTES) + 1;
    for (let n = 1; n <= parts; n++)
      expect(incoming.take(part(n, { bytes, last: n === parts }))).toEqual([]);
    expect(incoming.refused).toBe(1);
    expect(incoming.take(part(parts + 1, { bytes: Uint8Array.of(7) }))).toEqual([Uint8Array.of(7)]);
  });
});

describe('what goes', () => {
  test('CHANNEL-8 the oldest goes again at once where later ones have come and it has had its time', () => {
    const outgoing = new Outgoing();
    for (let n = 0; n < 3; n++) outgoing.add(Uint8Array.of(n));
    expect(outgoing.due(0).map(({ number }) => number)).toEqual([1, 2, 3]);
    outgoing.heard({ upTo: 0, held: 1, heard: 2 }, 40);
    expect(outgoing.due(40).map(({ number }) => number)).toEqual([1]);
    outgoing.heard({ upTo: 0, held: 2, heard: 3 }, 41);
    expect(outgoing.due(41)).toEqual([]);
    outgoing.heard({ upTo: 3, held: 0, heard: 4 }, 80);
    expect([outgoing.bytes, outgoing.resendAt]).toEqual([0, Infinity]);
  });

  test('CHANNEL-2 an acknowledgement of what was never sent is none', () => {
    const outgoing = new Outgoing();
    for (let n = 0; n < WINDOW_PARTS + 5; n++) outgoing.add(Uint8Array.of(n));
    expect(outgoing.due(0).length).toBe(WINDOW_PARTS);
    outgoing.heard({ upTo: 10_000, held: 0, heard: 0 }, 1);
    expect(outgoing.bytes).toBe(5);
  });
});

test('CHANNEL-1 what a neighbour said before something that is known is passed over', () => {
  const neighbour = new NeighbourChannels();
  const about = new Uint8Array();
  expect(neighbour.take(2, [{ name: 'new', opening: 1, about }])).toBe(true);
  expect(neighbour.take(1, [{ name: 'old', opening: 1, about }])).toBe(false);
  expect(neighbour.take(2, [])).toBe(false);
  expect([neighbour.channel('new')?.opening, neighbour.channel('old')]).toEqual([1, undefined]);
});
