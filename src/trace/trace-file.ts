import * as v from 'valibot';
import { NODE_ID_PATTERN, ROOM_CODE_PATTERN, type RoomCode } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';

/**
 * A trace as a file of lines of JSON: what it is, then an event a line, then how many they were, so
 * that a file that was cut off shows it.
 *
 *     {"format":"netsplit-trace","version":2,"room":"ACDEFG","exportedAt":1700000000000,"names":{}}
 *     {"node":"k3f9x0a2bc","incarnation":1,"sequence":1, … ,"type":"start"}
 *     {"end":true,"events":1}
 */
export const TRACE_FORMAT = 'netsplit-trace';

/** Raised with every change of what a line may be. */
export const TRACE_FILE_VERSION = 2;

/** 256 clock entries take 7 kB; the rest is for a protocol's note. */
export const MAX_LINE_CHARACTERS = 1024 * 1024;

/** The full recorders of a room of the largest size: 60 nodes, 10,000 events each. */
export const MAX_FILE_EVENTS = 600_000;

const MAX_NAME_LENGTH = 200;

export const headSchema = v.strictObject({
  format: v.literal(TRACE_FORMAT),
  version: v.literal(TRACE_FILE_VERSION),
  room: v.custom<RoomCode>(
    (x) => typeof x === 'string' && ROOM_CODE_PATTERN.test(x),
    'must be a room code',
  ),
  /** True milliseconds since 1970, on the machine that wrote the file. */
  exportedAt: v.number('must be a number'),
  /** What people call the nodes, by id. */
  names: v.record(
    v.pipe(v.string(), v.regex(NODE_ID_PATTERN, 'must be a node id')),
    v.pipe(v.string('must be a text'), v.maxLength(MAX_NAME_LENGTH, 'must be shorter')),
  ),
});
type Head = v.InferOutput<typeof headSchema>;

export type TraceFileHead = Omit<Head, 'format' | 'version'>;

export const endSchema = v.strictObject({ end: v.literal(true), events: v.number() });

/**
 * A file in pieces, a line each, its end included: for a `Blob`, or for a stream.
 *
 * @throws {RangeError} what no reader would take: too many events, or one whose line is too long
 */
export function* writeTraceFile(
  head: TraceFileHead,
  events: Iterable<TraceEvent>,
): Generator<string> {
  yield lineOf({ format: TRACE_FORMAT, version: TRACE_FILE_VERSION, ...head });
  let written = 0;
  for (const event of events) {
    written += 1;
    if (written > MAX_FILE_EVENTS) throw new RangeError(`more than ${MAX_FILE_EVENTS} events`);
    yield lineOf(event);
  }
  yield lineOf({ end: true, events: written });
}

function lineOf(value: unknown): string {
  const line = JSON.stringify(value, writeNumber);
  if (line.length > MAX_LINE_CHARACTERS) {
    throw new RangeError(`an event of ${line.length} characters, more than ${MAX_LINE_CHARACTERS}`);
  }
  return `${line}\n`;
}

/** JSON lacks these numbers, and events lack arrays: so an array of one text is such a number. */
const ODD_NUMBERS = new Map([NaN, Infinity, -Infinity, -0].map((n) => [nameOf(n), n]));
const HAS_ODD_NUMBER = /\["(?:NaN|-?Infinity|-0)"\]/;

function nameOf(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number);
}

function writeNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  const name = nameOf(value);
  return ODD_NUMBERS.has(name) ? [name] : value;
}

/** The value that a line stands for; throws `SyntaxError` if it is no JSON. */
export function readLine(line: string): unknown {
  return HAS_ODD_NUMBER.test(line) ? JSON.parse(line, readNumber) : JSON.parse(line);
}

function readNumber(_key: string, value: unknown): unknown {
  return Array.isArray(value) && value.length === 1
    ? (ODD_NUMBERS.get(String(value[0])) ?? value)
    : value;
}
