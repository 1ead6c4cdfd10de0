import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  channels,
  HERE_MS,
  MAX_WAITING_BYTES,
  REST_MS,
  UnfitForChannel,
} from '../../src/channels/channels.ts';
import { MAX_MESSAGE_BYTES } from '../../src/channels/incoming.ts';
import { MAX_ABOUT_BYTES, MAX_CHANNELS, MAX_NAME_LENGTH } from '../../src/channels/messages.ts';
import { MAX_DATAGRAM_BYTES } from '../../src/wire/lane.ts';
import { channelsCluster } from './channels-cluster.ts';

/** A round trip and the wait of an acknowledgement, with room to spare. */
const SOON_MS = 100;
const LONG_MS = 120_000;

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const bytesOf = (said: string) => Uint8Array.from(said, (letter) => letter.charCodeAt(0));

/** Bytes that tell from where in which message they are. */
const filled = (length: number, mark: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + mark * 7 + (i >> 8)) & 255);

/** Two neighbours that have met on a channel. */
function met(options: Parameters<typeof channelsCluster>[1] = {}) {
  const class_ = channelsCluster(2, options);
  class_.cluster.linkAll();
  const [a, b] = [class_.open(0), class_.open(1)];
  class_.pass(SOON_MS);
  expect(a.peers()).toEqual([1]);
  expect(b.peers()).toEqual([0]);
  return { ...class_, a, b };
}

describe('who is there', () => {
  test('CHANNEL-1 neighbours with the same channel open hear of each other, and of no other', () => {
    const { cluster, open, pass } = channelsCluster(4);
    for (const [a, b] of [[0, 1], [1, 2], [0, 3]] as const) cluster.link(a, b); // prettier-ignore
    pass(0);
    const notes = [0, 1, 2].map((node) => open(node, 'notes'));
    const other = open(3, 'other');
    pass(SOON_MS);
    expect(notes.map(({ peers }) => peers().sort())).toEqual([[1], [0, 2], [1]]);
    expect(other.peers()).toEqual([]);
    expect(notes[1]!.abouts).toEqual(new Map([[0, Uint8Array.of(0)], [2, Uint8Array.of(2)]])); // prettier-ignore
  });

  test('CHANNEL-1 a node that runs the protocol later asks who is there', () => {
    const { cluster, open, pass } = channelsCluster(2, { among: [0] });
    cluster.linkAll();
    const a = open(0);
    pass(HERE_MS / 2);
    const up: Uint8Array[] = [];
    const late = cluster.members[1]!.node.add(channels);
    late.open('notes', bytesOf('late'), {
      up: (_, about) => up.push(about),
      down() {},
      message() {},
    });
    pass(SOON_MS);
    expect(up).toEqual([Uint8Array.of(0)]);
    expect(a.abouts.get(1)).toEqual(bytesOf('late'));
  });

  test('CHANNEL-1 a link that opens later', () => {
    const { cluster, open, pass } = channelsCluster(2);
    const [a, b] = [open(0), open(1)];
    pass(SOON_MS);
    expect([...a.peers(), ...b.peers()]).toEqual([]);
    cluster.link(0, 1);
    pass(SOON_MS);
    expect([a.peers(), b.peers()]).toEqual([[1], [0]]);
  });

  test('CHANNEL-1 what was lost of it is told again', () => {
    const { cluster, open, rules, pass } = channelsCluster(2);
    cluster.linkAll();
    pass(SOON_MS);
    rules({ blackhole: true });
    const [a, b] = [open(0), open(1)];
    pass(SOON_MS);
    rules({});
    expect([...a.peers(), ...b.peers()]).toEqual([]);
    pass(HERE_MS);
    expect([a.peers(), b.peers()]).toEqual([[1], [0]]);
  });

  test('CHANNEL-3 closing, and a link that closes, are a down at the other; the closer hears nothing more', () => {
    const { cluster, open, a, b, pass } = met();
    const before = a.heard.length;
    a.channel.close();
    pass(SOON_MS);
    expect(b.heard.at(-1)).toEqual({ from: 0, what: 'down' });
    expect(a.heard.length).toBe(before);
    const again = open(0);
    pass(SOON_MS);
    expect(b.heard.at(-1)).toEqual({ from: 0, what: 'up' });
    cluster.unlink(0, 1);
    pass(SOON_MS);
    expect(b.heard.at(-1)).toEqual({ from: 0, what: 'down' });
    expect(again.heard.at(-1)).toEqual({ from: 1, what: 'down' });
    expect(again.channel.send(cluster.members[1]!.id, bytesOf('x'))).toBe(false);
  });

  test('CHANNEL-3 who closes and opens again before anybody has heard of it is met anew', () => {
    const { open, id, a, b, pass, rules } = met();
    rules({ blackhole: true });
    a.channel.send(id(1), bytesOf('of the first'));
    a.channel.close();
    const again = open(0);
    expect(again.channel.send(id(1), bytesOf('too early'))).toBe(false);
    pass(0);
    again.channel.send(id(1), bytesOf('of the second'));
    rules({});
    pass(2 * HERE_MS + SOON_MS);
    expect(b.heard.map(({ what }) => (typeof what === 'string' ? what : text(what)))).toEqual([
      ...['up', 'down', 'up', 'of the second'],
    ]);
  });

  test('CHANNEL-7 what cannot be opened is refused in a sentence, and nothing has happened', () => {
    const { open, at, pass, events } = channelsCluster(1);
    open(0, 'notes');
    const sentence = (name: string, about = new Uint8Array()) => {
      try {
        open(0, name, about);
      } catch (error) {
        expect(error).toBeInstanceOf(UnfitForChannel);
        return (error as Error).message;
      }
      return null;
    };
    const before = events.length;
    expect(sentence('notes')).toMatch(/^This node has the channel 'notes' open already\. Close/);
    expect(sentence('')).toMatch(/1 to 64 characters/);
    expect(sentence('x'.repeat(MAX_NAME_LENGTH + 1))).toMatch(/has 65\./);
    expect(sentence('about', new Uint8Array(MAX_ABOUT_BYTES + 1))).toMatch(/513 bytes/);
    expect(events.length).toBe(before);
    for (let n = 1; n < MAX_CHANNELS; n++) open(0, `document ${n}`);
    expect(sentence('one more')).toMatch(/32 channels open, and that is the limit/);
    pass(SOON_MS);
    expect(at(0).inspect().channels.length).toBe(MAX_CHANNELS);
  });
});

describe('what is sent', () => {
  test('CHANNEL-2 arrives once and in order, whatever the link loses, doubles, damages, delays and turns round', () => {
    const faults = fc.record({
      loss: fc.double({ min: 0, max: 0.4, noNaN: true }),
      duplicate: fc.double({ min: 0, max: 0.4, noNaN: true }),
      corrupt: fc.double({ min: 0, max: 0.1, noNaN: true }),
      reorder: fc.double({ min: 0, max: 0.5, noNaN: true }),
      reorderMs: fc.integer({ min: 1, max: 400 }),
      latencyMs: fc.integer({ min: 0, max: 400 }),
    });
    const said = fc.array(
      fc.tuple(fc.nat(1), fc.oneof(fc.nat(200), fc.nat(100_000)), fc.nat(300)),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(faults, said, fc.nat(), (fault, messages, seed) => {
        const { a, b, id, rules, pass } = met({ seed });
        rules(fault);
        const [toB, toA]: Uint8Array[][] = [[], []];
        for (const [from, length, waitMs] of messages) {
          const bytes = filled(length, toA!.length + toB!.length);
          expect([a, b][from]!.channel.send(id(1 - from), bytes)).toBe(true);
          (from === 0 ? toB : toA)!.push(bytes);
          pass(waitMs);
        }
        pass(LONG_MS);
        expect([b.messages(0).length, a.messages(1).length]).toEqual([toB!.length, toA!.length]);
        expect(b.messages(0).every((bytes, i) => Buffer.compare(bytes, toB![i]!) === 0)).toBe(true);
        expect(a.messages(1).every((bytes, i) => Buffer.compare(bytes, toA![i]!) === 0)).toBe(true);
        expect([...a.heard, ...b.heard].filter(({ what }) => what === 'down')).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('CHANNEL-2 nothing goes again on a link without faults', () => {
    const { a, b, id, pass, events } = met();
    const before = events.length;
    for (let n = 0; n < 50; n++) a.channel.send(id(1), filled(30_000, n));
    pass(LONG_MS / 10);
    expect(b.messages(0).length).toBe(50);
    const parts = events.slice(before).filter((event) => event.type === 'send' && event.kind === 'part'); // prettier-ignore
    expect(parts.length).toBe(50 * 2);
  });

  test('CHANNEL-4 a message of the largest size travels in chunks; a larger one is refused', () => {
    const { a, b, id, pass, events } = met();
    const largest = filled(MAX_MESSAGE_BYTES, 1);
    expect(() => a.channel.send(id(1), new Uint8Array(MAX_MESSAGE_BYTES + 1))).toThrow(
      /^This message takes 8388609 bytes and a channel carries 8388608\. Send it in parts\.$/,
    );
    a.channel.send(id(1), largest);
    a.channel.send(id(1), new Uint8Array());
    pass(LONG_MS / 10);
    expect(b.messages(0).length).toBe(2);
    expect(Buffer.compare(b.messages(0)[0]!, largest)).toBe(0);
    expect(b.messages(0)[1]).toEqual(new Uint8Array());
    const sizes = events.flatMap((event) => (event.type === 'send' ? [event.bytes] : []));
    expect(Math.max(...sizes)).toBeLessThan(MAX_DATAGRAM_BYTES);
    expect(Math.max(...sizes)).toBeGreaterThan(MAX_DATAGRAM_BYTES * 0.9);
  });

  test('CHANNEL-5 a peer that takes nothing is parted from, and met anew once it takes something', () => {
    const { a, b, at, id, rules, pass } = met();
    rules({ blackhole: true });
    const eighth = filled(MAX_WAITING_BYTES / 8, 3);
    for (let n = 0; n < 8; n++) expect(a.channel.send(id(1), eighth)).toBe(true);
    expect(a.channel.send(id(1), bytesOf('x'))).toBe(false);
    expect(a.heard.at(-1)).toEqual({ from: 1, what: 'down' });
    expect(at(0).inspect()).toMatchObject({ overflows: 1, channels: [{ peers: [] }] });
    rules({});
    pass(REST_MS + HERE_MS + SOON_MS);
    a.channel.send(id(1), bytesOf('after'));
    pass(SOON_MS);
    expect(a.heard.map(({ what }) => what)).toEqual(['up', 'down', 'up']);
    expect(b.heard.map(({ what }) => (typeof what === 'string' ? what : text(what)))).toEqual([
      ...['up', 'down', 'up', 'after'],
    ]);
  });

  test('CHANNEL-6 a paused node sends when it goes on; a crash ends all', () => {
    const { cluster, a, b, id, open, pass } = met();
    cluster.members[0]!.pause();
    a.channel.send(id(1), bytesOf('while paused'));
    b.channel.send(id(0), bytesOf('to one who is paused'));
    pass(LONG_MS);
    expect([...a.messages(1), ...b.messages(0)]).toEqual([]);
    cluster.members[0]!.resume();
    pass(SOON_MS);
    expect(b.messages(0).map(text)).toEqual(['while paused']);
    expect(a.messages(1).map(text)).toEqual(['to one who is paused']);

    cluster.members[0]!.crash();
    b.channel.send(id(0), bytesOf('to one who is dead'));
    pass(LONG_MS);
    cluster.restart(0, true);
    pass(SOON_MS);
    expect(b.heard.at(-1)).toEqual({ from: 0, what: 'down' });
    expect(b.peers()).toEqual([]);
    const next = open(0);
    pass(SOON_MS);
    next.channel.send(id(1), bytesOf('in the next life'));
    pass(SOON_MS);
    expect(b.messages(0).map(text)).toEqual(['while paused', 'in the next life']);
    expect(next.messages(1)).toEqual([]);
  });

  test('CHANNEL-8 into a black hole goes one part every few seconds', () => {
    const { a, b, id, rules, pass, events } = met();
    rules({ blackhole: true });
    const before = events.length;
    a.channel.send(id(1), filled(300_000, 1));
    pass(60_000);
    const sent = events.slice(before).filter((event) => event.type === 'send' && event.kind === 'part'); // prettier-ignore
    expect(sent.length).toBeGreaterThan(20 + 60_000 / 4_000 - 2);
    expect(sent.length).toBeLessThan(20 + 25);
    rules({});
    pass(4_000 + SOON_MS);
    expect(b.messages(0).length).toBe(1);
  });

  test('CHANNEL-8 on a link that takes longer than one waits at first, each part soon goes once', () => {
    const { a, b, id, rules, pass, events } = met();
    rules({ latencyMs: 1_000 });
    for (let n = 0; n < 5; n++) {
      a.channel.send(id(1), bytesOf('to learn from'));
      pass(10_000);
    }
    const before = events.length;
    for (let n = 0; n < 20; n++) a.channel.send(id(1), filled(10_000, n));
    pass(10_000);
    expect(b.messages(0).length).toBe(25);
    const sent = events.slice(before).filter((event) => event.type === 'send' && event.kind === 'part'); // prettier-ignore
    expect(sent.length).toBe(20);
  });

  test('CHANNEL-8 a slow line is not buried: ten seconds of bytes take little more than ten seconds', () => {
    const { a, b, id, rules, pass } = met();
    rules({ bytesPerSecond: 100_000, queueBytes: 500_000 });
    a.channel.send(id(1), filled(1_000_000, 1));
    pass(13_000);
    expect(b.messages(0).length).toBe(1);
  });

  test('CHANNEL-9 shares no memory with what was sent', () => {
    const { a, b, id, pass } = met();
    const bytes = bytesOf('as it was');
    a.channel.send(id(1), bytes);
    bytes.fill(0);
    pass(SOON_MS);
    expect(text(b.messages(0)[0]!)).toBe('as it was');
    expect(b.messages(0)[0]!.buffer.byteLength).toBe(bytes.length);
  });

  test('CHANNEL-9 not even where it has to go again', () => {
    const { a, b, id, rules, pass } = met();
    rules({ blackhole: true });
    const bytes = bytesOf('as it was');
    a.channel.send(id(1), bytes);
    bytes.fill(0);
    rules({});
    pass(1_000);
    expect(b.messages(0).map(text)).toEqual(['as it was']);
  });

  test('CHANNEL-3 whoever closes at one of several messages that come together hears no more', () => {
    const { cluster, at, id, open, rules, pass } = channelsCluster(2);
    cluster.linkAll();
    const said: string[] = [];
    const channel = at(0).open('talk', new Uint8Array(), {
      up() {},
      down() {},
      message: (_peer, bytes) => {
        said.push(text(bytes));
        channel.close();
      },
    });
    const b = open(1, 'talk');
    pass(SOON_MS);
    rules({ blackhole: true });
    b.channel.send(id(0), bytesOf('one'));
    rules({});
    b.channel.send(id(0), bytesOf('two'));
    pass(1_000);
    expect(said).toEqual(['one']);
  });

  test('a listener may close, open and send from within what it hears', () => {
    const { cluster, at, id, open, pass } = channelsCluster(2);
    cluster.linkAll();
    const said: string[] = [];
    const channel = at(0).open('talk', new Uint8Array(), {
      up: (peer) => channel.send(peer, bytesOf('hello')),
      down: () => said.push('down'),
      message: (_peer, bytes) => {
        said.push(text(bytes));
        channel.close();
        at(0).open('talk', new Uint8Array(), {
          up: () => said.push('up'),
          down() {},
          message() {},
        });
      },
    });
    const b = open(1, 'talk');
    pass(SOON_MS);
    b.channel.send(id(0), bytesOf('one'));
    b.channel.send(id(0), bytesOf('two'));
    pass(SOON_MS);
    expect(said).toEqual(['one', 'up']);
    expect(b.messages(0).map(text)).toEqual(['hello']);
    expect(b.peers()).toEqual([0]);
  });
});
