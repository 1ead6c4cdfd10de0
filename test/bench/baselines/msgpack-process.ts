import { Decoder, Encoder } from '@msgpack/msgpack';
import { answer, cpuMs } from '../processes/answer.ts';
import { BODIES } from '../processes/frame-bodies.ts';

/** A bare MessagePack round trip of the same bodies: the library alone, its objects made once. */

const encoder = new Encoder();
const decoder = new Decoder();

function run({ body, rounds }: { body: number; rounds: number }): number {
  const { message } = BODIES[body]!;
  const startedMs = cpuMs();
  for (let i = 0; i < rounds; i++) decoder.decode(encoder.encode(message));
  return cpuMs() - startedMs;
}

answer({ run });
