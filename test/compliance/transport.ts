import type { Transport, TransportListener } from '../../src/network/transport.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import {
  CHUNK_BYTES,
  MAX_CARRIED_BYTES,
  MAX_DATAGRAM_BYTES,
  MAX_FRAME_BYTES,
  type Lane,
} from '../../src/wire/lane.ts';

/**
 * What every transport must pass, as plain data: the same cases run in Node over the in-memory
 * network and in Chromium over WebRTC. A case makes its own transports and leaves them stopped.
 */
export interface TransportCase {
  readonly title: string;
  run(harness: TransportHarness): Promise<void>;
}

/** What a case needs of the place that it runs in. */
export interface TransportHarness {
  /** Starts one transport for each listener and links every two; done when all `up` were heard. */
  mesh(listeners: readonly TransportListener[]): Promise<readonly Transport[]>;
  /** Closes the link between two transports, from whichever end. */
  drop(a: Transport, b: Transport): void;
  /** Opens a link again that was dropped. */
  relink(a: Transport, b: Transport): void;
  /** Lets time pass until it is so; fails with `what` when it takes too long. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** Lets enough time pass that whatever is still on its way, and can arrive, has arrived. */
  quiet(): Promise<void>;
}

type Heard =
  | {
      readonly type: 'frame';
      readonly from: NodeId;
      readonly bytes: Uint8Array;
      readonly lane: Lane;
    }
  | { readonly type: 'up'; readonly from: NodeId }
  | { readonly type: 'down'; readonly from: NodeId };

/** Writes down all that one transport says. */
class Ear implements TransportListener {
  readonly heard: Heard[] = [];

  frame(from: NodeId, bytes: Uint8Array, lane: Lane): void {
    this.heard.push({ type: 'frame', from, bytes, lane });
  }

  up(from: NodeId): void {
    this.heard.push({ type: 'up', from });
  }

  down(from: NodeId): void {
    this.heard.push({ type: 'down', from });
  }

  frames(lane: Lane, from?: NodeId): Uint8Array[] {
    return this.heard.flatMap((one) =>
      one.type === 'frame' && one.lane === lane && (from === undefined || one.from === from)
        ? [one.bytes]
        : [],
    );
  }

  /** The order of everything about one neighbour, as a word of u(p), f(rame) and d(own). */
  story(from: NodeId): string {
    return this.heard.map((one) => (one.from === from ? one.type[0] : '')).join('');
  }
}

interface Station {
  readonly ear: Ear;
  readonly transport: Transport;
}

async function stations(harness: TransportHarness, count: number): Promise<Station[]> {
  const ears = Array.from({ length: count }, () => new Ear());
  const transports = await harness.mesh(ears);
  return ears.map((ear, index) => ({ ear, transport: transports[index]! }));
}

/** Runs a case with linked transports and stops them whatever happens. */
function withStations(
  title: string,
  count: number,
  body: (harness: TransportHarness, ...all: [Station, Station, Station]) => Promise<void>,
): TransportCase {
  return {
    title,
    async run(harness) {
      const all = await stations(harness, count);
      try {
        await body(harness, ...(all as [Station, Station, Station]));
      } finally {
        for (const { transport } of all) transport.stop();
      }
    },
  };
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

function same<Value>(actual: Value, expected: Value, what: string): void {
  check(actual === expected, `${what}: ${String(actual)}, not ${String(expected)}`);
}

/** Bytes that differ with every number and at every place: a frame out of place is noticed. */
function patterned(length: number, number: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (number * 31 + i * 7 + (i >> 8)) & 0xff;
  return bytes;
}

function sameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  same(actual.length, expected.length, `${what}: length`);
  const wrong = actual.findIndex((byte, index) => byte !== expected[index]);
  check(wrong === -1, `${what}: byte ${wrong} differs`);
}

function sameFrames(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  same(actual.length, expected.length, 'number of frames');
  expected.forEach((frame, index) => sameBytes(actual[index]!, frame, `frame ${index}`));
}

/** Sends all on the stream; where the queue is full it tries again until there is room. */
async function sendAll(
  harness: TransportHarness,
  from: Station,
  to: Station,
  frames: readonly Uint8Array[],
): Promise<void> {
  const { self } = to.transport;
  for (const frame of frames) {
    let outcome = from.transport.send(self, frame, 'stream');
    if (outcome === 'overflow') {
      await harness.until('room in the queue', () => {
        outcome = from.transport.send(self, frame, 'stream');
        return outcome !== 'overflow';
      });
    }
    same(outcome, 'sent', 'outcome of a send to an open link');
  }
}

const STREAM_SIZES = [
  1,
  2,
  1_000,
  CHUNK_BYTES - 64,
  ...Array.from({ length: 20 }, (_, i) => CHUNK_BYTES - 15 + i),
  2 * CHUNK_BYTES,
  3 * CHUNK_BYTES + 1,
  100_000,
  1,
  MAX_FRAME_BYTES - 1,
  MAX_FRAME_BYTES,
  3,
];

const DATAGRAM_SIZES = [1, 2, 100, 1_200, 1_500, 4_096, MAX_DATAGRAM_BYTES - 1, MAX_DATAGRAM_BYTES];

/** More than any transport may take in without saying `overflow`. */
const OVERFLOW_BOUND_BYTES = 256 * 1024 * 1024;

export const transportCompliance: readonly TransportCase[] = [
  withStations('TRANSPORT-1 frames of every size arrive whole and in order', 2, async (h, a, b) => {
    const frames = STREAM_SIZES.map(patterned);
    await sendAll(h, a, b, frames);
    await h.until('all frames', () => b.ear.frames('stream').length >= frames.length);
    sameFrames(b.ear.frames('stream'), frames);
  }),

  withStations(
    'TRANSPORT-1 a thousand frames both ways at once keep their order',
    2,
    async (h, a, b) => {
      const toB = Array.from({ length: 1_000 }, (_, i) => patterned(1 + ((i * 37) % 900), i));
      const toA = Array.from({ length: 1_000 }, (_, i) => patterned(1 + ((i * 53) % 900), i + 7));
      await Promise.all([sendAll(h, a, b, toB), sendAll(h, b, a, toA)]);
      await h.until('all frames', () =>
        [a, b].every(({ ear }) => ear.frames('stream').length >= 1_000),
      );
      await h.quiet();
      sameFrames(b.ear.frames('stream'), toB);
      sameFrames(a.ear.frames('stream'), toA);
    },
  ),

  withStations(
    'TRANSPORT-2 datagrams arrive whole, at most once, as datagrams',
    2,
    async (h, a, b) => {
      const sent = new Map(DATAGRAM_SIZES.map((size, i) => [size, patterned(size, i)]));
      let round = 0;
      for (; b.ear.frames('datagram').length === 0; round++) {
        check(round < 20, 'not one of many datagrams has arrived');
        for (const frame of sent.values()) {
          const outcome = a.transport.send(b.transport.self, frame.slice(), 'datagram');
          check(outcome === 'sent' || outcome === 'overflow', `a datagram was refused: ${outcome}`);
        }
        await h.quiet();
      }
      const counts = new Map<number, number>();
      for (const frame of b.ear.frames('datagram')) {
        const original = sent.get(frame.length);
        check(original !== undefined, `a datagram of ${frame.length} bytes was never sent`);
        sameBytes(frame, original, `datagram of ${frame.length} bytes`);
        counts.set(frame.length, (counts.get(frame.length) ?? 0) + 1);
      }
      check(
        Math.max(...counts.values()) <= round,
        'a datagram has arrived more often than it was sent',
      );
      same(b.ear.frames('stream').length, 0, 'frames on the other lane');
    },
  ),

  withStations(
    'TRANSPORT-3 what arrives shares no memory with what was sent',
    3,
    async (h, a, b, c) => {
      const original = patterned(500, 1);
      const mine = original.slice();
      same(a.transport.send(b.transport.self, mine, 'stream'), 'sent', 'to b');
      same(a.transport.send(c.transport.self, mine, 'stream'), 'sent', 'to c');
      mine.fill(0);
      await h.until('both copies', () =>
        [b, c].every(({ ear }) => ear.frames('stream').length === 1),
      );
      b.ear.frames('stream')[0]!.fill(1);
      sameBytes(c.ear.frames('stream')[0]!, original, 'the copy at c');
      same(mine[0], 0, 'the sender’s own bytes');
    },
  ),

  withStations(
    'TRANSPORT-4 up comes before the first frame and down after the last',
    2,
    async (h, a, b) => {
      const { self: aId } = a.transport;
      for (let i = 0; i < 20; i++) a.transport.send(b.transport.self, patterned(50, i), 'stream');
      await h.until('20 frames', () => b.ear.frames('stream').length === 20);
      for (let i = 0; i < 20; i++) a.transport.send(b.transport.self, patterned(50, i), 'stream');
      h.drop(a.transport, b.transport);
      await h.until('down at both ends', () =>
        [a.ear.story(b.transport.self), b.ear.story(aId)].every((story) => story.endsWith('d')),
      );
      await h.quiet();
      const story = b.ear.story(aId);
      check(/^uf{20,40}d$/.test(story), `the receiver’s story is ${story}`);
      same(a.ear.story(b.transport.self), 'ud', 'the sender’s story');
      same(a.transport.neighbours().length, 0, 'neighbours of a');
      same(b.transport.neighbours().length, 0, 'neighbours of b');
    },
  ),

  withStations('TRANSPORT-5 no link is an outcome', 2, async (h, a, b) => {
    const stranger = '0000000000' as NodeId;
    same(a.transport.send(stranger, patterned(5, 0), 'stream'), 'no-link', 'to a stranger');
    same(a.transport.send(a.transport.self, patterned(5, 0), 'stream'), 'no-link', 'to itself');
    h.drop(a.transport, b.transport);
    await h.until('down', () => a.ear.story(b.transport.self).endsWith('d'));
    for (const lane of ['stream', 'datagram'] as const) {
      same(
        a.transport.send(b.transport.self, patterned(5, 0), lane),
        'no-link',
        `after down, ${lane}`,
      );
    }
  }),

  withStations('TRANSPORT-5 a frame that is too large is an outcome', 2, async (h, a, b) => {
    const { self } = b.transport;
    same(
      a.transport.send(self, new Uint8Array(MAX_CARRIED_BYTES.stream + 1), 'stream'),
      'too-large',
      'stream',
    );
    const datagram = new Uint8Array(MAX_CARRIED_BYTES.datagram + 1);
    same(a.transport.send(self, datagram, 'datagram'), 'too-large', 'datagram');
    same(a.transport.send(self, patterned(9, 0), 'stream'), 'sent', 'the next frame');
    await h.until('the next frame', () => b.ear.frames('stream').length === 1);
  }),

  withStations(
    'TRANSPORT-1, 5 a sender that does not pause hears overflow, and loses nothing that was taken',
    2,
    async (h, a, b) => {
      const size = 200_000;
      let taken = 0;
      for (;;) {
        check(taken * size < OVERFLOW_BOUND_BYTES, 'it takes in frames without a bound');
        const outcome = a.transport.send(b.transport.self, patterned(size, taken), 'stream');
        if (outcome === 'overflow') break;
        same(outcome, 'sent', 'outcome before the overflow');
        taken += 1;
      }
      check(taken > 0, 'not even one frame was taken');
      await h.until('all that was taken', () => b.ear.frames('stream').length >= taken);
      await sendAll(h, a, b, [patterned(size, taken)]);
      await h.until('one more', () => b.ear.frames('stream').length > taken);
      b.ear
        .frames('stream')
        .forEach((frame, i) => sameBytes(frame, patterned(size, i), `frame ${i}`));
    },
  ),

  withStations(
    'TRANSPORT-6 after stop the listener hears nothing, and neighbours hear down',
    3,
    async (h, a, b, c) => {
      const { self } = a.transport;
      b.transport.send(self, patterned(100, 0), 'stream');
      const heardBefore = a.ear.heard.length;
      a.transport.stop();
      await h.until('down at both neighbours', () =>
        [b, c].every(({ ear }) => ear.story(self) === 'ud'),
      );
      await h.quiet();
      same(a.ear.heard.length, heardBefore, 'what the stopped one has heard');
      same(a.transport.neighbours().length, 0, 'its neighbours');
      same(a.transport.send(b.transport.self, patterned(5, 0), 'stream'), 'no-link', 'its send');
      same(b.transport.send(self, patterned(5, 0), 'stream'), 'no-link', 'a send to it');
      same(b.transport.neighbours().join(), c.transport.self, 'neighbours of b');
      a.transport.stop();
    },
  ),

  withStations('TRANSPORT-4 a link that opens again begins afresh', 2, async (h, a, b) => {
    const { self: aId } = a.transport;
    const { self: bId } = b.transport;
    for (let i = 0; i < 3; i++) a.transport.send(bId, patterned(60_000, 100 + i), 'stream');
    h.drop(a.transport, b.transport);
    await h.until('down', () => a.ear.story(bId) === 'ud' && b.ear.story(aId).endsWith('d'));
    h.relink(a.transport, b.transport);
    await h.until('up', () => a.ear.story(bId).endsWith('u') && b.ear.story(aId).endsWith('u'));
    const first = b.ear.heard.length;
    const frames = [patterned(50_000, 1), patterned(1, 2)];
    await sendAll(h, a, b, frames);
    await h.until('frames of the new link', () => b.ear.heard.length >= first + 2);
    await h.quiet();
    const heard = b.ear.heard
      .slice(first)
      .flatMap((one) => (one.type === 'frame' ? [one.bytes] : []));
    sameFrames(heard, frames);
    check(/^uf{0,3}duff$/.test(b.ear.story(aId)), `the story is ${b.ear.story(aId)}`);
  }),

  withStations(
    'TRANSPORT-1 three nodes do not hear what is meant for another',
    3,
    async (h, a, b, c) => {
      const all = [a, b, c];
      const pairs = all.flatMap((from) =>
        all.filter((to) => to !== from).map((to) => ({ from, to })),
      );
      const batches = pairs.map((pair, p) => ({
        ...pair,
        frames: Array.from({ length: 50 }, (_, i) => patterned(10 + i, p * 50 + i)),
      }));
      await Promise.all(batches.map(({ from, to, frames }) => sendAll(h, from, to, frames)));
      await h.until('all frames', () => all.every(({ ear }) => ear.frames('stream').length >= 100));
      await h.quiet();
      for (const { from, to, frames } of batches) {
        sameFrames(to.ear.frames('stream', from.transport.self), frames);
        same(to.ear.frames('stream').length, 100, 'frames in all');
      }
    },
  ),
];
