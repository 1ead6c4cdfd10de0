import * as v from 'valibot';
import { NODE_ID_PATTERN, ROOM_CODE_PATTERN, type NodeId, type RoomCode } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { MAX_SAMPLING_LEVEL } from './sampling.ts';
import type { Told } from './telling.ts';
import { MAX_COUNTED_PROTOCOLS } from './traffic.ts';

/**
 * A trace as a file of lines of JSON: what it is, then an event a line, then how many they were, so
 * that a file that was cut off shows it. Between events stands what nodes said of them.
 *
 *     {"format":"netsplit-trace","version":2,"room":"ACDEFG","exportedAt":1700000000000,"names":{}}
 *     {"node":"k3f9x0a2bc","incarnation":1,"sequence":1, … ,"type":"start"}
 *     {"told":{"node":"k3f9x0a2bc", … ,"level":0,"events":1,"lost":0,"leftOut":[]}}
 *     {"end":true,"events":1,"told":1}
 */
export const TRACE_FORMAT = 'netsplit-trace';

/** Raised with every change of what a line may be. */
export const TRACE_FILE_VERSION = 2;

/** 256 clock entries take 7 kB; the rest is for a protocol's note. */
export const MAX_LINE_CHARACTERS = 1024 * 1024;

/** The full recorders of a room of the largest size: 60 nodes, 10,000 events each. */
export const MAX_FILE_EVENTS = 600_000;

const MAX_NAME_LENGTH = 200;

const nodeId = v.pipe(v.string(), v.regex(NODE_ID_PATTERN, 'must be a node id'));

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
    nodeId,
    v.pipe(v.string('must be a text'), v.maxLength(MAX_NAME_LENGTH, 'must be shorter')),
  ),
});
type Head = v.InferOutput<typeof headSchema>;

export type TraceFileHead = Omit<Head, 'format' | 'version'>;

const count = v.pipe(v.number('must be a number'), v.safeInteger('must be whole'), v.minValue(0));

/** What a node said of how much it told: so that whoever reads the file knows what is not in it. */
export const toldSchema = v.strictObject({
  told: v.strictObject({
    node: nodeId,
    at: v.number('must be a number'),
    level: v.pipe(count, v.maxValue(MAX_SAMPLING_LEVEL)),
    events: count,
    lost: count,
    leftOut: v.pipe(
      v.array(
        v.strictObject({
          protocol: v.string('must be a text'),
          sent: count,
          sentBytes: count,
          received: count,
          receivedBytes: count,
        }),
      ),
      v.maxLength(MAX_COUNTED_PROTOCOLS, 'must be shorter'),
    ),
  }),
});

export const endSchema = v.strictObject({
  end: v.literal(true),
  events: v.number(),
  told: v.number(),
});

/** What a node said, in the place among its events where it said it. */
export interface ToldBy {
  readonly node: NodeId;
  readonly told: Told;
}

/**
 * A file in pieces, a line each, its end included: for a `Blob`, or for a stream.
 *
 * @throws {RangeError} what no reader would take: too many events, or one whose line is too long
 */
export function* writeTraceFile(
  head: TraceFileHead,
  entries: Iterable<TraceEvent | ToldBy>,
): Generator<string> {
  yield headLine(head);
  let events = 0;
  let told = 0;
  for (const entry of entries) {
    if ('told' in entry) told += 1;
    else events += 1;
    if (events > MAX_FILE_EVENTS) throw new RangeError(`more than ${MAX_FILE_EVENTS} events`);
    yield 'told' in entry ? toldLine(entry) : eventLine(entry);
  }
  yield endLine(events, told);
}

// The lines by themselves, for who writes a file bit by bit. Whoever does counts them, too.

export function headLine(head: TraceFileHead): string {
  return lineOf({ format: TRACE_FORMAT, version: TRACE_FILE_VERSION, ...head });
}

/** @throws {RangeError} if it is too long */
export function eventLine(event: TraceEvent): string {
  return lineOf(event);
}

export function toldLine({ node, told }: ToldBy): string {
  const { at, level, events, lost } = told;
  const leftOut = [...told.leftOut].map(([protocol, untold]) => ({ protocol, ...untold }));
  return lineOf({ told: { node, at, level, events, lost, leftOut } });
}

export function endLine(events: number, told: number): string {
  return lineOf({ end: true, events, told });
}

function lineOf(value: object): string {
  // Without a function that is asked about every number it takes a fifth of the time.
  const line = hasOddNumber(value) ? JSON.stringify(value, writeNumber) : JSON.stringify(value);
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

function hasOddNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasOddNumber);
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
