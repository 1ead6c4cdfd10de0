import { registerReport } from '../../src/checkers/register-report.ts';
import { CoordinationNotes } from '../../src/trace/coordination-notes.ts';
import type { TraceEvent } from '../../src/trace/event.ts';

/**
 * Judges what a class asks of its registers beside the page, which goes on drawing meanwhile. It is told
 * events and answers with reports: at most one a second, and never busy for more than a fifth of its time.
 */

const AT_MOST_EVERY_MS = 1_000;
const REST = 4;

const notes = new CoordinationNotes();
let restMs = 0;
let isDue = false;

self.addEventListener('message', ({ data }: MessageEvent<readonly TraceEvent[]>) => {
  for (const event of data) notes.add(event);
  if (isDue) return;
  isDue = true;
  setTimeout(report, restMs);
});

function report(): void {
  isDue = false;
  const startedAt = performance.now();
  self.postMessage(registerReport(notes));
  restMs = Math.max(AT_MOST_EVERY_MS, REST * (performance.now() - startedAt));
}
