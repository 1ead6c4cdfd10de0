import { Decoder, Encoder } from '@msgpack/msgpack';
import { answer, cpuMs } from '../processes/answer.ts';
import { classEvents } from '../processes/class-events.ts';

/** The same events decoded by a bare library, unchecked, and thrown away. */

const encoder = new Encoder();
const decoder = new Decoder();
const portions = classEvents();
const batches = portions.map(({ events }) => encoder.encode(events));
const events = portions.reduce((sum, portion) => sum + portion.events.length, 0);

function run() {
  const startedMs = cpuMs();
  for (const bytes of batches) decoder.decode(bytes);
  const ms = cpuMs() - startedMs;
  return { ms, events, characters: 0, bytes: batches.reduce((sum, one) => sum + one.length, 0) };
}

answer({ run });
