import { randomBytes } from 'node:crypto';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runNode, toolPath } from '../support/tool.js';
import { addFiles, tempFolder, type Files } from './temp-folder.ts';

/**
 * Each static check is shown something wrong, in a small tree with this repository's own rules, and
 * must say so: a rule that matches nothing passes everything.
 */

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A tool starts in a second; a busy machine takes its time. */
const SLOW_MS = 60_000;

const svelte = (script: string, markup = '') => `<script lang="ts">${script}</script>\n${markup}`;

/** A tree that breaks no rule. */
const GOOD: Files = {
  'src/vocabulary.ts': `export type NodeId = string;\nexport const LIMIT = 3;\n`,
  'src/wire/lane.ts': `import { LIMIT } from '../vocabulary.ts';\nexport const TWICE = 2 * LIMIT;\n`,
  'client/session/desk.ts': `import { TWICE } from '../../src/wire/lane.ts';\nexport const desk = TWICE;\n`,
  'client/ui/Button.svelte': svelte(`const { label }: { label: string } = $props();`, `{label}`),
  'client/student/Student.svelte': svelte(
    `import { desk } from '../session/desk.ts'; import Button from '../ui/Button.svelte';`,
    `<Button label={String(desk)} />`,
  ),
  'client/main.ts': `import Student from './student/Student.svelte';\nexport const page = Student;\n`,
};

function tree(change: Files): string {
  const root = tempFolder(GOOD);
  addFiles(root, change);
  for (const copied of ['package.json', 'test/tools', 'test/tsconfig.json'])
    cpSync(join(REPOSITORY, copied), join(root, copied), { recursive: true });
  for (const folder of ['src', 'client'])
    cpSync(join(REPOSITORY, folder, 'tsconfig.json'), join(root, folder, 'tsconfig.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'), 'junction');
  return root;
}

function tool(name: string, ...args: string[]) {
  return (root: string) => runNode([toolPath(name, REPOSITORY), ...args], { cwd: root });
}
const script = (path: string) => (root: string) => runNode([path], { cwd: root });

const directions = script('test/tools/import-directions.js');
const lint = tool('eslint', '--config', 'test/tools/eslint.config.js', 'src', 'client');
const typesOfSrc = tool('typescript', '-p', 'src');
const typesOfClient = tool(
  'svelte-check',
  '--tsconfig',
  'client/tsconfig.json',
  '--fail-on-warnings',
);
const unused = tool('knip', '--config', 'test/tools/knip.js', '--no-progress');
const formatting = tool('prettier', '--check', 'src', 'client/main.ts');

describe('a tree that breaks no rule passes', () => {
  test.for([
    ['import directions', directions],
    ['lint', lint],
    ['types of src', typesOfSrc],
    ['types of the client', typesOfClient],
    ['formatting', formatting],
  ] as const)('%s', { timeout: SLOW_MS }, async ([, check]) => {
    const { succeeded, output } = await check(tree({}));
    expect(succeeded, output).toBe(true);
  });
});

describe('import directions', () => {
  const CASES: readonly [what: string, rule: string, file: string, text: string][] = [
    ['a page', 'src-core-only', 'src/wire/a.ts', `export * from '../../client/session/desk.ts';`],
    [
      'only a type of a page',
      'src-core-only',
      'src/wire/b.ts',
      `export type { desk } from '../../client/session/desk.ts';`,
    ],
    ['Node', 'src-pure-packages', 'src/wire/c.ts', `import 'node:fs';`],
    ['a package of the pages', 'src-pure-packages', 'src/wire/d.ts', `import 'socket.io-client';`],
    [
      'a higher layer',
      'src-runtime-wire-no-higher',
      'src/wire/e.ts',
      `import '../network/shaper.ts';`,
    ],
    ['another protocol', 'src-gossip-alone', 'src/gossip/f.ts', `import '../election/raft.ts';`],
    ['itself, over another', 'no-cycles', 'src/wire/there.ts', `import './and-back.ts';`],
    ['nobody, and nobody it', 'no-leftovers', 'src/wire/old.ts', `export const old = 1;`],
    ['what is not there', 'resolvable', 'src/wire/g.ts', `import './gone.ts';`],
    [
      'the session, from the design system',
      'client-ui-only-svelte',
      'client/ui/Knowing.svelte',
      svelte(`import { desk } from '../session/desk.ts'; desk();`),
    ],
    [
      'the teacher’s page, from the student’s',
      'client-student-alone',
      'client/student/Peeking.svelte',
      svelte(`import Teacher from '../teacher/Teacher.svelte';`, `<Teacher />`),
    ],
    [
      'WebRTC, from a page',
      'client-webrtc-in-platform',
      'client/student/webrtc.ts',
      `import 'simple-peer/simplepeer.min.js';`,
    ],
    ['a tool', 'no-tools-in-product', 'client/session/tool.ts', `import 'playwright-core';`],
  ];
  /** What the cases import. */
  const IMPORTED: Files = {
    'src/network/shaper.ts': `export {};`,
    'src/election/raft.ts': `export {};`,
    'src/wire/and-back.ts': `import './there.ts';`,
    'client/teacher/Teacher.svelte': `Teacher`,
  };

  test('every import that is forbidden', { timeout: SLOW_MS }, async () => {
    const files = Object.fromEntries(CASES.map(([, , file, text]) => [file, `${text}\n`]));
    const { succeeded, output } = await directions(tree({ ...IMPORTED, ...files }));
    for (const [what, rule, file] of CASES)
      expect(output, what).toContain(`error ${rule}: ${file}`);
    expect(succeeded).toBe(false);
  });

  test('a component that cannot be read fails', { timeout: SLOW_MS }, async () => {
    const { succeeded } = await directions(tree({ 'client/ui/Bad.svelte': `<script>let = ;` }));
    expect(succeeded).toBe(false);
  });

  test('a type in a component crosses the border', { timeout: SLOW_MS }, async () => {
    const change = {
      'client/ui/Button.svelte': svelte(
        `import type { NodeId } from '../../src/vocabulary.ts'; export const id: NodeId = '';`,
      ),
    };
    const { succeeded, output } = await lint(tree(change));
    expect(output).toContain('client-ui-only-svelte');
    expect(succeeded).toBe(false);
  });
});

describe('lint', () => {
  const CASES: readonly [what: string, rule: string, line: string][] = [
    ['the core reads the time', 'no-restricted-globals', `export const now = Date.now();`],
    ['the core throws dice', 'no-restricted-properties', `export const die = Math.random();`],
    ['the core sets a timer', 'no-restricted-globals', `setTimeout(() => {}, 1);`],
    ['any', 'no-explicit-any', `export const x: any = 1;`],
    ['a loose comparison', 'eqeqeq', `export const same = (a: unknown) => a == 1;`],
    ['console', 'no-console', `console.log('here');`],
    ['a promise nobody waits for', 'no-floating-promises', `Promise.resolve(1);`],
    [
      'a sum that an await may tear',
      'require-atomic-updates',
      `let sum = 0;\nexport const grow = async (by: Promise<number>) => { sum = sum + (await by); };`,
    ],
    [
      'a type imported as a value',
      'consistent-type-imports',
      `import { NodeId } from '../vocabulary.ts'; export const id: NodeId = '';`,
    ],
    [
      'an unexplained suppression',
      'ban-ts-comment',
      `// @ts-expect-error\nexport const n: number = '';`,
    ],
    [
      'an unused suppression',
      'Unused eslint-disable',
      `// eslint-disable-next-line eqeqeq -- reason: none\nexport const n = 1;`,
    ],
  ];

  test('every rule that the core must keep', { timeout: SLOW_MS }, async () => {
    const files = CASES.map(([, , line], i) => [`src/wire/case${i}.ts`, `${line}\n`] as const);
    const root = tree(Object.fromEntries(files));
    const found = await tool(
      'eslint',
      ...['--config', 'test/tools/eslint.config.js', '--format', 'json', 'src'],
    )(root);
    const results = JSON.parse(found.output) as {
      filePath: string;
      messages: { ruleId: string | null; message: string }[];
    }[];
    for (const [i, [what, rule]] of CASES.entries()) {
      const messages = results.find(({ filePath }) => filePath.endsWith(`case${i}.ts`))?.messages;
      const said = messages?.map(({ ruleId, message }) => `${ruleId} ${message}`).join('\n');
      expect(said, what).toContain(rule);
    }
  });

  test('markup that lets text become HTML', { timeout: SLOW_MS }, async () => {
    const change = { 'client/ui/Button.svelte': `<script>let a = 'x';</script>{@html a}\n` };
    expect((await lint(tree(change))).output).toContain('svelte/no-at-html-tags');
  });
});

describe('types', () => {
  test('the core knows nothing of a browser or of Node', { timeout: SLOW_MS }, async () => {
    const names = ['window', 'document', 'process', 'setTimeout', 'crypto', 'console'];
    const { succeeded, output } = await typesOfSrc(
      tree({ 'src/wire/world.ts': `export const world = [${names.join(', ')}];` }),
    );
    for (const name of names) expect(output).toContain(`Cannot find name '${name}'`);
    expect(succeeded).toBe(false);
  });

  test('a component given the wrong property', { timeout: SLOW_MS }, async () => {
    const wrong = svelte(`import Button from '../ui/Button.svelte';`, `<Button label={3} />`);
    const { succeeded, output } = await typesOfClient(
      tree({ 'client/student/Student.svelte': wrong }),
    );
    expect(output).toContain("'number' is not assignable to type 'string'");
    expect(succeeded).toBe(false);
  });
});

test(
  'unused code: a file, an export and a dependency are named',
  { timeout: SLOW_MS },
  async () => {
    const { succeeded, output } = await unused(
      tree({
        'client/index.html': `<script type="module" src="./main.ts"></script>`,
        'client/vite.config.ts': `export default { root: import.meta.dirname };\n`,
        'src/wire/forgotten.ts': `export const forgotten = 1;\n`,
        'src/vocabulary.ts': `export const LIMIT = 3;\nexport const NOBODYS = 4;\n`,
      }),
    );
    expect(output).toContain('src/wire/forgotten.ts');
    expect(output).toContain('NOBODYS');
    expect(output).toContain('lmdb');
    expect(succeeded).toBe(false);
  },
);

test('formatting that is not Prettier’s', { timeout: SLOW_MS }, async () => {
  const { succeeded } = await formatting(tree({ 'src/wire/lane.ts': `export const TWICE=6` }));
  expect(succeeded).toBe(false);
});

describe('first load', () => {
  const firstLoad = script('test/tools/first-load.js');
  const MANIFEST = {
    'index.html': { file: 'assets/lobby.js', src: 'index.html', isEntry: true },
    'student.html': {
      file: 'assets/student.js',
      src: 'student.html',
      isEntry: true,
      imports: ['_shared.js'],
    },
    '_shared.js': { file: 'assets/shared.js' },
    'student/page.ts': {
      file: 'assets/page.js',
      src: 'student/page.ts',
      isDynamicEntry: true,
      imports: ['_shared.js'],
    },
    'teacher.html': { file: 'assets/teacher.js', src: 'teacher.html', isEntry: true },
  };
  /** No compressor makes it smaller than this. */
  const noise = (bytes: number) => randomBytes(bytes).toString('base64');
  const built = (sizes: { shared: number; teacher: number }): Files => ({
    'client/dist/.vite/manifest.json': JSON.stringify(MANIFEST),
    'client/dist/assets/lobby.js': '0',
    'client/dist/student.html': '<script src="/assets/theme.js"></script>',
    'client/dist/assets/theme.js': '0',
    'client/dist/assets/student.js': 'new Worker("/assets/worker.js")',
    'client/dist/assets/page.js': '2',
    'client/dist/assets/shared.js': noise(sizes.shared),
    'client/dist/assets/teacher.js': noise(sizes.teacher),
    'client/dist/assets/worker.js': '3',
    'client/dist/assets/judge.js': '4',
  });

  test(
    'weighs shared chunks once and the workers that these start, and not the teacher’s page',
    { timeout: SLOW_MS },
    async () => {
      const { succeeded, output } = await firstLoad(tree(built({ shared: 1, teacher: 900_000 })));
      for (const file of ['student.js', 'page.js', 'shared.js', 'worker.js', 'theme.js'])
        expect(output.split(`assets/${file}`)).toHaveLength(2);
      expect(output).not.toMatch(/teacher|lobby|judge/);
      expect(succeeded).toBe(true);
    },
  );

  test('too much shared code fails', { timeout: SLOW_MS }, async () => {
    const { succeeded } = await firstLoad(tree(built({ shared: 131_000, teacher: 1 })));
    expect(succeeded).toBe(false);
  });
});
