import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_IN_FLIGHT_BYTES } from '../../src/network/in-flight.ts';
import { labelled } from '../../src/network/label.ts';
import {
  MAX_ENVELOPE_BYTES,
  MAX_HOPS,
  readEnvelope,
  RELAY_MARK,
  writeEnvelope,
  type Envelope,
} from '../../src/network/relay-envelope.ts';
import { MAX_FROZEN_BYTES } from '../../src/runtime/frozen-arrivals.ts';
import { MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES, type Lane } from '../../src/wire/lane.ts';
import { testNodeId } from '../support/node-ids.ts';
import { rule } from './measure.ts';
import { RelayRig, type RelayNode } from './relay-rig.ts';

const HELLO = Uint8Array.of(1, 2, 3);

const line = (count: number) => Array.from({ length: count - 1 }, (_, i) => [i, i + 1] as const);

/** What a node heard, without the times. */
const heard = ({ heard: all }: RelayNode) => all.map(({ from, bytes, lane }) => ({ from, bytes, lane })); // prettier-ignore

const NONE_LOST = { 'no-way': 0, loop: 0, hops: 0, overflow: 0, frozen: 0 };
const NONE_REFUSED = { malformed: 0, impostor: 0, off: 0 };

/** Hands an envelope over a link, past what its sender would do by itself. */
function inject(rig: RelayRig, from: number, to: number, envelope: Partial<Envelope> | Uint8Array) {
  const [sender, receiver] = [rig.nodes[from]!, rig.nodes[to]!];
  const bytes =
    envelope instanceof Uint8Array
      ? envelope
      : writeEnvelope({ lane: 'stream', target: receiver.id, path: [sender.id], frame: HELLO, ...envelope }); // prettier-ignore
  sender.bare.send(receiver.id, labelled(bytes, 0), 'stream');
  rig.time.runFor(10_000);
}

describe('off', () => {
  test('RELAY-1 where no link leads there is no way', () => {
    const rig = new RelayRig(3, line(3), { on: false });
    expect(rig.send(0, 2)).toBe('no-link');
    expect(rig.send(0, 1)).toBe('sent');
    expect(rig.nodes.map(({ heard: all }) => all.length)).toEqual([0, 1, 0]);
  });

  test('RELAY-1 a node passes nothing on for others, and takes nothing that came along others', () => {
    const rig = new RelayRig(4, line(4));
    rig.nodes[1]!.relay.use(false);
    rig.send(0, 2);
    expect(rig.nodes[1]!.relay.counts).toMatchObject({ passedOn: 0, refused: { off: 1 } });
    rig.nodes[1]!.relay.use(true);
    rig.nodes[3]!.relay.use(false);
    rig.send(1, 3);
    expect(rig.nodes[3]!.relay.counts).toMatchObject({ arrived: 0, refused: { off: 1 } });
    expect(rig.nodes.map(({ heard: all }) => all.length)).toEqual([0, 0, 0, 0]);
  });
});

describe('on', () => {
  test.each<Lane>(['stream', 'datagram'])(
    'RELAY-2 a frame reaches its target along a line as from its origin, on the %s',
    (lane) => {
      const rig = new RelayRig(5, line(5));
      expect(rig.send(0, 4, HELLO, lane)).toBe('sent');
      expect(rig.nodes.map(heard)).toEqual([[], [], [], [], [{ from: rig.nodes[0]!.id, bytes: HELLO, lane }]]); // prettier-ignore
      expect(rig.nodes.map(({ relay: { counts } }) => [counts.sent, counts.passedOn, counts.arrived])).toEqual([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]); // prettier-ignore
    },
  );

  test('RELAY-2 round a ring it takes the shorter way, and after a break the longer one', () => {
    const rig = new RelayRig(6, [...line(6), [5, 0]]);
    rig.send(0, 4);
    expect(rig.nodes.map(({ relay }) => relay.counts.passedOn)).toEqual([0, 0, 0, 0, 0, 1]);
    rig.unlink(5, 0);
    rig.send(0, 4);
    expect(rig.nodes.map(({ relay }) => relay.counts.passedOn)).toEqual([0, 1, 1, 1, 0, 1]);
    expect(rig.nodes[4]!.heard).toHaveLength(2);
  });

  test('RELAY-3 neighbours are those with a link, and only their links are told of', () => {
    const rig = new RelayRig(3, line(3));
    rig.send(0, 2);
    expect(rig.nodes[0]!.relay.neighbours()).toEqual([rig.nodes[1]!.id]);
    expect(rig.nodes[2]!.news).toEqual([`up ${rig.nodes[1]!.id}`]);
  });

  test('RELAY-3 a frame with a link of its own takes that, and is as it was', () => {
    const rig = new RelayRig(3, [...line(3), [0, 2]]);
    rig.send(0, 2);
    expect(rig.nodes[2]!.relay.counts).toMatchObject({ arrived: 0 });
    const bytes: Uint8Array[] = [];
    rig.nodes[1]!.ruled.start({ frame: (_from, frame) => bytes.push(frame), up() {}, down() {} });
    rig.send(0, 1);
    expect(bytes).toEqual([HELLO]);
  });

  test('RELAY-3 bytes that look like an envelope arrive as they were, relaying or not', () => {
    const look = Uint8Array.of(RELAY_MARK, 0, 7);
    for (const on of [true, false]) {
      const rig = new RelayRig(2, line(2), { on });
      rig.send(0, 1, look, 'datagram');
      expect(heard(rig.nodes[1]!)).toEqual([{ from: rig.nodes[0]!.id, bytes: look, lane: 'datagram' }]); // prettier-ignore
    }
    const rig = new RelayRig(3, line(3));
    rig.send(0, 2, look);
    expect(heard(rig.nodes[2]!)).toEqual([{ from: rig.nodes[0]!.id, bytes: look, lane: 'stream' }]);
  });
});

describe('rules act on each hop', () => {
  test('RELAY-4 latencies add up', () => {
    const rig = new RelayRig(3, line(3));
    rig.order({ rules: [rule({ latencyMs: 300 }, 1, 2), rule({ latencyMs: 200 }, 2, 3)] });
    const before = rig.time.now();
    rig.send(0, 2);
    expect(rig.nodes[2]!.heard[0]!.at - before).toBe(502);
  });

  test('RELAY-4 what a blackhole on the way swallows is lost in silence', () => {
    const rig = new RelayRig(3, line(3));
    rig.order({ rules: [rule({ blackhole: true }, 2, 3)] });
    expect(rig.send(0, 2)).toBe('sent');
    expect(rig.nodes[2]!.heard).toEqual([]);
    expect(rig.nodes[1]!.ruled.counts(rig.nodes[2]!.id).swallowed).toBe(1);
  });

  test('RELAY-4 damage is felt: the frame is refused here, or further up', () => {
    const rig = new RelayRig(3, line(3));
    rig.order({ rules: [rule({ corrupt: 1 }, 1, 2)] });
    for (let i = 0; i < 200; i++) rig.nodes[0]!.relay.send(rig.nodes[2]!.id, HELLO, 'datagram');
    rig.time.runFor(1_000);
    const { refused, lost, passedOn } = rig.nodes[1]!.relay.counts;
    // What lost its mark is taken for an ordinary frame, for a node's own checks to refuse.
    const unmarked = rig.nodes[1]!.heard.length;
    expect(refused.malformed).toBeGreaterThan(100);
    const notSent = Object.values(lost).reduce((sum, count) => sum + count, 0);
    expect(refused.malformed + refused.impostor + notSent + passedOn + unmarked).toBe(200);
  });

  test('RELAY-5 into the other side of a partition only where a way is left', () => {
    const rig = new RelayRig(4, [[0, 1], [2, 3], [1, 2], [0, 3]]); // prettier-ignore
    rig.unlink(0, 3);
    expect(rig.send(0, 3)).toBe('sent');
    expect(rig.nodes[3]!.heard).toHaveLength(1);
    rig.unlink(1, 2);
    expect(rig.send(0, 3)).toBe('no-link');
    expect(rig.send(0, 1)).toBe('sent');
    rig.link(0, 3);
    rig.time.runFor(0);
    expect(rig.send(1, 2)).toBe('sent');
    expect([rig.nodes[3]!.heard.length, rig.nodes[2]!.heard.length]).toEqual([1, 1]);
  });

  test('RELAY-5 a hop that was cut while the frame was on its way loses it', () => {
    const rig = new RelayRig(3, line(3), { delay: () => 50 });
    rig.time.runFor(100);
    rig.nodes[0]!.relay.send(rig.nodes[2]!.id, HELLO, 'stream');
    rig.unlink(1, 2);
    rig.time.runFor(1_000);
    expect(rig.nodes[1]!.relay.counts.lost).toEqual({ ...NONE_LOST, 'no-way': 1 });
  });
});

describe('no frame goes round for ever', () => {
  const target = testNodeId(99);

  test('RELAY-6 where nodes send it round in a ring, the first that it comes to again loses it', () => {
    const rig = new RelayRig(3, [...line(3), [2, 0]]);
    rig.nodes.forEach(({ relay }, i) =>
      relay.setRoutes(() => new Map([[target, rig.nodes[(i + 1) % 3]!.id]])),
    );
    expect(rig.nodes[0]!.relay.send(target, HELLO, 'stream')).toBe('sent');
    expect(rig.time.runUntilQuiet(10_000)).toBe(true);
    expect(rig.nodes.map(({ relay }) => relay.counts.passedOn)).toEqual([0, 1, 0]);
    expect(rig.nodes[2]!.relay.counts.lost).toEqual({ ...NONE_LOST, loop: 1 });
  });

  test('RELAY-6 nor between two, nor back to its origin', () => {
    const rig = new RelayRig(3, line(3));
    rig.nodes[1]!.relay.setRoutes(() => new Map([[target, rig.nodes[0]!.id]]));
    inject(rig, 0, 1, { target });
    rig.nodes[1]!.relay.setRoutes(() => new Map([[target, rig.nodes[2]!.id]]));
    rig.nodes[2]!.relay.setRoutes(() => new Map([[target, rig.nodes[1]!.id]]));
    inject(rig, 0, 1, { target });
    expect(rig.nodes.map(({ relay }) => relay.counts.lost.loop)).toEqual([0, 1, 1]);
  });

  test('RELAY-6 it goes over so many hops and no more', () => {
    const rig = new RelayRig(MAX_HOPS + 2, line(MAX_HOPS + 2));
    expect(rig.send(0, MAX_HOPS)).toBe('sent');
    expect(rig.nodes[MAX_HOPS]!.heard).toHaveLength(1);
    rig.send(0, MAX_HOPS + 1);
    expect(rig.nodes[MAX_HOPS + 1]!.heard).toEqual([]);
    expect(rig.nodes[MAX_HOPS]!.relay.counts.lost).toEqual({ ...NONE_LOST, hops: 1 });
  });
});

describe('what arrives is checked', () => {
  test('RELAY-7 who hands it over is on the path, last', () => {
    const rig = new RelayRig(3, line(3));
    const [a, , c] = rig.nodes.map(({ id }) => id) as [RelayNode['id'], RelayNode['id'], RelayNode['id']]; // prettier-ignore
    inject(rig, 0, 1, { path: [testNodeId(50)] });
    inject(rig, 0, 1, { path: [a, testNodeId(50)] });
    inject(rig, 0, 1, { target: c, path: [testNodeId(50)] });
    expect(rig.nodes[1]!.relay.counts.refused).toEqual({ ...NONE_REFUSED, impostor: 3 });
    expect(rig.nodes.map(({ heard: all }) => all.length)).toEqual([0, 0, 0]);
    // Whether the origin said it, nobody can tell.
    inject(rig, 0, 1, { path: [testNodeId(50), a] });
    expect(heard(rig.nodes[1]!)).toMatchObject([{ from: testNodeId(50) }]);
  });

  test('RELAY-7 envelopes come back as they were', () => {
    const ids = fc.uniqueArray(fc.nat(200).map(testNodeId), {
      minLength: 2,
      maxLength: MAX_HOPS + 1,
    });
    const envelopes = fc.record({
      lane: fc.constantFrom<Lane>('stream', 'datagram'),
      ids,
      frame: fc.uint8Array({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(envelopes, ({ lane, ids: [target, ...path], frame }) => {
        const envelope = { lane, target: target!, path, frame };
        const bytes = writeEnvelope(envelope);
        expect(bytes.length - frame.length).toBeLessThanOrEqual(MAX_ENVELOPE_BYTES);
        expect(readEnvelope(bytes)).toEqual(envelope);
      }),
    );
  });

  test('RELAY-7 whatever bytes begin as an envelope does, nothing throws and all is counted', () => {
    const rig = new RelayRig(2, line(2));
    const good = writeEnvelope({ lane: 'stream', target: rig.nodes[1]!.id, path: [rig.nodes[0]!.id], frame: HELLO }); // prettier-ignore
    let handed = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(good.length - 1), (noise, cut) => {
        inject(rig, 0, 1, Uint8Array.of(RELAY_MARK, ...noise));
        inject(rig, 0, 1, good.slice(0, Math.min(cut, good.length - HELLO.length - 1)));
        handed += cut === 0 ? 1 : 2;
      }),
      { numRuns: 200 },
    );
    const { refused, lost } = rig.nodes[1]!.relay.counts;
    expect(refused.malformed).toBe(handed);
    expect(lost).toEqual(NONE_LOST);
    expect(rig.nodes[1]!.heard).toEqual([]);
  });

  test.each<[string, (bytes: Uint8Array, self: string) => void]>([
    ['another lane', (bytes) => (bytes[1] = 2)],
    ['nobody on its path', (bytes) => (bytes[12] = 0)],
    ['too many on its path', (bytes) => (bytes[12] = MAX_HOPS + 1)],
    ['no id for a target', (bytes) => (bytes[2] = 0)],
    ['its target on its path', (bytes) => bytes.copyWithin(2, 13, 23)],
  ])('RELAY-7 an envelope with %s is none', (_what, damage) => {
    const bytes = writeEnvelope({
      lane: 'stream',
      target: testNodeId(1),
      path: [testNodeId(2)],
      frame: new Uint8Array(400),
    });
    expect(readEnvelope(bytes)).not.toBe(null);
    damage(bytes, '');
    expect(readEnvelope(bytes)).toBe(null);
  });

  test('RELAY-7 nor is one that has been at a node twice', () => {
    const path = [2, 3, 2].map(testNodeId);
    expect(readEnvelope(writeEnvelope({ lane: 'stream', target: testNodeId(1), path, frame: HELLO }))).toBe(null); // prettier-ignore
  });
});

describe('what waits and what is carried has a bound', () => {
  test('RELAY-8 a frame may be as large as what an envelope leaves, and a datagram as large as ever', () => {
    const rig = new RelayRig(3, line(3), { delay: () => 0 });
    const most = MAX_FRAME_BYTES - MAX_ENVELOPE_BYTES;
    expect(rig.send(0, 2, new Uint8Array(most))).toBe('sent');
    expect(rig.send(0, 2, new Uint8Array(most + 1))).toBe('too-large');
    expect(rig.send(0, 2, new Uint8Array(MAX_DATAGRAM_BYTES), 'datagram')).toBe('sent');
    expect(rig.send(0, 2, new Uint8Array(MAX_DATAGRAM_BYTES + 1), 'datagram')).toBe('too-large');
    expect(rig.send(0, 1, new Uint8Array(MAX_FRAME_BYTES))).toBe('sent');
    expect(rig.nodes[2]!.heard.map(({ bytes, lane }) => [bytes.length, lane])).toEqual([
      [most, 'stream'],
      [MAX_DATAGRAM_BYTES, 'datagram'],
    ]);
  });

  test('RELAY-8 where the next link is full it is lost, and counted', () => {
    const rig = new RelayRig(3, line(3), { delay: (from) => (from === testNodeId(2) ? 5_000 : 0) });
    const frame = new Uint8Array(1_000_000);
    const fits = Math.floor(MAX_IN_FLIGHT_BYTES / frame.length);
    for (let i = 0; i < fits + 2; i++) {
      expect(rig.nodes[0]!.relay.send(rig.nodes[2]!.id, frame, 'stream')).toBe('sent');
      rig.time.runFor(1);
    }
    rig.time.runFor(20_000);
    expect(rig.nodes[2]!.heard).toHaveLength(fits);
    expect(rig.nodes[1]!.relay.counts).toMatchObject({ passedOn: fits, lost: { overflow: 2 } });
  });

  test('RELAY-9 a node that does not run passes nothing on, and then all in order', () => {
    const rig = new RelayRig(3, line(3));
    const frozen = rig.nodes[1]!;
    frozen.relay.freeze();
    for (let i = 0; i < 3; i++) rig.send(0, 2, Uint8Array.of(i));
    expect(rig.nodes[2]!.heard).toEqual([]);
    frozen.relay.thaw();
    rig.time.runFor(100);
    expect(rig.nodes[2]!.heard.map(({ bytes }) => bytes[0])).toEqual([0, 1, 2]);
    rig.send(0, 2, Uint8Array.of(3));
    expect(rig.nodes[2]!.heard).toHaveLength(4);
  });

  test('RELAY-9 what waits while it does not run has a bound, and goes with its life or its choice', () => {
    const rig = new RelayRig(3, line(3));
    const frozen = rig.nodes[1]!;
    const half = new Uint8Array(MAX_FRAME_BYTES / 2);
    const fits = Math.floor(MAX_FROZEN_BYTES / (half.length + 1_000));
    frozen.relay.freeze();
    for (let i = 0; i < fits + 2; i++) rig.send(0, 2, half);
    frozen.relay.thaw();
    rig.time.runFor(10_000);
    expect(frozen.relay.counts.lost.frozen).toBe(2);
    for (const end of [() => frozen.relay.start(frozen), () => frozen.relay.use(false)]) {
      const before = rig.nodes[2]!.heard.length;
      frozen.relay.freeze();
      rig.send(0, 2);
      end();
      frozen.relay.thaw();
      rig.time.runFor(100);
      expect(rig.nodes[2]!.heard).toHaveLength(before);
    }
  });

  test('RELAY-1 after stop nothing is heard or passed on', () => {
    const rig = new RelayRig(3, line(3));
    rig.nodes[1]!.relay.stop();
    rig.time.runFor(0);
    expect(rig.send(0, 2)).toBe('no-link');
    expect(rig.nodes[1]!.relay.send(rig.nodes[2]!.id, HELLO, 'stream')).toBe('no-link');
  });
});
