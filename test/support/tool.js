import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Runs a tool from `node_modules` as its author meant it to be run. */

/** No step is ever this slow; one that hangs must not hold the whole run. */
const LIMIT_MS = 25 * 60_000;

/**
 * @typedef {object} ToolRun
 * @property {boolean} succeeded
 * @property {string} output what it said, if it was not shown as it came
 */

/**
 * @param {string} name of the package, which is also the name of its command
 * @param {string} root where to look from
 */
export function toolPath(name, root) {
  const manifest = findManifest(name, root);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[COMMANDS.get(name) ?? name]);
}

/** Packages whose command has another name. */
const COMMANDS = new Map([['typescript', 'tsc']]);

/**
 * @param {string} name
 * @param {string} root
 */
function findManifest(name, root) {
  // Some packages do not export their manifest; the file lies there all the same.
  const [folder] = createRequire(join(root, 'package.json')).resolve.paths(name) ?? [];
  return join(folder ?? join(root, 'node_modules'), name, 'package.json');
}

/**
 * @param {string[]} args of Node: a script and what it is given
 * @param {{ cwd: string, show?: boolean, env?: NodeJS.ProcessEnv }} options `show` its output as it comes
 * @returns {Promise<ToolRun>}
 */
export function runNode(args, { cwd, show = false, env = process.env }) {
  const { promise, resolve } = withResolvers();
  const output = show ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', output, output],
    timeout: LIMIT_MS,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (said += text));
  child.on('close', (code, signal) => {
    if (signal !== null)
      said += `\nended by ${signal}; a step may take ${LIMIT_MS / 60_000} minutes`;
    resolve({ succeeded: code === 0, output: said.trim() });
  });
  return promise;
}

/** `Promise.withResolvers` is not in Node 20. */
function withResolvers() {
  /** @type {(run: ToolRun) => void} */
  let resolve = () => {};
  /** @type {Promise<ToolRun>} */
  const promise = new Promise((take) => (resolve = take));
  return { promise, resolve };
}
