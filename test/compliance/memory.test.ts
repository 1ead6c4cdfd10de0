import { describe, expect, test } from 'vitest';
import type { Delay } from '../../src/network/memory.ts';
import type { Lane } from '../../src/wire/lane.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Faults } from '../network/measure.ts';
import { HARMLESS, memoryHarness, uneven, type RuledBy } from './memory-harness.ts';
import { transportCompliance } from './transport.ts';

const BY: readonly RuledBy[] = ['network', 'transports', 'transports that relay'];

describe.each(BY)('in-memory network, rules in the %s:', (by) => {
  describe.each([
    { name: 'even delays', delay: (): Delay => () => 1 },
    { name: 'uneven delays and lost datagrams', delay: uneven },
  ])('$name', ({ delay }) => {
    test.each(transportCompliance)('$title', ({ run }) => run(memoryHarness(by, delay())));
  });

  describe.each(HARMLESS)('under %j', (faults) => {
    test.each(transportCompliance)('$title', ({ run }) => run(memoryHarness(by, () => 1, faults)));
  });

  describe('what is left under rules that break the contract', () => {
    /** The numbers of 500 frames in the order of their arrival, undamaged ones alone. */
    async function arrivals(faults: Faults, lane: Lane): Promise<readonly number[]> {
      const heard: number[] = [];
      const harness = memoryHarness(by, () => 1, faults);
      const ear = {
        frame: (_from: NodeId, bytes: Uint8Array) => void heard.push(numberIn(bytes)),
        up() {},
        down() {},
      };
      const [sender, receiver] = await harness.mesh([{ ...ear, frame() {} }, ear]);
      for (let i = 0; i < FRAMES; i++) {
        expect(sender!.send(receiver!.self, frameOf(i), lane)).toBe('sent');
      }
      await harness.quiet();
      return heard;
    }

    test.each<Lane>(['stream', 'datagram'])(
      'TRANSPORT-1, 2 under loss the rest comes once, %s',
      async (lane) => {
        const heard = await arrivals({ loss: 0.3 }, lane);
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        expect(heard.length).toBeGreaterThan(FRAMES / 2);
        expect(heard.length).toBeLessThan(FRAMES);
      },
    );

    test('TRANSPORT-1 under duplicates the stream comes whole and in order, some of it twice in a row', async () => {
      const faults = { duplicate: 0.3, latencyMs: 50, jitterMs: 50, reorder: 0.1 };
      const heard = await arrivals(faults, 'stream');
      expect([...new Set(heard)]).toEqual(ALL);
      expect(heard).toEqual([...heard].sort((a, b) => a - b));
      expect(timesOf(heard)).toEqual(new Set([1, 2]));
    });

    test('TRANSPORT-2 under duplicates a datagram comes whole, once or twice', async () => {
      const heard = await arrivals({ duplicate: 0.3, latencyMs: 50, jitterMs: 50 }, 'datagram');
      expect([...new Set(heard)].sort((a, b) => a - b)).toEqual(ALL);
      expect(timesOf(heard)).toEqual(new Set([1, 2]));
    });

    // A relaying transport refuses damaged bytes that look like an envelope (RELAY-7): they do not come at all.
    if (by === 'transports that relay') return;

    test('TRANSPORT-1 under damage the stream comes once and in order, some of it damaged', async () => {
      const heard = await arrivals({ corrupt: 0.3 }, 'stream');
      expect(heard).toHaveLength(FRAMES);
      heard.forEach((number, i) => expect([i, DAMAGED]).toContain(number));
      expect(heard).toContain(DAMAGED);
    });
  });
});

const FRAMES = 500;
const ALL = Array.from({ length: FRAMES }, (_, i) => i);
const DAMAGED = -1;

/** Its number many times over: eight flipped bits cannot make it look like another. */
function frameOf(number: number): Uint8Array {
  return new Uint8Array(Uint16Array.from({ length: 50 }, () => number).buffer);
}

function numberIn(bytes: Uint8Array): number {
  const words = new Uint16Array(bytes.slice().buffer);
  return words.every((word) => word === words[0]) ? words[0]! : DAMAGED;
}

/** How often each came. */
function timesOf(heard: readonly number[]): ReadonlySet<number> {
  return new Set(ALL.map((number) => heard.filter((each) => each === number).length));
}
