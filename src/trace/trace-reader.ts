import * as v from 'valibot';
import { eventSchema } from './event-schema.ts';
import type { TraceEvent } from './event.ts';
import type { NodeId } from '../vocabulary.ts';
import {
  endSchema,
  headSchema,
  MAX_FILE_EVENTS,
  MAX_LINE_CHARACTERS,
  readLine,
  TRACE_FILE_VERSION,
  toldSchema,
  TRACE_FORMAT,
  type ToldBy,
  type TraceFileHead,
} from './trace-file.ts';

/** `problem` is a whole sentence, which names the line and says what is wrong with it. */
export interface Refused {
  readonly ok: false;
  readonly line: number;
  readonly problem: string;
}

export type Portion = ({ readonly ok: true } & Entries) | Refused;

interface Entries {
  readonly events: readonly TraceEvent[];
  readonly told: readonly ToldBy[];
}

export type TraceFile = ({ readonly ok: true; readonly head: TraceFileHead } & Entries) | Refused;

const FIRST_FAULT_ONLY = { abortEarly: true } as const;

class Wrong extends Error {}

/**
 * Reads a file as it comes, in pieces of any size, and checks every line. It keeps no event; the
 * first line that is wrong ends it, and no later piece is looked at.
 */
export class TraceFileReader {
  private head: TraceFileHead | null = null;
  private ended = false;
  private lines = 0;
  private events = 0;
  private told = 0;
  /** What came after the last line's end. */
  private rest = '';
  private refused: Refused | null = null;

  /** @returns the events in it */
  push(text: string): Portion {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    return this.take(lines, this.rest);
  }

  /** @returns the head, and what was still to come, once all has been pushed */
  end(): TraceFile {
    const last = this.take(this.rest === '' ? [] : [this.rest], '');
    if (!last.ok) return last;
    if (this.ended) return { ...last, head: this.head! };
    return this.refuse(
      this.lines === 0
        ? 'The file is empty.'
        : `The file ends after line ${this.lines}, without the line that closes it: the rest was cut off.`,
    );
  }

  private take(lines: readonly string[], rest: string): Portion {
    if (this.refused !== null) return this.refused;
    const events: TraceEvent[] = [];
    const told: ToldBy[] = [];
    try {
      for (const line of lines) {
        this.lines += 1;
        const entry = this.readOne(line);
        if (entry === null) continue;
        if ('told' in entry) told.push(entry);
        else events.push(entry);
      }
      if (rest.length > MAX_LINE_CHARACTERS) {
        this.lines += 1;
        throw new Wrong(TOO_LONG);
      }
      return { ok: true, events, told };
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      return this.refuse(`Line ${this.lines} ${error.message}`);
    }
  }

  private refuse(problem: string): Refused {
    this.refused = { ok: false, line: Math.max(1, this.lines), problem };
    return this.refused;
  }

  private readOne(line: string): TraceEvent | ToldBy | null {
    if (line.length > MAX_LINE_CHARACTERS) throw new Wrong(TOO_LONG);
    if (this.ended) throw new Wrong('comes after the line that closes the file.');
    if (this.head === null) {
      this.head = readHead(line);
      return null;
    }
    const value = parse(line);
    if (isEnd(value)) {
      this.close(value);
      return null;
    }
    if (isRecord(value) && 'told' in value) {
      this.told += 1;
      return readTold(value);
    }
    this.events += 1;
    if (this.events > MAX_FILE_EVENTS) {
      throw new Wrong(`is one more than the ${MAX_FILE_EVENTS} events that a file may have.`);
    }
    const checked = v.safeParse(eventSchema, value, FIRST_FAULT_ONLY);
    if (!checked.success) throw new Wrong(`is no event: ${faultOf(checked.issues[0])}.`);
    // Itself and not the checked copy: so nothing of it is lost, its order included.
    return value as TraceEvent;
  }

  private close({ events, told }: v.InferOutput<typeof endSchema>): void {
    if (events !== this.events) {
      throw new Wrong(`says that there are ${events} events, and there are ${this.events}.`);
    }
    if (told !== this.told) {
      throw new Wrong(
        `says that nodes told ${told} times of them, and they did ${this.told} times.`,
      );
    }
    this.ended = true;
  }
}

/** A whole file at once. */
export function readTraceFile(text: string): TraceFile {
  const reader = new TraceFileReader();
  const most = reader.push(text);
  if (!most.ok) return most;
  const last = reader.end();
  if (!last.ok) return last;
  const events = [...most.events, ...last.events];
  return { ...last, events, told: [...most.told, ...last.told] };
}

const TOO_LONG = `is longer than ${MAX_LINE_CHARACTERS} characters: this is no trace.`;

function readHead(line: string): TraceFileHead {
  const value = tryParse(line);
  if (!isRecord(value) || value['format'] !== TRACE_FORMAT) {
    throw new Wrong('does not begin a Netsplit trace: this is a file of another kind.');
  }
  const { version } = value;
  if (typeof version === 'number' && version > TRACE_FILE_VERSION) {
    throw new Wrong(
      `says that a newer Netsplit wrote the file (version ${version}, this one reads ${TRACE_FILE_VERSION}): open it there.`,
    );
  }
  const checked = v.safeParse(headSchema, value, FIRST_FAULT_ONLY);
  if (!checked.success) throw new Wrong(`is no head of a trace: ${faultOf(checked.issues[0])}.`);
  const { format: _format, version: _version, ...head } = checked.output;
  return head;
}

function readTold(value: unknown): ToldBy {
  const checked = v.safeParse(toldSchema, value, FIRST_FAULT_ONLY);
  if (!checked.success) throw new Wrong(`is not what a node told: ${faultOf(checked.issues[0])}.`);
  const { node, leftOut, ...told } = checked.output.told;
  const untold = leftOut.map(({ protocol, ...left }) => [protocol, left] as const);
  return { node: node as NodeId, told: { ...told, leftOut: new Map(untold) } };
}

function parse(line: string): unknown {
  const value = tryParse(line);
  if (value === undefined) throw new Wrong('is no JSON: the file was damaged, or cut off here.');
  return value;
}

/** `undefined`, which JSON does not know, if it is no JSON. */
function tryParse(line: string): unknown {
  try {
    return readLine(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function isEnd(value: unknown): value is v.InferOutput<typeof endSchema> {
  return v.is(endSchema, value);
}

/** As in 'bytes must be a number'. */
function faultOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path} ${issue.message}`;
}
