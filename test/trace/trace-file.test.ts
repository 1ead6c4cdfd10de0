import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type * as v from 'valibot';
import type { eventSchema } from '../../src/trace/event-schema.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import {
  MAX_LINE_CHARACTERS,
  TRACE_FORMAT,
  writeTraceFile,
  type TraceFileHead,
} from '../../src/trace/trace-file.ts';
import { readTraceFile, TraceFileReader } from '../../src/trace/trace-reader.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';
import { ONE_OF_EACH } from '../support/one-of-each.ts';
import { randomExecution } from '../support/random-execution.ts';

/** A machine that does other things, too. */
const SLOW_MS = 60_000;

const [A, B] = [testNodeId(0), testNodeId(1)];
const HEAD: TraceFileHead = { room: TEST_ROOM, exportedAt: 1.7e12, names: { [A]: 'Fox "1"\n' } };
const STAMP = { node: A, incarnation: 1, sequence: 1, lamport: 9, vector: { [A]: 1, [B]: 0 }, at: 2.5, wall: 1.5, monotonic: -2 }; // prettier-ignore

const EVENTS = Object.values(ONE_OF_EACH).map((happening): TraceEvent => ({ ...STAMP, ...happening })); // prettier-ignore

function fileOf(events: Iterable<TraceEvent>): string {
  return [...writeTraceFile(HEAD, events)].join('');
}

describe('there and back', () => {
  test('TRACE-12 the schema and the union say the same', () => {
    expectTypeOf<v.InferOutput<typeof eventSchema>>().toExtend<TraceEvent>();
    expectTypeOf<TraceEvent>().toExtend<v.InferOutput<typeof eventSchema>>();
  });

  test('TRACE-12 an event of every kind comes back as it was, numbers that JSON lacks included', () => {
    expect(readTraceFile(fileOf(EVENTS))).toStrictEqual({
      ok: true,
      head: HEAD,
      events: EVENTS,
      told: [],
    });
  });

  test(
    'TRACE-12 so do all of random executions, and the text that they make again',
    { timeout: SLOW_MS },
    () => {
      for (let seed = 0; seed < 20; seed++) {
        const { events } = randomExecution(seed);
        const file = fileOf(events);
        const read = readTraceFile(file);
        expect(read).toStrictEqual({ ok: true, head: HEAD, events, told: [] });
        expect(read.ok && fileOf(read.events)).toBe(file);
      }
    },
  );

  test('TRACE-12 whatever a protocol notes comes back', { timeout: SLOW_MS }, () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null)); // prettier-ignore
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'number'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (entries) => {
        const detail = Object.fromEntries(entries);
        const event: TraceEvent = { ...STAMP, type: 'note', protocol: 'p', kind: 'k', detail };
        const read = readTraceFile(fileOf([event]));
        expect(read.ok && read.events).toStrictEqual([event]);
      }),
      { numRuns: 500 },
    );
  });

  test('TRACE-19 what nodes said of their telling comes back', () => {
    const left = { sent: 1, sentBytes: 20, received: 3, receivedBytes: 40 };
    const told = { node: A, told: { at: 4.5, level: 2, events: 3, lost: 1, leftOut: new Map([['p', left]]) } }; // prettier-ignore
    const file = [...writeTraceFile(HEAD, [EVENTS[0]!, told, EVENTS[1]!])].join('');
    expect(readTraceFile(file)).toStrictEqual({ ok: true, head: HEAD, events: EVENTS.slice(0, 2), told: [told] }); // prettier-ignore
    expect(readTraceFile(file.replace('"level":2', '"level":99'))).toMatchObject({ ok: false, line: 3 }); // prettier-ignore
    const lines = file.split('\n');
    expect(readTraceFile(lines.toSpliced(2, 1).join('\n'))).toMatchObject({ ok: false, line: 4 });
  });

  test('TRACE-13 in pieces of any size, and without a last line break', () => {
    const file = fileOf(EVENTS).trimEnd();
    for (const size of [1, 7, 100, 100_000]) {
      const reader = new TraceFileReader();
      const events: TraceEvent[] = [];
      for (let at = 0; at < file.length; at += size) {
        const portion = reader.push(file.slice(at, at + size));
        if (portion.ok) events.push(...portion.events);
      }
      const end = reader.end();
      expect(end.ok && [...events, ...end.events]).toStrictEqual(EVENTS);
    }
  });
});

describe('what is refused', () => {
  const lines = fileOf(EVENTS).trimEnd().split('\n');
  const [head, first] = lines as [string, string];
  const edited = (line: number, from: string, to: string) =>
    lines.map((text, i) => (i === line - 1 ? text.replace(from, to) : text)).join('\n');

  test.each([
    ['nothing', '', 1, 'The file is empty.'],
    ['another kind of JSON', '{"a":1}', 1, 'Line 1 does not begin a Netsplit trace'],
    ['no JSON at all', 'PNG\u0000', 1, 'Line 1 does not begin a Netsplit trace'],
    ['a newer file', edited(1, '"version":2', '"version":3'), 1, 'Line 1 says that a newer'],
    ['an older one', edited(1, '"version":2', '"version":0'), 1, 'Line 1 is no head'],
    ['a head without a room', edited(1, TEST_ROOM, 'nowhere'), 1, 'room must be a room code'],
    ['a line that was cut', lines.join('\n').slice(0, -8), 17, 'Line 17 is no JSON'],
    [
      'a line that is missing',
      lines.toSpliced(3, 1).join('\n'),
      16,
      'Line 16 says that there are 15 events, and there are 14.',
    ],
    ['an end that is missing', lines.slice(0, -1).join('\n'), 16, 'ends after line 16'],
    ['a head alone', head, 1, 'ends after line 1'],
    ['more after the end', `${lines.join('\n')}\n${first}`, 18, 'Line 18 comes after'],
    [
      'an unknown event',
      edited(2, 'start', 'begin'),
      2,
      'Line 2 is no event: type must be the name of an event.',
    ],
    ['an unknown field', edited(2, '{', '{"mood":1,'), 2, 'Line 2 is no event: mood'],
    ['a missing field', edited(9, '"bytes":10', '"wall":1'), 9, 'Line 9 is no event: bytes'],
    ['a wrong field', edited(9, `"to":"${B}"`, '"to":"you"'), 9, 'to must be a node id'],
    ['a wrong vector', edited(2, `"${B}":0`, '"you":0'), 2, 'vector must be up to 256'],
    ['a deep detail', edited(16, '"a":null', '"a":{}'), 16, 'detail must be texts'],
    [
      'an array for a vector',
      edited(2, /"vector":{[^}]*}/.exec(first)![0], '"vector":[]'),
      2,
      'vector must',
    ],
    ['an event that is a list', [head, '[]'].join('\n'), 2, 'Line 2 is no event'],
  ])('TRACE-13 %s: one sentence names the line', (_, file, line, problem) => {
    // prettier-ignore
    const read = readTraceFile(file);
    expect(read).toEqual({ ok: false, line, problem: expect.stringContaining(problem) as string });
    expect(read.ok || read.problem).toMatch(/^[^\n]*\.$/);
  });

  test('TRACE-13 a line without an end is not waited for', () => {
    const reader = new TraceFileReader();
    const piece = 'x'.repeat(MAX_LINE_CHARACTERS / 2);
    expect([reader.push(piece).ok, reader.push(piece).ok]).toEqual([true, true]);
    const refused = { ok: false, line: 1, problem: expect.stringContaining('longer than') as string }; // prettier-ignore
    expect(reader.push('x')).toEqual(refused);
    expect([reader.push('\n'), reader.end()]).toEqual([refused, refused]);
  });

  test('TRACE-13 what no reader would take is not written', () => {
    const reason = 'x'.repeat(MAX_LINE_CHARACTERS);
    expect(() => fileOf([{ ...STAMP, type: 'down', peer: B, reason }])).toThrow(RangeError);
  });

  test('TRACE-12 the format says its name first', () => {
    expect(head.startsWith(`{"format":"${TRACE_FORMAT}","version":2,`)).toBe(true);
  });
});
