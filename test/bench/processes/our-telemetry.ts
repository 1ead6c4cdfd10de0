import { Watching } from '../../../client/session/watching.ts';
import { RecordingLines } from '../../../client/session/recording-lines.ts';
import { encodeEventBatch } from '../../../src/wire/event-batch-writer.ts';
import { answer, cpuMs } from './answer.ts';
import { classEvents } from './class-events.ts';

/** All that an observer's page does with what a class tells it: decoded, put right, kept, recorded. */

const portions = classEvents();
const batches = portions.map(({ node, at, events }) => {
  const head = { sentAt: at, level: 0, lost: 0, leftOut: new Map() };
  const { bytes, taken } = encodeEventBatch(head, events);
  if (taken !== events.length) throw new Error('a portion is too large for a batch');
  return { node, at, bytes };
});
const events = portions.reduce((sum, portion) => sum + portion.events.length, 0);

function run({ records }: { records: boolean }) {
  let now = 0;
  let lines = new RecordingLines();
  const watching = new Watching({
    trueTime: () => now,
    linked: () => [],
    ask: () => {},
    seen: (event) => {
      if (records) lines.event(event);
    },
    accounted: (node, told) => {
      if (records) lines.account(node, told);
    },
  });
  let characters = 0;
  const startedMs = cpuMs();
  for (const { node, at, bytes } of batches) {
    now = at + 3;
    watching.told(node, bytes);
    if (lines.characters < 1_000_000) continue;
    characters += lines.take()!.text.length;
    lines = new RecordingLines();
  }
  const ms = cpuMs() - startedMs;
  if (watching.chronicle.size !== Math.min(events, 100_000))
    throw new Error('an event was refused');
  return { ms, events, characters, bytes: batches.reduce((sum, one) => sum + one.bytes.length, 0) };
}

answer({ run });
