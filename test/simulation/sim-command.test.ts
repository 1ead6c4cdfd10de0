import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { simulation } from '../support/planted-bug.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PLANTED = 'test/support/planted-bug.ts';

/** The command as `npm run NAME --` starts it. */
function command(name: string, ...options: string[]) {
  const args = ['test/commands/run.js', name, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 100_000,
  });
  return { status, stderr, lines: stdout.trim().split('\n') };
}

const sim = (...options: string[]) => command('sim', ...options);

const NO_FAILURE = /^seeds \d+ failed 0 hash [0-9a-f]{16}$/;

test('SIM-9 a planted bug is found within 200 seeds, shrinks to the least faults and is replayed by the printed command', () => {
  const found = sim('--scenario-file', PLANTED, '--nodes', '3', '--seeds', '200');
  expect(found.status).toBe(1);
  const line = found.lines.find((text) => text.startsWith('seed '))!;
  const seed = Number(/^seed (\d+)/.exec(line)![1]);
  const numbers = /--faults=([\d,]+)/.exec(line)![1]!.split(',').map(Number);

  // The bug needs a pause and a later crash of one node, and nothing else.
  const { faults, violations } = simulation.run(3, seed, numbers);
  expect(violations).not.toEqual([]);
  expect(faults.map(({ fault }) => fault.kind)).toEqual(['pause', 'crash']);
  expect(new Set(faults.map(({ fault }) => 'node' in fault && fault.node)).size).toBe(1);
  for (const left of numbers) {
    const without = numbers.filter((number) => number !== left);
    expect(simulation.run(3, seed, without).violations).toEqual([]);
  }

  const command = /npm run sim -- (.*)$/.exec(line)![1]!.split(' ');
  const replayed = sim(...command);
  expect(replayed.status).toBe(1);
  expect(replayed.lines[0]).toBe(line);
  expect(replayed.lines.at(-1)).toMatch(/^seeds 1 failed 1 hash [0-9a-f]{16}$/);
});

const SCENARIOS = [
  'board',
  'board-automerge',
  'board-yjs',
  'causal',
  'election',
  'flood',
  'gossip',
  'lock',
  'membership',
  'overlay',
  'ping',
  'quorum',
  'raft',
  'register',
  'registers',
  'requests',
  'store',
  'storm',
];

/** A seed of Automerge takes a third longer than one of all our own engines, and its start a second. */
const seedsOf = (name: string) => (name === 'board-automerge' ? 5 : 15);

test.each(SCENARIOS.map((name) => [name, seedsOf(name)] as const))(
  'SIM-10 %s holds for %i seeds, twice with one hash',
  (name, seeds) => {
    const run = ['--scenario', name, '--nodes', '5', '--seed', '3', '--seeds', String(seeds)];
    const first = sim(...run);
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.lines.at(-1)).toMatch(NO_FAILURE);
    expect(sim(...run).lines).toEqual(first.lines);
  },
);

test('HISTORY-4 what the clients of a seed did is written down, and the checker reads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netsplit-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'history.txt');
  const run = ['--nodes', '5', '--seed', '2', '--seeds', '1', '--history', file];
  expect(sim('--scenario', 'register', ...run).status).toBe(0);
  expect(readFileSync(file, 'utf8').split('\n').length).toBeGreaterThan(20);
  const checked = command('check', file, '--model', 'kv');
  expect([checked.status, checked.lines]).toEqual([0, ['linearizable']]);

  const none = sim('--scenario', 'ping', ...run);
  expect([none.status, none.stderr.trim()]).toEqual([2, 'ping has no history for a checker']);
});

test('--list prints the names; a bad question is answered with exit 2', () => {
  expect(sim('--list').lines).toEqual(SCENARIOS);
  const unknown = sim('--scenario', 'none');
  expect([unknown.status, unknown.stderr.trim()]).toEqual([
    2,
    `--scenario must be one of ${SCENARIOS.join(', ')}`,
  ]);
  expect(sim('--scenario', 'ping', '--nodes', 'many').status).toBe(2);
  expect(sim('--nonsense').status).toBe(2);
});
