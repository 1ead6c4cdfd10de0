import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { eventSchema } from '../../src/trace/event-schema.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { writeTraceFile } from '../../src/trace/trace-file.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { decodeEventBatch } from '../../src/wire/event-batch-reader.ts';
import { encodeEventBatch } from '../../src/wire/event-batch-writer.ts';
import { ByteWriter } from '../../src/wire/bytes.ts';
import { MAX_BATCH_BYTES, MAX_EVENT_CHARACTERS, TAG, TYPES } from '../../src/wire/event-batch.ts';
import { decodeLinkMessage, encodeLinkMessage } from '../../src/wire/link-codec.ts';
import { ONE_OF_EACH } from '../support/one-of-each.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';
import { randomExecution } from '../support/random-execution.ts';

const [A, B] = [testNodeId(0), testNodeId(1)];
const HEAD = { sentAt: 1.5e12 + 0.25, level: 3, lost: 7, leftOut: new Map([['p', { sent: 1, sentBytes: 20, received: 0, receivedBytes: 0 }]]) }; // prettier-ignore

function stamped(
  happening: (typeof ONE_OF_EACH)[keyof typeof ONE_OF_EACH],
  sequence: number,
): TraceEvent {
  const vector = { [A]: sequence, [B]: sequence > 4 ? 2 ** 40 : 0 };
  return { node: A, incarnation: 1, sequence, lamport: 2 * sequence, vector, at: 2.5, wall: -1.5, monotonic: 1e-9, ...happening }; // prettier-ignore
}
const EVENTS = Object.values(ONE_OF_EACH).map((happening, i) => stamped(happening, i + 1));

function there(events: readonly TraceEvent[]) {
  const { bytes, taken, tooLarge } = encodeEventBatch(HEAD, events);
  expect([taken, tooLarge]).toEqual([events.length, 0]);
  return bytes;
}

function byNode(events: readonly TraceEvent[]): Map<NodeId, TraceEvent[]> {
  const nodes = new Map<NodeId, TraceEvent[]>();
  for (const event of events) nodes.set(event.node, [...(nodes.get(event.node) ?? []), event]);
  return nodes;
}

describe('there and back', () => {
  test('BATCH-1 an event of every kind, with its numbers to the last bit', () => {
    expect(decodeEventBatch(there(EVENTS), A)).toEqual({ ...HEAD, events: EVENTS });
  });

  test('BATCH-1 all of random executions, lives and full vectors included', () => {
    for (let seed = 0; seed < 10; seed++) {
      for (const [node, events] of byNode(randomExecution(`batch ${seed}`).events)) {
        expect(decodeEventBatch(there(events), node)?.events).toEqual(events);
      }
    }
  });

  test('BATCH-2 an event costs a fraction of its text', () => {
    const [events] = [...byNode(randomExecution('small').events).values()];
    expect(there(events!).length / JSON.stringify(events).length).toBeLessThan(0.25);
  });

  test('BATCH-3 it goes by a management message', () => {
    const batch = there(EVENTS);
    expect(decodeLinkMessage(encodeLinkMessage({ type: 'events', batch }))).toEqual({ type: 'events', batch }); // prettier-ignore
    const large = new Uint8Array(MAX_BATCH_BYTES);
    expect(decodeLinkMessage(encodeLinkMessage({ type: 'events', batch: large }))).toBeDefined();
  });

  test('BATCH-3 what finds no room goes in the next batch, and nothing twice', () => {
    const note = (i: number): TraceEvent =>
      stamped({ type: 'note', protocol: 'p', kind: 'k', detail: { text: 'x'.repeat(900) + i, only: `${i}` } }, i + 1); // prettier-ignore
    let waiting = Array.from({ length: 300 }, (_, i) => note(i));
    const events = waiting;
    const read: TraceEvent[] = [];
    let batches = 0;
    while (waiting.length > 0) {
      const { bytes, taken } = encodeEventBatch(HEAD, waiting);
      expect(bytes.length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
      read.push(...decodeEventBatch(bytes, A)!.events);
      waiting = waiting.slice(taken);
      batches += 1;
    }
    expect(read).toEqual(events);
    expect(batches).toBeGreaterThan(3);
  });

  test('BATCH-3 what fits into no batch is passed over and counted, and what follows it comes', () => {
    const note = (text: string, i: number) =>
      stamped({ type: 'note', protocol: 'p', kind: 'k', detail: { text } }, i);
    const events = [note('a', 1), note('b'.repeat(MAX_EVENT_CHARACTERS), 2), note('c', 3)];
    const { bytes, taken, tooLarge } = encodeEventBatch(HEAD, events);
    expect([taken, tooLarge]).toEqual([3, 1]);
    expect(decodeEventBatch(bytes, A)!.events).toEqual([events[0], events[2]]);
  });
});

describe('bytes that nobody vouches for', () => {
  const SEEDS = 4_000;

  test('BATCH-4 whatever the bytes: no exception, and what is taken a trace file may hold', () => {
    const good = there(EVENTS);
    let taken = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = new Random(`fuzz ${seed}`);
      const bytes = damaged(good, random);
      const batch = decodeEventBatch(bytes, A);
      if (batch === undefined) continue;
      taken += 1;
      for (const event of batch.events) {
        const checked = v.safeParse(eventSchema, event);
        if (!checked.success) throw new Error(`seed ${seed}: ${JSON.stringify(event)}`);
        expect(event.node).toBe(A);
      }
      const head = { room: TEST_ROOM, exportedAt: 0, names: {} };
      for (const _line of writeTraceFile(head, batch.events));
    }
    expect(taken).toBeGreaterThan(SEEDS / 20);
    expect(taken).toBeLessThan(SEEDS);
  });

  test('BATCH-4 a batch that was cut off is none', () => {
    const good = there(EVENTS);
    const ends = new Set<number>();
    for (let length = 0; length < good.length; length++) {
      const batch = decodeEventBatch(good.subarray(0, length), A);
      if (batch !== undefined) ends.add(batch.events.length);
    }
    // Between two events it is a shorter batch.
    expect([...ends]).toEqual([...EVENTS.keys()]);
  });

  test('BATCH-5 one that repeats a long text as often as it can is not written', () => {
    const detail = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(1_000)])); // prettier-ignore
    const { tooLarge } = encodeEventBatch(HEAD, [stamped({ type: 'note', protocol: 'p', kind: 'k', detail }, 1)]); // prettier-ignore
    expect(tooLarge).toBe(1);
  });
});

/** A batch of one note, written by hand: its stamp and so many copies of a text as told. */
function forged(change: { sequence?: number; life?: number; lamport?: number; copies?: number }) {
  const { sequence = 1, life = 1, lamport = 1, copies = 1 } = change;
  const writer = new ByteWriter(20_000);
  writer.float64(0);
  for (const zero of [0, 0, 0]) writer.byte(zero);
  writer.byte(TYPES.indexOf('note'));
  for (const number of [life, sequence, lamport]) writer.varint(number);
  for (const time of [1, 2, 3]) writer.float64(time);
  writer.varint(0);
  const text = 'x'.repeat(1_000);
  const write = (place: number, said: string) => {
    writer.varint(place);
    writer.varint(said.length);
    for (let i = 0; i < said.length; i++) writer.varint(said.charCodeAt(i));
  };
  write(0, 'p');
  writer.varint(0);
  writer.varint(copies);
  for (let i = 0; i < copies; i++) {
    write(i === 0 ? 1 : i + 2, `k${i}`);
    writer.byte(TAG.text);
    if (i === 0) write(2, text);
    else writer.varint(2);
  }
  return decodeEventBatch(writer.written(), A)?.events.length;
}

test('BATCH-5 what is written by hand is read like any other, and refused where no node could say it', () => {
  expect(forged({})).toBe(1);
  expect(forged({ copies: 20 })).toBe(1);
  expect(forged({ copies: 40 })).toBeUndefined();
  expect(forged({ sequence: 0 })).toBeUndefined();
  expect(forged({ sequence: 1_000_000_000 })).toBeUndefined();
  expect(forged({ life: 0 })).toBeUndefined();
  expect(forged({ life: 9_000_001 })).toBeUndefined();
});

function damaged(good: Uint8Array, random: Random): Uint8Array {
  const bytes = good.slice(0, random.next() < 0.1 ? random.below(good.length) : good.length);
  const flips = 1 + random.below(3);
  for (let i = 0; i < flips && bytes.length > 0; i++) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return bytes;
}
