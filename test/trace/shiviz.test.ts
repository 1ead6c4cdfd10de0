import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/trace/event.ts';
import { SHIVIZ_PATTERN, writeShiviz } from '../../src/trace/shiviz.ts';
import { Random } from '../../src/simulator/random.ts';
import { testNodeId } from '../support/node-ids.ts';
import { randomExecution } from '../support/random-execution.ts';

/** A machine that does other things, too. */
const SLOW_MS = 60_000;

interface Line {
  readonly host: string;
  readonly clock: { readonly [host: string]: number };
  readonly text: string;
}

/** As ShiViz reads a file: the pattern from the first line, delimiters from the second, then the log. */
function read(file: string): Line[] {
  const [pattern, delimiter, ...log] = file.split('\n');
  expect([pattern, delimiter]).toEqual([SHIVIZ_PATTERN, '']);
  return [...log.join('\n').matchAll(new RegExp(pattern!, 'g'))].map(({ groups }) => ({
    host: groups!['host']!,
    clock: JSON.parse(groups!['clock']!) as Line['clock'],
    text: groups!['event']!,
  }));
}

function logOf(events: readonly TraceEvent[], names = {}): Line[] {
  return read([...writeShiviz(events, names)].join(''));
}

/** What ShiViz demands of a log before it draws it. */
function expectDrawable(lines: readonly Line[]): void {
  const hosts = new Map<string, Line[]>();
  for (const line of lines) hosts.set(line.host, [...(hosts.get(line.host) ?? []), line]);
  for (const own of hosts.values()) {
    expect(own.map(({ host, clock }) => clock[host])).toEqual(own.map((_, i) => i + 1));
  }
  for (const { clock } of lines) {
    for (const [host, count] of Object.entries(clock)) {
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(hosts.get(host)?.length ?? 0);
      // Whoever knows of an event knows all that the event knew.
      const { clock: theirs } = hosts.get(host)![count - 1]!;
      for (const [other, known] of Object.entries(theirs)) {
        expect(clock[other] ?? 0).toBeGreaterThanOrEqual(known);
      }
    }
  }
}

describe('ShiViz', () => {
  test(
    'TRACE-14 it can draw every random execution, with order as it truly was',
    { timeout: SLOW_MS },
    () => {
      for (let seed = 0; seed < 30; seed++) {
        const truth = randomExecution(seed);
        const lines = logOf(truth.events);
        expect(lines).toHaveLength(truth.events.length);
        expectDrawable(lines);
        const seen = new Map<string, number>();
        const place = truth.events.map(({ node }) => {
          seen.set(node, (seen.get(node) ?? 0) + 1);
          return seen.get(node)!;
        });
        const lineOf = new Map(
          lines.map((line) => [`${line.host} ${line.clock[line.host]}`, line]),
        );
        for (const [b, { node: later }] of truth.events.entries()) {
          const { clock } = lineOf.get(`${later} ${place[b]}`)!;
          for (const [a, { node: earlier }] of truth.events.entries()) {
            const said = a !== b && (clock[earlier] ?? 0) >= place[a]!;
            if (said !== truth.isBefore(a, b)) throw new Error(`seed ${seed}: ${a} to ${b}`);
          }
        }
      }
    },
  );

  test('TRACE-14 it can draw what has holes and is out of order', { timeout: SLOW_MS }, () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(`shiviz ${seed}`);
      const { events } = randomExecution(seed);
      const kept = events.filter(() => random.next() < 0.4).reverse();
      const lines = logOf([...kept, ...kept.slice(0, 5)]);
      expect(lines).toHaveLength(kept.length);
      expectDrawable(lines);
    }
  });

  test('TRACE-14 hosts have the names of their nodes, told apart, and an event is one line', () => {
    const stamp = { incarnation: 1, sequence: 1, lamport: 1, at: 0, wall: 0, monotonic: 0 };
    const [a, b, c] = [testNodeId(0), testNodeId(1), testNodeId(2)];
    const events = [a, b, c].map((node): TraceEvent => {
      const vector = { [node]: 1 };
      return { ...stamp, node, vector, type: 'down', peer: a, reason: 'cut\nnow' };
    });
    const lines = logOf(events, { [a]: 'Red Fox', [b]: 'Red  Fox', [c]: ' Owl ' });
    expect(lines.map(({ host }) => host)).toEqual([`Red_Fox-${a}`, `Red_Fox-${b}`, 'Owl']);
    expect(lines[2]).toEqual({
      host: 'Owl',
      clock: { Owl: 1 },
      text: `link to Red_Fox-${a} closes: "cut\\nnow"`,
    });
    const detail = { x: 0.1 + 0.2, ok: true, who: events[2]!.node, word: 'c\nd' };
    const note = { ...events[2]!, type: 'note', protocol: 'p', kind: 'a\nb', detail } as const;
    const [line] = logOf([note], { [note.node]: 'Fox' });
    expect(line!.text).toBe('p notes a b: x 0.3, ok true, who Fox, word "c\\nd"');
  });
});
