import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const command = fileURLToPath(new URL('run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'netsplit-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that must start and compile, on a machine that does other things, too. */
const SLOW_MS = 30_000;

function check(lines: readonly string[], ...options: string[]) {
  const file = join(folder, 'history.txt');
  writeFileSync(file, lines.join('\n'));
  return run(file, ...options);
}

function run(...args: string[]) {
  // npm takes this separator away; whoever starts the command without npm may leave it in.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [command, 'check', '--', ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

const WRITE = ['0 :invoke :write 1', '0 :ok :write 1'];

test('a linearizable history: says so, exit 0', { timeout: SLOW_MS }, () => {
  const history = [...WRITE, '1 :invoke :read nil', '1 :ok :read 1'];
  expect(check(history, '--model=register')).toMatchObject({
    status: 0,
    stdout: 'linearizable\n',
  });
});

test('one that is not: says where it breaks and why, exit 1', { timeout: SLOW_MS }, () => {
  const history = [...WRITE, '1 :invoke :read nil', '1 :ok :read 2', ...WRITE];
  const { status, stdout } = check(history, '--model', 'register');
  expect(status).toBe(1);
  expect(stdout).toBe(
    `not linearizable
It breaks at line 4, with process 1: read "2" from the register (asked at line 3, answered at line 4).
What was answered before fits into one order. The longest has 1 operation:
  process 0: write "1" to the register (asked at line 1, answered at line 2)
After that the register holds "1", so this answer does not fit there, and no other order has a place for it either.
`,
  );
});

test('a malformed file: names the line, exit 2', { timeout: SLOW_MS }, () => {
  const { status, stdout, stderr } = check([...WRITE, 'what?'], '--model', 'register');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('history.txt, line 3: ');
});

test.each([
  ['a file that is not there', ['nowhere.txt', '--model', 'kv'], 'nowhere.txt cannot be read'],
  ['no model', ['nowhere.txt'], '--model register or kv'],
  ['no file', ['--model', 'kv'], 'Name one file'],
  ['an unknown option', ['--depth', '3'], '--depth'],
])('%s: exit 2', { timeout: SLOW_MS }, (_, args, problem) => {
  const { status, stderr } = run(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(problem);
});
