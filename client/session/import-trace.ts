import { Chronicle } from '../../src/trace/chronicle.ts';
import { MAX_FILE_EVENTS, type TraceFileHead } from '../../src/trace/trace-file.ts';
import { TraceFileReader, type Portion } from '../../src/trace/trace-reader.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { nextTask } from '../platform/next-task.ts';

/** A hundred events or more: some milliseconds of work, so that the page stays awake. */
const SLICE_BYTES = 64 * 1024;

export type Imported =
  | {
      readonly ok: true;
      readonly head: TraceFileHead;
      readonly chronicle: Chronicle;
      readonly names: ReadonlyMap<NodeId, string>;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a trace file bit by bit, and lets the page live meanwhile.
 *
 * @param progress is told how much has been read, from 0 to 1
 */
export async function importTrace(
  file: Blob,
  progress: (share: number) => void = () => {},
): Promise<Imported> {
  const reader = new TraceFileReader();
  // All that a file may have, so that nothing of it makes room for the rest.
  const chronicle = new Chronicle(MAX_FILE_EVENTS);
  const decoder = new TextDecoder();
  for (let at = 0; at < file.size; at += SLICE_BYTES) {
    const bytes = await file.slice(at, at + SLICE_BYTES).arrayBuffer();
    const portion = reader.push(decoder.decode(bytes, { stream: true }));
    if (!portion.ok) return portion;
    take(chronicle, portion);
    progress(Math.min(1, (at + SLICE_BYTES) / file.size));
    await nextTask();
  }
  const end = reader.end();
  if (!end.ok) return end;
  take(chronicle, end);
  const names = new Map(Object.entries(end.head.names) as [NodeId, string][]);
  return { ok: true, head: end.head, chronicle, names };
}

function take(chronicle: Chronicle, { events, told }: Extract<Portion, { ok: true }>): void {
  for (const event of events) chronicle.add(event);
  for (const one of told) chronicle.account(one.node, one.told);
}
