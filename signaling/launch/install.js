import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs what is missing, so that a fresh clone needs nothing but Node and npm. It imports only
 * what Node brings: when it runs, nothing else may be there yet.
 */

/** A failure that its text explains to a person: printed without a stack. */
export class LaunchError extends Error {}

/**
 * @typedef {object} LockedPackage what a lock file says of one package; only what is read here
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [dev] needed by tests and tools only
 * @property {boolean} [optional] may be absent, for example because it is for another system
 * @property {boolean} [devOptional]
 *
 * @typedef {{ [path: string]: LockedPackage }} LockedPackages
 */

/**
 * @param {string} running for example '20.19.0'
 * @param {string} needed  for example '>=20.19'
 */
export function assertNodeVersion(running, needed) {
  const [majorHere = 0, minorHere = 0] = running.split('.').map(Number);
  const [major = 0, minor = 0] = needed.replace('>=', '').split('.').map(Number);
  if (majorHere > major || (majorHere === major && minorHere >= minor)) return;
  throw new LaunchError(
    `Netsplit needs Node ${major}.${minor} or newer; this is Node ${running}. Get it from https://nodejs.org.`,
  );
}

/**
 * Which packages `package-lock.json` asks for and `node_modules` does not hold in that version.
 *
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @param {{ tools: boolean }} options whether the packages of tests and tools are needed too
 */
export function missingPackages(wanted, installed, { tools }) {
  const missing = [];
  for (const [path, locked] of Object.entries(wanted)) {
    if (path === '' || (locked.dev === true && !tools)) continue;
    const found = installed[path];
    if (found === undefined) {
      if (locked.optional !== true && locked.devOptional !== true) missing.push(path);
    } else if (found.version !== locked.version || found.integrity !== locked.integrity) {
      missing.push(path);
    }
  }
  return missing;
}

/**
 * @param {string} root of the repository
 * @param {{ tools: boolean }} needs
 */
export function installMissing(root, needs) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assertNodeVersion(process.versions.node, manifest.engines.node);

  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const count = missingPackages(wanted, installed, needs).length;
  if (count === 0) return;

  // An installation that already has the tools keeps them.
  const tools = needs.tools || Object.values(installed).some((found) => found.dev === true);
  console.log(`Installing ${count} packages that are missing (npm ci) …`);
  npmCi(root, tools);
}

/**
 * @param {string} file a lock file; an absent one holds nothing
 * @returns {LockedPackages}
 */
function readPackages(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {};
    throw error;
  }
  return JSON.parse(text).packages;
}

/**
 * @param {string} root
 * @param {boolean} tools
 */
function npmCi(root, tools) {
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!tools) flags.push('--omit=dev');
  // npm is a script with its own starter on every system; under `npm start` it tells where it lies.
  const npm = process.env['npm_execpath'];
  const [command, args] = npm?.endsWith('.js')
    ? [process.execPath, [npm, ...flags]]
    : ['npm', flags];
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    // npm's shell starters are no programs on Windows.
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (result.status === 0) return;
  throw new LaunchError(explainFailure(result.error?.message ?? result.stderr));
}

/**
 * @param {string} said by npm
 */
export function explainFailure(said) {
  // After a wrong lock file npm explains its whole command line.
  const [tail = ''] = said.trim().split(/\n.*\n.*Clean install a project/);
  if (/ENOENT.*npm|spawnSync npm/.test(said))
    return `npm was not found. It comes with Node: install Node from https://nodejs.org.\n${tail}`;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i.test(said))
    return `The packages could not be fetched: npm does not reach its registry. Connect this computer to the internet once and start again; afterwards no internet is needed.\n${tail}`;
  if (/EACCES|EPERM/.test(said))
    return `The packages could not be written: this user may not write here. Start from a folder of your own.\n${tail}`;
  if (/ENOSPC/.test(said))
    return `The packages could not be written: the disk is full. Free 500 MB and start again.\n${tail}`;
  return `npm ci failed. Delete the folder node_modules and start again; if it fails again, npm said why:\n${tail}`;
}
