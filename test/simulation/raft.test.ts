import { expect, test } from 'vitest';
import { raftScenario } from '../../src/simulator/scenarios/raft.ts';
import { simulate } from '../../src/simulator/simulate.ts';

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
  for (let seed = 0; seed < 8; seed++) {
    const { history, violations } = simulate(watched, 5, seed);
    for (const { action, outcome } of history) met.add(`${action.kind} ${outcome}`);
    expect(violations).toEqual([]);
    const finals = history.filter(
      ({ action, outcome }) =>
        action.kind === 'write' && action.value!.startsWith('final') && outcome === 'ok',
    );
    expect(finals).toHaveLength(5);
  }
  const all = ['cas', 'delete', 'read', 'write'].flatMap((kind) => [`${kind} ok`, `${kind} unknown`]); // prettier-ignore
  expect([...met].sort()).toEqual([...all, 'cas fail'].sort());
  // What the invariants read, the members note.
  const read = ['role', 'vote', 'log', 'committed', 'applied', 'snapshot'];
  expect([...noted]).toEqual(expect.arrayContaining(read));
});
