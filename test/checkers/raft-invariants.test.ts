import { describe, expect, test } from 'vitest';
import { MAX_STATEMENTS } from '../../src/checkers/first-said.ts';
import { MAX_GROUPS, RaftInvariants, type RaftViolation } from '../../src/checkers/raft-invariants.ts'; // prettier-ignore
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

const [A, B, C] = [testNodeId(1), testNodeId(2), testNodeId(3)];
const NAMES = new Map<NodeId, string>([[A, 'Ant'], [B, 'Bee'], [C, 'Cat']]); // prettier-ignore

type Detail = Extract<TraceEvent, { type: 'note' }>['detail'];

/** What members of one group note, and what the observer makes of it. */
class Watch {
  readonly invariants = new RaftInvariants();
  readonly found: RaftViolation[] = [];
  private readonly sequences = new Map<string, number>();

  note(
    node: NodeId,
    kind: string,
    detail: Detail,
    { life = 1, protocol = 'election', birth = 1 as number | null } = {},
  ): TraceEvent {
    // prettier-ignore
    const key = `${node} ${life}`;
    const sequence = (this.sequences.get(key) ?? 0) + 1;
    this.sequences.set(key, sequence);
    const event: TraceEvent = {
      node,
      incarnation: life,
      sequence,
      lamport: sequence,
      vector: {},
      at: sequence,
      wall: sequence,
      monotonic: sequence,
      type: 'note',
      protocol,
      kind,
      detail: { group: 'g', ...(birth !== null && { birth }), ...detail },
    };
    this.hear(event);
    return event;
  }

  hear(event: TraceEvent): void {
    this.found.push(...this.invariants.add(event));
  }

  role(node: NodeId, role: string, term: number, more: Detail = {}, life = 1): TraceEvent {
    return this.note(node, 'role', { algorithm: 'raft', role, term, leader: null, ...more }, { life }); // prettier-ignore
  }

  log(node: NodeId, from: number, to: number, term: number, digest: number, life = 1): TraceEvent {
    return this.note(node, 'log', { from, to, term, digest }, { life });
  }

  committed(node: NodeId, index: number, term: number, digest: number, life = 1): TraceEvent {
    return this.note(node, 'committed', { index, term, digest }, { life });
  }

  get findings(): object[] {
    return this.found.map(({ rule, say, witnesses, events }) => ({
      ...{ rule, text: say((node) => NAMES.get(node)!), witnesses, events },
    }));
  }

  get said(): string[] {
    return this.found.map(({ rule, say }) => `${rule}: ${say((node) => NAMES.get(node)!)}`);
  }
}

describe('INV-1 one leader a term', () => {
  test('two are named, with the notes that show it, and once', () => {
    const watch = new Watch();
    const first = watch.role(A, 'leader', 4);
    watch.role(B, 'candidate', 4);
    const second = watch.role(B, 'leader', 4);
    watch.role(C, 'leader', 4);
    expect(watch.findings).toEqual([
      {
        rule: 'one leader a term',
        text: 'two leaders in term 4: Ant, Bee',
        witnesses: [A, B],
        events: [first, second],
      },
    ]);
  });

  test('one that comes to lead in another term, or says so again, is none too many', () => {
    const watch = new Watch();
    watch.role(A, 'leader', 4);
    watch.role(B, 'leader', 5);
    watch.role(A, 'leader', 4, { leader: A });
    expect(watch.said).toEqual([]);
  });

  test('a node that lost its disk is another member: two of it in one term are two', () => {
    const watch = new Watch();
    watch.role(A, 'leader', 4);
    watch.role(A, 'leader', 4, { birth: 2 }, 2);
    expect(watch.said).toEqual(['one leader a term: two leaders in term 4: Ant, Ant']);
  });

  test('in other groups there are other terms', () => {
    const watch = new Watch();
    watch.role(A, 'leader', 4);
    watch.role(B, 'leader', 4, { group: 'another' });
    expect(watch.said).toEqual([]);
  });

  test('ways to elect without a log have leaders too, and no births', () => {
    const watch = new Watch();
    for (const node of [A, B]) watch.note(node, 'role', { algorithm: 'naive', role: 'leader', term: 2 }, { birth: null }); // prettier-ignore
    expect(watch.said).toEqual(['one leader a term: two leaders in term 2: Ant, Bee']);
  });
});

describe('INV-2 terms do not fall', () => {
  test('in one life, nor over a restart', () => {
    for (const life of [1, 2]) {
      const watch = new Watch();
      const before = watch.role(A, 'follower', 5);
      const after = watch.role(A, 'follower', 4, {}, life);
      expect(watch.said).toEqual(['terms do not fall: Ant went back from term 5 to term 4']);
      expect(watch.found[0]).toMatchObject({ witnesses: [A], events: [before, after] });
    }
  });

  test('by a vote in an older one', () => {
    const watch = new Watch();
    watch.role(A, 'follower', 5);
    watch.note(A, 'vote', { term: 4, for: B });
    expect(watch.said).toEqual(['terms do not fall: Ant went back from term 5 to term 4']);
  });

  test('but a member that lost its disk begins anew', () => {
    const watch = new Watch();
    watch.role(A, 'follower', 5);
    watch.role(A, 'learner', 0, { birth: 2 }, 2);
    expect(watch.said).toEqual([]);
  });

  test('what is heard late is no step back', () => {
    const watch = new Watch();
    const early = watch.role(A, 'follower', 4);
    watch.role(A, 'follower', 5);
    watch.hear(early);
    watch.role(A, 'follower', 6, {}, 2);
    watch.hear(early);
    expect(watch.said).toEqual([]);
  });
});

describe('INV-3 one vote a term', () => {
  test('two are told, over a restart too', () => {
    for (const life of [1, 2]) {
      const watch = new Watch();
      const first = watch.note(A, 'vote', { term: 4, for: B });
      const second = watch.note(A, 'vote', { term: 4, for: C }, { life });
      expect(watch.findings).toEqual([
        { rule: 'one vote a term', text: 'Ant voted twice in term 4', witnesses: [A], events: [first, second] }, // prettier-ignore
      ]);
    }
  });

  test('the same vote again is one vote, and the next term has its own', () => {
    const watch = new Watch();
    watch.note(A, 'vote', { term: 4, for: B });
    watch.note(A, 'vote', { term: 4, for: B });
    watch.note(A, 'vote', { term: 5, for: C });
    expect(watch.said).toEqual([]);
  });
});

describe('INV-4 logs match', () => {
  test('what has the same index and term stands behind the same entries', () => {
    const watch = new Watch();
    const first = watch.log(A, 1, 3, 2, 777);
    watch.log(B, 1, 2, 2, 55);
    const second = watch.log(B, 3, 3, 2, 778);
    expect(watch.findings).toEqual([
      { rule: 'logs match', text: 'the logs of Ant and Bee differ before entry 3 of term 2', witnesses: [A, B], events: [first, second] }, // prettier-ignore
    ]);
  });

  test('a snapshot and what is committed are parts of the log', () => {
    for (const kind of ['snapshot', 'committed']) {
      const watch = new Watch();
      watch.log(A, 1, 3, 2, 777);
      watch.note(B, kind, { index: 3, term: 2, digest: 778 });
      expect(watch.said).toEqual(['logs match: the logs of Ant and Bee differ before entry 3 of term 2']); // prettier-ignore
    }
  });

  test('of another term there may be other entries', () => {
    const watch = new Watch();
    watch.log(A, 1, 3, 2, 777);
    watch.log(B, 1, 3, 3, 778);
    expect(watch.said).toEqual([]);
  });
});

describe('INV-5 the committed stays', () => {
  test('nobody commits another entry in its place', () => {
    const watch = new Watch();
    const first = watch.committed(A, 3, 2, 777);
    const second = watch.committed(B, 3, 3, 778);
    expect(watch.findings).toEqual([
      { rule: 'the committed stays', text: 'Ant and Bee have committed different entries up to 3', witnesses: [A, B], events: [first, second] }, // prettier-ignore
    ]);
  });

  test('who has said that it is committed does not replace it', () => {
    const watch = new Watch();
    watch.role(A, 'follower', 2);
    watch.log(A, 1, 5, 2, 777);
    const before = watch.committed(A, 4, 2, 776);
    watch.log(A, 5, 6, 3, 800);
    expect(watch.said).toEqual([]);
    const after = watch.log(A, 4, 4, 3, 801);
    expect(watch.findings).toEqual([
      { rule: 'the committed stays', text: 'Ant has replaced entry 4, after it had said that entry 4 is committed', witnesses: [A], events: [before, after] }, // prettier-ignore
    ]);
  });

  test('who comes back says what it found, and has it still', () => {
    const watch = new Watch();
    watch.role(A, 'follower', 2);
    watch.log(A, 1, 5, 2, 777);
    watch.committed(A, 5, 2, 777);
    watch.note(A, 'snapshot', { index: 2, term: 1, digest: 3 }, { life: 2 });
    watch.log(A, 3, 3, 1, 4, 2);
    watch.log(A, 4, 5, 2, 777, 2);
    watch.role(A, 'follower', 2, {}, 2);
    expect(watch.said).toEqual([]);
    watch.log(A, 1, 4, 2, 776, 3);
    watch.note(A, 'members', { voters: A, learners: 0 }, { life: 3 });
    watch.role(A, 'follower', 2, {}, 3);
    expect(watch.said).toEqual(['the committed stays: Ant came back without entry 5, which it had said to be committed']); // prettier-ignore
  });

  test('where something that it found was not heard, nothing is said of it', () => {
    const watch = new Watch();
    watch.committed(A, 5, 2, 777);
    watch.log(A, 1, 2, 1, 1, 2);
    watch.note(A, 'unheard', {}, { life: 2, protocol: 'other' });
    watch.role(A, 'follower', 2, {}, 2);
    watch.log(A, 2, 3, 1, 1, 3);
    watch.role(A, 'follower', 2, {}, 3);
    watch.role(A, 'follower', 2, {}, 4);
    expect(watch.said).toEqual([]);
  });

  test('nor where a life is heard of from its middle on: a new snapshot is no beginning', () => {
    const watch = new Watch();
    watch.committed(A, 9, 2, 777);
    watch.note(A, 'snapshot', { index: 6, term: 2, digest: 5 }, { life: 2 });
    watch.role(A, 'follower', 2, {}, 2);
    expect(watch.said).toEqual([]);
  });

  test('but whoever commits, votes or executes has begun, and replaces nothing from then on', () => {
    for (const kind of ['committed', 'vote', 'applied']) {
      const watch = new Watch();
      watch.committed(A, 9, 2, 777);
      watch.note(A, kind, { index: 2, term: 2, digest: 3, for: A, state: 1 }, { life: 2 });
      watch.log(A, 9, 9, 3, 778, 2);
      expect(watch.said).toHaveLength(1);
    }
  });
});

test('INV-6 state machines agree after the same entries', () => {
  const watch = new Watch();
  const first = watch.note(A, 'applied', { index: 3, state: 1 });
  watch.note(B, 'applied', { index: 4, state: 2 });
  watch.note(C, 'applied', { index: 4, state: 2 });
  expect(watch.said).toEqual([]);
  const second = watch.note(C, 'applied', { index: 3, state: 2 });
  expect(watch.findings).toEqual([
    { rule: 'state machines agree', text: 'the state machines of Ant and Cat differ after entry 3', witnesses: [A, C], events: [first, second] }, // prettier-ignore
  ]);
});

describe('INV-7 an observer hears what it hears', () => {
  test('whatever is no such note is passed over', () => {
    const watch = new Watch();
    watch.role(A, 'leader', 4);
    for (const detail of [{ group: 7 }, { term: '4' }, { role: null }, { birth: 'x' }])
      watch.note(B, 'role', { algorithm: 'raft', role: 'leader', term: 4, leader: B, ...detail });
    watch.note(B, 'role', { role: 'leader', term: 4 }, { protocol: 'other' });
    watch.note(B, 'toString', { role: 'leader', term: 4 });
    expect(watch.said).toEqual([]);
  });

  test('the order in which it hears several nodes makes no difference', () => {
    const notes = new Watch();
    const events = [
      notes.log(A, 1, 1, 1, 11),
      notes.committed(A, 1, 1, 11),
      notes.log(B, 1, 1, 2, 12),
      notes.committed(B, 1, 2, 12),
      notes.role(C, 'leader', 2),
    ];
    expect(notes.found).toHaveLength(1);
    const other = new RaftInvariants();
    const found = [4, 2, 3, 0, 1].flatMap((at) => other.add(events[at]!));
    expect(found.map(({ rule, witnesses }) => ({ rule, witnesses }))).toEqual([
      { rule: 'the committed stays', witnesses: [B, A] },
    ]);
  });

  test('memory has an end: the oldest statements and groups are forgotten', () => {
    const watch = new Watch();
    for (let index = 1; index <= MAX_STATEMENTS + 1; index++)
      watch.note(A, 'applied', { index, state: 1 });
    watch.note(B, 'applied', { index: 1, state: 2 });
    expect(watch.said).toEqual([]);
    watch.note(B, 'applied', { index: MAX_STATEMENTS, state: 2 });
    expect(watch.said).toHaveLength(1);

    for (let i = 0; i < MAX_GROUPS; i++) watch.role(A, 'leader', 1, { group: `g${i}` });
    watch.note(C, 'applied', { index: MAX_STATEMENTS + 1, state: 2 });
    expect(watch.said).toHaveLength(1);
    watch.role(B, 'leader', 1, { group: 'g7' });
    expect(watch.said).toHaveLength(2);
  });
});
