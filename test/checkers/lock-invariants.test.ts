import { expect, test } from 'vitest';
import { LockInvariants } from '../../src/checkers/lock-invariants.ts';
import { LockRig } from '../coordination/lock/rig.ts';

/** The notes of a lock that was lost by sleep, of a late write, and of one in time. */
function lesson() {
  const rig = new LockRig();
  rig.held(0, { leaseMs: 1_000 });
  rig.cluster.members[0]!.pause();
  rig.acquire(1, { leaseMs: 1_000 });
  rig.runFor(2_000);
  rig.write(1, 2, 'of the second');
  rig.runFor(100);
  rig.cluster.members[0]!.resume();
  rig.write(0, 1, 'late');
  rig.runFor(100);
  return [...rig.notes('held'), ...rig.notes('written')];
}

type Note = ReturnType<typeof lesson>[number];

function verdict(notes: readonly Note[]): readonly string[] {
  const invariants = new LockInvariants();
  return notes.flatMap((note) => invariants.add(note)).map(({ rule }) => rule);
}

const changed = (note: Note, detail: Partial<Note['detail']>): Note =>
  ({ ...note, detail: { ...note.detail, ...detail } }) as Note;

test('LOCK-1 LOCK-9 the notes of a lesson break nothing, and neither do some of them', () => {
  const notes = lesson();
  expect(notes).toHaveLength(6);
  expect(verdict(notes)).toEqual([]);
  for (const left of notes) expect(verdict(notes.filter((note) => note !== left))).toEqual([]);
});

test('LOCK-1 a token that was held before is seen', () => {
  const [first, second, ...rest] = lesson();
  for (const token of [1, 2])
    expect(verdict([changed(first!, { token: 2 }), changed(second!, { token }), ...rest])).toEqual([
      'tokens only rise',
    ]);
});

test('LOCK-9 a stale token that is taken is seen', () => {
  const notes = lesson().map((note) => changed(note, { taken: true }));
  expect(verdict(notes)).toEqual(['no stale token is taken']);
});
