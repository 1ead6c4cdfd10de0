import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TALLY_FILE } from '../support/tally.js';
import { runNode, toolPath } from '../support/tool.js';
import { tempFolder } from './temp-folder.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = JSON.stringify(join(REPOSITORY, 'node_modules/vitest/dist/index.js'));

test('a real run is counted: broken files and silent skips fail, explained skips are told', async () => {
  const folder = tempFolder({
    'some.test.js': `import { test, expect } from ${VITEST};
      test('right', () => expect(1).toBe(1));
      test('wrong', () => expect(1).toBe(2));
      test.skip('silent', () => {});
      test('explained', ({ skip }) => skip('this machine has no ip command'));`,
    'broken.test.js': `throw new Error('before any test');`,
  });
  const file = join(folder, 'tally.json');
  const reporter = join(REPOSITORY, 'test/support/tally-reporter.js');

  const { succeeded } = await runNode(
    [toolPath('vitest', REPOSITORY), 'run', '--root', folder, '--reporter', reporter],
    { cwd: folder, env: { ...process.env, [TALLY_FILE]: file } },
  );

  expect(succeeded).toBe(false);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    passed: 1,
    failures: [
      'broken.test.js: broke outside of its tests',
      'some.test.js wrong: expected 1 to be 2 // Object.is equality',
      'some.test.js silent: skipped without a reason',
    ],
    skipped: ['explained: this machine has no ip command'],
  });
}, 60_000);
