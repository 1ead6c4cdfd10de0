import { describe, expect, test } from 'vitest';
import { brokenGuarantees, exportHistory, judgeRegisters, registerHistory } from '../../src/checkers/register-history.ts'; // prettier-ignore
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory } from '../../src/checkers/parse-history.ts';
import { CoordinationNotes, type RequestKind } from '../../src/trace/coordination-notes.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { pacelcOf } from '../../src/trace/pacelc.ts';
import { figuresOf } from '../../src/trace/register-figures.ts';
import { testNodeId } from '../support/node-ids.ts';

const [A, B, C] = [testNodeId(1), testNodeId(2), testNodeId(3)];

/** What nodes note, in order. */
class Class {
  readonly events: TraceEvent[] = [];
  private readonly counts = new Map<string, number>();

  note(node: typeof A, at: number, kind: string, detail: Record<string, string | number>): void {
    this.push(node, at, { type: 'note', protocol: 'registers', kind, detail });
  }

  push(node: typeof A, at: number, happening: object): void {
    const sequence = (this.counts.get(`#${node}`) ?? 0) + 1;
    this.counts.set(`#${node}`, sequence);
    const stamp = {
      node,
      incarnation: 1,
      sequence,
      lamport: 1,
      vector: {},
      wall: at,
      monotonic: at,
    };
    this.events.push({ ...stamp, at, ...happening } as TraceEvent);
  }

  asked(node: typeof A, kind: RequestKind, at: number, what: string): number {
    const op = (this.counts.get(node) ?? 0) + 1;
    this.counts.set(node, op);
    const [key, value] = what.split('=') as [string, string?];
    const act = value === undefined ? { do: 'get' } : { do: 'put', value: `"${value}"` };
    this.note(node, at, 'asked', { op, kind, key, ...act, at: node, fix: 'none', session: `${node}/1/1` }); // prettier-ignore
    return op;
  }

  did(
    node: typeof A,
    kind: RequestKind,
    [from, to]: readonly [number, number],
    what: string,
    end: Record<string, string> = {},
  ): void {
    // prettier-ignore
    const op = this.asked(node, kind, from, what);
    this.note(node, to, 'ended', { op, by: node, outcome: 'ok', ...end });
  }

  split(at: number, parted: boolean): void {
    const cut = (to: typeof A) => ({ to, rule: { cut: true } });
    const under = (links: object[]) => ({ type: 'order', title: 'x', version: 1, under: { links, node: {} } }); // prettier-ignore
    this.push(A, at, under(parted ? [cut(C)] : []));
    this.push(B, at, under(parted ? [cut(C)] : []));
    this.push(C, at, under(parted ? [cut(A), cut(B)] : []));
  }

  notes(events = this.events): CoordinationNotes {
    const notes = new CoordinationNotes();
    for (const event of events) notes.add(event);
    return notes;
  }
}

const refused = { outcome: 'refused', reason: 'no-quorum' };

/** Whole, then A and B without C, then whole. */
function lesson(): Class {
  const all = new Class();
  all.split(0, false);
  for (let i = 0; i < 10; i++) all.did(A, 'cp', [100 + i, 110 + i], `x=w${i}`);
  all.split(1_000, true);
  for (let i = 0; i < 12; i++) {
    all.did(A, 'cp', [1_100 + i * 10, 1_109 + i * 10], `x=a${i}`);
    all.did(C, 'cp', [1_100 + i * 10, 1_109 + i * 10], `x=c${i}`, refused);
  }
  all.split(2_000, false);
  return all;
}

describe('figures from notes', () => {
  test('COORD-1 availability is counted by the side of the client as it asked', () => {
    const [cp] = figuresOf(lesson().notes());
    expect(cp).toMatchObject({
      whole: { asked: 10, answered: 10, availability: 1 },
      sides: [
        { nodes: [A, B], tally: { asked: 12, answered: 12, availability: 1 } },
        { nodes: [C], tally: { asked: 12, refused: 12, availability: 0 } },
      ],
    });
    expect(cp!.latency.whole!.p50).toBeCloseTo(10, 0);
  });

  test('COORD-2 notes may come late, or twice', () => {
    const { events } = lesson();
    const orders = events.filter(({ type }) => type === 'order');
    const rest = events.filter(({ type }) => type !== 'order').reverse();
    const figures = (all: TraceEvent[]) => figuresOf(lesson().notes(all));
    expect(figures([...orders, ...rest, ...rest])).toEqual(figures(events));
  });

  test('COORD-3 who was asked and never ended is open, and no part of availability', () => {
    const all = lesson();
    all.asked(A, 'cp', 3_000, 'x');
    expect(figuresOf(all.notes())[0]!.whole).toMatchObject({ asked: 11, open: 1, availability: 1 });
  });

  test('COORD-4 a read is stale if its value was replaced before it was asked, and by how long', () => {
    const all = new Class();
    all.did(A, 'ap', [0, 10], 'x=old');
    all.did(A, 'ap', [20, 30], 'x=new');
    all.did(B, 'ap', [25, 40], 'x', { value: '"old"' });
    all.did(B, 'ap', [100, 110], 'x', { value: '"old"' });
    all.did(B, 'ap', [120, 130], 'x', { value: '"new"' });
    all.did(B, 'ap', [140, 150], 'x', { value: '"nobody put it"' });
    all.did(B, 'ap', [150, 160], 'x', { value: 'null' });
    expect(figuresOf(all.notes())[1]!.staleness.whole).toEqual({
      reads: 4,
      stale: 2,
      worstMs: 140,
    });
  });

  test('COORD-5 bytes are those of the protocols that a kind is built on', () => {
    const all = lesson();
    all.push(A, 1, { type: 'send', to: B, protocol: 'kv', kind: '', message: 1, bytes: 340 });
    all.push(A, 1, { type: 'send', to: B, protocol: 'ap', kind: '', message: 2, bytes: 99 });
    expect(figuresOf(all.notes()).map(({ bytesPerRequest }) => bytesPerRequest)).toEqual([10, null, null]); // prettier-ignore
  });

  test('COORD-6 the class says its letters and why; where too little was asked it says so', () => {
    const all = lesson();
    for (let i = 0; i < 12; i++) {
      all.did(A, 'ap', [3_000 + i * 10, 3_001 + i * 10], `y=a${i}`);
      all.did(A, 'quorum', [3_000 + i * 10, 3_001 + i * 10], `y=a${i}`);
    }
    all.split(4_000, true);
    for (let i = 0; i < 12; i++) {
      all.did(A, 'ap', [4_100 + i * 10, 4_101 + i * 10], `y=b${i}`);
      all.did(C, 'ap', [4_100 + i * 10, 4_101 + i * 10], `y=c${i}`);
    }
    const [cp, ap, quorum] = pacelcOf(figuresOf(all.notes()));
    expect(cp).toMatchObject({ partitioned: 'C', otherwise: 'C' });
    expect(cp!.why).toBe(
      'In a partition it answered 100 % where there were 2 and 0 % where there were 1: who could not be sure was not answered. Without one, half of its answers came within 10 ms: it waits for others.',
    );
    expect(ap).toMatchObject({ partitioned: 'A', otherwise: 'L' });
    expect(quorum).toMatchObject({ partitioned: null, otherwise: 'L' });
    expect(quorum!.why).toContain('Too little was asked on both sides of a partition to tell.');
  });
});

describe('histories from notes', () => {
  test('COORD-7 they are judged, and the exported lines say the same', () => {
    const all = new Class();
    all.did(A, 'ap', [0, 10], 'x=old');
    all.did(A, 'ap', [20, 30], 'x=new');
    all.did(B, 'ap', [100, 110], 'x', { value: '"old"' });
    expect(judgeRegisters(all.notes(), 'ap').verdict).toBe('not linearizable');
    expect(judgeRegisters(all.notes(), 'cp').verdict).toBe('linearizable');
    const parsed = parseKeyValueHistory(exportHistory(all.notes(), 'ap'));
    expect(parsed.ok && checkLinearizability(parsed.history, keyValueModel).verdict).toBe('not linearizable'); // prettier-ignore
    // Times that may be off by so much say nothing of the order.
    expect(judgeRegisters(all.notes(), 'ap', 40).verdict).toBe('linearizable');
  });

  test('COORD-8 a hole makes no false alarm', () => {
    const all = new Class();
    all.did(A, 'cp', [0, 10], 'x=one');
    all.did(A, 'cp', [20, 30], 'x=two');
    all.did(B, 'cp', [40, 50], 'x', { value: '"two"' });
    all.did(A, 'cp', [60, 70], 'x=three');
    all.did(B, 'cp', [80, 90], 'x', { value: '"three"' });
    for (const missing of all.events.keys()) {
      const notes = all.notes(all.events.filter((_, i) => i !== missing));
      expect(judgeRegisters(notes, 'cp').verdict).toBe('linearizable');
    }
    const without = all.notes(all.events.filter(({ at }) => at !== 20));
    expect(without.holes).toBe(1);
    expect(registerHistory(without, 'cp').leftOut).toBe(1);
  });

  test('COORD-9 session guarantees are judged by the marks that were noted', () => {
    const all = new Class();
    const mark = (made: object, knew: object) => JSON.stringify({ made, knew });
    all.did(A, 'ap', [0, 10], 'x=new', { mark: mark({ a: 1 }, { a: 1 }) });
    all.did(A, 'ap', [20, 30], 'x', { value: 'null', mark: mark({}, {}) });
    const broken = brokenGuarantees(all.notes(), 'ap');
    expect(broken.map(({ guarantee }) => guarantee)).toEqual(['read-your-writes']);
    expect(broken[0]!.operation.request.id).toBe(`${A}/1/2`);
    expect(brokenGuarantees(all.notes(), 'cp')).toEqual([]);
  });
});
