import { expect, test } from 'vitest';
import { raftScenario } from '../../src/simulator/scenarios/raft.ts';
import { simulate } from '../../src/simulator/simulate.ts';

/** A crash in the middle of a command is rare, and of every kind of command some seed must have one. */
const LEAST = 8;
const MOST = 32;

test('SIM-13 clients of a store on a log meet every command and every outcome, and all is as one machine would have it', () => {
  const met = new Set<string>();
  const noted = new Set<string>();
  const watched: typeof raftScenario = {
    ...raftScenario,
    watch() {
      const watcher = raftScenario.watch!();
      return {
        add(event) {
          if (event.type === 'note' && event.protocol === 'election') noted.add(event.kind);
          return watcher.add(event);
        },
      };
    },
  };
  const all = ['cas', 'delete', 'read', 'write'].flatMap((kind) => [`${kind} ok`, `${kind} unknown`]); // prettier-ignore
  const wanted = [...all, 'cas fail'].sort();
  for (let seed = 0; seed < LEAST || (seed < MOST && met.size < wanted.length); seed++) {
    const { history, violations } = simulate(watched, 5, seed);
    for (const { action, outcome } of history) met.add(`${action.kind} ${outcome}`);
    expect(violations).toEqual([]);
    const finals = history.filter(
      ({ action, outcome }) =>
        action.kind === 'write' && action.value!.startsWith('final') && outcome === 'ok',
    );
    expect(finals).toHaveLength(5);
  }
  expect([...met].sort()).toEqual(wanted);
  // What the invariants read, the members note.
  const read = ['role', 'vote', 'log', 'committed', 'applied', 'snapshot'];
  expect([...noted]).toEqual(expect.arrayContaining(read));
});
