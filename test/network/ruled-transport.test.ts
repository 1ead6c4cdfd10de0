import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRACE_MS } from '../../src/network/arrival-check.ts';
import { MAX_IN_FLIGHT_BYTES } from '../../src/network/in-flight.ts';
import { labelled } from '../../src/network/label.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { UNTOUCHED } from '../../src/network/network-document.ts';
import { MAX_UNREAD_BYTES } from '../../src/network/slow-reader.ts';
import { testNodeId } from '../support/node-ids.ts';
import { errorOf, mean, rule } from './measure.ts';
import { numbered, numberOf, RuledRig, type RuledNode } from './ruled-rig.ts';

/** How exact a rule must be where it is felt. */
const TENTH = 0.1;

const node = (faults: object) => [{ id: testNodeId(2), ...faults }];

describe('what a receiver feels of a rule', () => {
  test('RULED-1 latency of 200±50 ms', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ latencyMs: 200, jitterMs: 50 })] });
    const sentAt: number[] = [];
    for (let i = 0; i < 1_000; i++) {
      sentAt.push(rig.time.now());
      a.ruled.send(b.id, numbered(i), 'datagram');
      rig.time.runFor(7);
    }
    rig.time.runFor(1_000);
    const taken = b.heard.map((frame) => frame.at - sentAt[numberOf(frame)]!);
    expect(taken).toHaveLength(1_000);
    expect(errorOf(mean(taken), 200)).toBeLessThan(TENTH);
    expect(errorOf(Math.min(...taken), 150)).toBeLessThan(TENTH);
    expect(errorOf(Math.max(...taken), 250)).toBeLessThan(TENTH);
  });

  test('RULED-1 loss of 20 %, of which the sender hears nothing', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ loss: 0.2 })] });
    expect(rig.sendEvenly(a, b, { frames: 5_000, everyMs: 1 }).overflowed).toBe(0);
    expect(errorOf(1 - b.heard.length / 5_000, 0.2)).toBeLessThan(TENTH);
    expect(a.ruled.counts(b.id).lost).toBe(5_000 - b.heard.length);
  });

  test('RULED-1 50 kB/s with a queue of 64 kB: the line is full, the queue overflows and says so', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ bytesPerSecond: 50_000, queueBytes: 64_000 })] });
    let queuedBytes = 0;
    rig.time.after(9_000, () => (queuedBytes = a.ruled.queuedBytes(b.id)));
    const { overflowed } = rig.sendEvenly(a, b, {
      frames: 1_000,
      everyMs: 10,
      bytes: 1_000,
      lane: 'stream',
    });
    const whileSending = b.heard.filter(({ at }) => at <= 10_000).length * 1_000;
    expect(errorOf(whileSending / 10, 50_000)).toBeLessThan(TENTH);
    expect(errorOf(queuedBytes, 64_000)).toBeLessThan(TENTH);
    const last = b.heard.at(-1)!;
    expect(errorOf(last.at - 10_000, (64_000 / 50_000) * 1_000)).toBeLessThan(TENTH);
    expect(a.ruled.counts(b.id).overflowed).toBe(overflowed);
    expect(b.heard).toHaveLength(1_000 - overflowed);
    expect(overflowed).toBeGreaterThan(400);
  });

  test('RULED-1 duplicates and damage are seen and counted', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ duplicate: 0.5, corrupt: 0.25 })] });
    rig.sendEvenly(a, b, { frames: 1_000, everyMs: 1 });
    const counts = a.ruled.counts(b.id);
    expect(b.heard).toHaveLength(1_000 + counts.duplicated);
    const damaged = b.heard.filter(({ bytes }) => bytes.some((byte, i) => i > 3 && byte !== 0));
    expect(damaged.length).toBeGreaterThan(200);
    expect(counts.corrupted).toBeGreaterThanOrEqual(damaged.length);
    expect(b.ruled.counts(a.id).refused.unlabelled).toBe(0);
  });

  test('RULED-1 a blackhole swallows one direction, what waited included, and no other', () => {
    const rig = new RuledRig({ count: 3 });
    const [a, b, c] = rig.nodes as [RuledNode, RuledNode, RuledNode];
    rig.order({ rules: [rule({ latencyMs: 500 })] });
    a.ruled.send(b.id, numbered(1), 'stream');
    rig.order({ version: 2, rules: [rule({ blackhole: true })] });
    expect(a.ruled.send(b.id, numbered(2), 'stream')).toBe('sent');
    b.ruled.send(a.id, numbered(3), 'stream');
    a.ruled.send(c.id, numbered(4), 'stream');
    rig.time.runFor(1_000);
    expect([a, b, c].map(({ heard }) => heard.map(numberOf))).toEqual([[3], [], [4]]);
    expect(a.ruled.counts(b.id).swallowed).toBe(2);
  });
});

describe('links that come and go', () => {
  test('RULED-2 a link that closes drops what waited for it, and the next begins with an empty line', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ bytesPerSecond: 1_000, queueBytes: 50_000 })] });
    for (let i = 0; i < 20; i++) a.ruled.send(b.id, numbered(i, 1_000), 'stream');
    expect(a.ruled.queuedBytes(b.id)).toBe(20_000);
    rig.network.disconnect(a.bare, b.bare, 'for a test');
    rig.time.runFor(1);
    expect(a.ruled.send(b.id, numbered(90), 'stream')).toBe('no-link');
    expect(a.ruled.queuedBytes(b.id)).toBe(0);
    rig.network.connect(a.bare, b.bare);
    rig.time.runFor(1);
    const openedAt = rig.time.now();
    a.ruled.send(b.id, numbered(99, 1_000), 'stream');
    rig.time.runFor(60_000);
    expect(b.heard.map(numberOf)).toEqual([99]);
    expect(b.heard[0]!.at - openedAt).toBeCloseTo(1_000);
  });

  test('RULED-3 what waits has a bound, and beyond it a sender hears overflow', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ latencyMs: 1_000 })] });
    const frame = numbered(0, 1_000_000);
    const fits = Math.floor(MAX_IN_FLIGHT_BYTES / frame.length);
    for (let i = 0; i < fits; i++) expect(a.ruled.send(b.id, frame, 'stream')).toBe('sent');
    expect(a.ruled.send(b.id, frame, 'stream')).toBe('overflow');
    rig.time.runFor(2_000);
    expect(a.ruled.send(b.id, frame, 'stream')).toBe('sent');
  });

  test('RULED-3 where the transport beneath is full, the stream waits in order', () => {
    const rig = new RuledRig({ delay: () => 700 });
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ latencyMs: 5 })] });
    for (let i = 0; i < 8; i++) {
      expect(a.ruled.send(b.id, numbered(i, 900_000), 'stream')).toBe('sent');
      rig.time.runFor(20);
    }
    a.ruled.send(b.id, numbered(8, 10), 'stream');
    rig.time.runFor(5_000);
    expect(b.heard.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('RULED-10 a node’s next life hears nothing of what was meant for the one before', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ rules: [rule({ latencyMs: 100 }, 2, 1)], conditions: node({ slowMs: 500 }) });
    a.ruled.send(b.id, numbered(1), 'stream');
    b.ruled.send(a.id, numbered(2), 'stream');
    rig.time.runFor(50);
    b.ruled.start(b);
    rig.time.runFor(5_000);
    expect([a, b].map(({ heard }) => heard.length)).toEqual([0, 0]);
    a.ruled.send(b.id, numbered(3), 'stream');
    b.ruled.send(a.id, numbered(4), 'stream');
    rig.time.runFor(5_000);
    expect([a, b].map(({ heard }) => heard.map(numberOf))).toEqual([[4], [3]]);
  });

  test('RULED-10 a document that is not newer changes nothing', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ version: 5, rules: [rule({ blackhole: true })] });
    expect(a.ruled.take({ ...UNTOUCHED, version: 5 })).toBe(false);
    rig.sendEvenly(a, b);
    expect(b.heard).toHaveLength(0);
    expect(a.ruled.version).toBe(5);
  });
});

describe('a sender that does not obey', () => {
  /** Sends past its own rules, with any label or none. */
  function lie(liar: RuledNode, to: RuledNode, label: number | null, number = 0): void {
    const frame = numbered(number);
    const bytes = label === null ? Uint8Array.of(1, ...frame) : labelled(frame, label);
    liar.bare.send(to.id, bytes, 'stream');
  }

  test.each([{ cut: true }, { blackhole: true }])(
    'RULED-5 nothing of it comes through %j, whatever its label',
    (faults) => {
      const rig = new RuledRig();
      const [liar, b] = rig.pair;
      rig.order({ version: 7, rules: [rule(faults)] }, [b]);
      for (const label of [0, 6, 7, 8]) lie(liar, b, label);
      rig.time.runFor(1);
      expect(b.heard).toHaveLength(0);
      const { cut, blackhole } = b.ruled.counts(liar.id).refused;
      expect(cut + blackhole).toBe(4);
    },
  );

  test('RULED-4 a tab without rules puts no label in front, and nothing of it comes in', () => {
    const rig = new RuledRig();
    const [liar, b] = rig.pair;
    for (let i = 0; i < 5; i++) lie(liar, b, null);
    liar.bare.send(b.id, Uint8Array.of(0, 0, 0), 'datagram');
    rig.time.runFor(1);
    expect(b.heard).toHaveLength(0);
    expect(b.ruled.counts(liar.id).refused.unlabelled).toBe(6);
  });

  test('RULED-6 who has not taken the network that changed this direction is refused after a grace', () => {
    const rig = new RuledRig();
    const [late, b] = rig.pair;
    rig.order({ version: 3, rules: [rule({ latencyMs: 10 })] }, [b]);
    late.ruled.send(b.id, numbered(1), 'stream');
    rig.time.runFor(GRACE_MS + 1);
    late.ruled.send(b.id, numbered(2), 'stream');
    rig.time.runFor(100);
    expect(b.heard.map(numberOf)).toEqual([1]);
    expect(b.ruled.counts(late.id).refused.outdated).toBe(1);
    rig.order({ version: 3, rules: [rule({ latencyMs: 10 })] }, [late]);
    late.ruled.send(b.id, numbered(3), 'stream');
    rig.time.runFor(100);
    expect(b.heard.map(numberOf)).toEqual([1, 3]);
  });

  test('RULED-6 a rule that was lifted asks nothing any more, even of who never heard of it', () => {
    const rig = new RuledRig();
    const [late, b] = rig.pair;
    rig.order({ version: 3, rules: [rule({ latencyMs: 10 })] }, [b]);
    rig.order({ version: 4 }, [b]);
    rig.time.runFor(2 * GRACE_MS);
    rig.sendEvenly(late, b);
    expect(b.heard).toHaveLength(10);
  });

  test('RULED-6 a change elsewhere asks nothing of this direction', () => {
    const rig = new RuledRig({ count: 3 });
    const [a, b] = rig.pair;
    const slow = rule({ latencyMs: 10 });
    rig.order({ version: 3, rules: [slow] }, [a, b]);
    rig.order({ version: 9, rules: [slow, rule({ loss: 1 }, 3, 2)] }, [b]);
    rig.time.runFor(2 * GRACE_MS);
    a.ruled.send(b.id, numbered(1), 'stream');
    rig.time.runFor(100);
    expect(b.heard.map(numberOf)).toEqual([1]);
  });

  test('RULED-6 a sender that heard first is let in', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ version: 4, rules: [rule({ latencyMs: 10 })] });
    rig.order({ version: 6, rules: [rule({ latencyMs: 20 })] }, [a]);
    rig.time.runFor(2 * GRACE_MS);
    rig.sendEvenly(a, b);
    expect(b.heard).toHaveLength(10);
  });

  test('RULED-7 one that labels rightly and does not wait is held to the rate in the long run', () => {
    const rig = new RuledRig();
    const [liar, b] = rig.pair;
    rig.order({ rules: [rule({ bytesPerSecond: 50_000 })] }, [b]);
    const minutes = 30;
    for (let s = 0; s < minutes * 60; s++) {
      for (let i = 0; i < 5; i++) liar.bare.send(b.id, labelled(numbered(i, 100_000), 1), 'stream');
      rig.time.runFor(1_000);
    }
    const bytes = b.heard.reduce((sum, frame) => sum + frame.bytes.length, 0);
    const allowed = 50_000 * 1.1 * (minutes + 1) * 60 + MAX_IN_FLIGHT_BYTES + 100_000;
    expect(bytes).toBeLessThanOrEqual(allowed);
    expect(b.ruled.counts(liar.id).refused['too-fast']).toBeGreaterThan(7_000);
  });
});

describe('conditions of a node', () => {
  test('RULED-8 a node that omits to send or to receive loses that share, and no more', () => {
    for (const condition of [{ sendOmission: 0.3 }, { receiveOmission: 0.3 }]) {
      const rig = new RuledRig();
      const [a, b] = rig.pair;
      rig.order({ conditions: node(condition) });
      const omits = 'sendOmission' in condition;
      const [from, to] = omits ? [b, a] : [a, b];
      rig.sendEvenly(from, to, { frames: 2_000, everyMs: 1 });
      rig.sendEvenly(to, from, { frames: 100, everyMs: 1 });
      expect(errorOf(1 - to.heard.length / 2_000, 0.3)).toBeLessThan(TENTH);
      expect(from.heard).toHaveLength(100);
      const [omitting, other] = omits ? [from, to] : [to, from];
      const { unsent, unheard } = omitting.ruled.counts(other.id);
      const missing = 2_000 - to.heard.length;
      expect([unsent, unheard]).toEqual(omits ? [missing, 0] : [0, missing]);
    }
  });

  test('RULED-8 omissions draw from generators of their own: link rules decide as before', () => {
    const arrivals = (conditions: ReturnType<typeof node>) => {
      const rig = new RuledRig();
      const [a, b] = rig.pair;
      rig.order({ rules: [rule({ loss: 0.3 })], conditions });
      rig.sendEvenly(a, b, { frames: 500 });
      return new Set(b.heard.map(numberOf));
    };
    const without = arrivals([]);
    const under = arrivals(node({ receiveOmission: 0.3 }));
    expect(under.size).toBeLessThan(without.size);
    expect([...under].every((number) => without.has(number))).toBe(true);
  });

  test('RULED-9 a slow node reads one frame at a time, in order', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ conditions: node({ slowMs: 100 }) });
    const start = rig.time.now();
    for (let i = 0; i < 5; i++) a.ruled.send(b.id, numbered(i), 'datagram');
    rig.time.runFor(1_000);
    expect(b.heard.map(({ at }) => at - start)).toEqual([100, 200, 300, 400, 500]);
    expect(b.heard.map(numberOf)).toEqual([0, 1, 2, 3, 4]);
  });

  test('RULED-9 once it is slow no more, it reads all that waits', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ conditions: node({ slowMs: 1_000 }) });
    for (let i = 0; i < 5; i++) a.ruled.send(b.id, numbered(i), 'stream');
    rig.time.runFor(1_500);
    a.ruled.send(b.id, numbered(5), 'stream');
    rig.order({ version: 2 });
    rig.time.runFor(1);
    expect(b.heard.map(numberOf)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('RULED-9 what waits to be read has a bound; beyond it frames are dropped and counted', () => {
    const rig = new RuledRig();
    const [a, b] = rig.pair;
    rig.order({ conditions: node({ slowMs: 10 }) });
    const bytes = 100_000;
    for (let i = 0; i < 20; i++) a.ruled.send(b.id, numbered(i, bytes), 'stream');
    rig.time.runFor(10_000);
    const room = Math.floor(MAX_UNREAD_BYTES / bytes);
    expect(b.heard).toHaveLength(room);
    expect(b.ruled.counts(a.id).unread).toBe(20 - room);
  });

  test('RULED-9 what waits of a link that closes is not read any more', () => {
    const rig = new RuledRig({ count: 3 });
    const [a, b, c] = rig.nodes as [RuledNode, RuledNode, RuledNode];
    rig.order({ conditions: node({ slowMs: 100 }) });
    a.ruled.send(b.id, numbered(1), 'stream');
    c.ruled.send(b.id, numbered(2), 'stream');
    rig.time.runFor(10);
    rig.network.disconnect(a.bare, b.bare, 'for a test');
    rig.time.runFor(1_000);
    expect(b.heard.map(numberOf)).toEqual([2]);
  });
});

describe('whatever the rules are', () => {
  /** Rules that come one after the other, on the one direction. */
  const rules = fc.array(
    fc.record(
      {
        latencyMs: fc.integer({ min: 20, max: 300 }),
        jitterMs: fc.integer({ min: 0, max: 20 }),
        loss: fc.constantFrom(0.1, 0.5),
        duplicate: fc.constantFrom(0.2, 1),
        reorder: fc.constantFrom(0.3),
        bytesPerSecond: fc.integer({ min: 5_000, max: 100_000 }),
      },
      { requiredKeys: ['latencyMs'] },
    ),
    { minLength: 1, maxLength: 6 },
  );

  test('RULED-1, 7 the stream keeps its order, nothing is invented, and no honest frame is refused', () => {
    fc.assert(
      fc.property(rules, fc.integer(), (phases, seed) => {
        const rig = new RuledRig({ seed: String(seed), delay: () => 3 });
        const [a, b] = rig.pair;
        let number = 0;
        phases.forEach((faults: Partial<LinkRule>, phase) => {
          const change = { version: phase + 1, rules: [rule(faults)] };
          // The receiver hears of it first, and the sender a second later.
          rig.order(change, [b]);
          for (let i = 0; i < 100; i++) {
            if (i === 50) rig.order(change, [a]);
            a.ruled.send(b.id, numbered(number++, 200), 'stream');
            rig.time.runFor(20);
          }
        });
        rig.time.runFor(120_000);
        const heard = b.heard.map(numberOf);
        expect(heard).toEqual([...heard].sort((x, y) => x - y));
        const { refused } = b.ruled.counts(a.id);
        expect(Object.values(refused).every((count) => count === 0)).toBe(true);
        const { lost, overflowed, duplicated } = a.ruled.counts(b.id);
        expect(new Set(heard).size).toBe(number - lost - overflowed);
        expect(heard.length).toBe(number - lost - overflowed + duplicated);
      }),
      { numRuns: 60 },
    );
  });
});
