import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './install.js';

/**
 * Builds the client if what it is made of has changed since. A build is finished in a folder of its
 * own and then takes the place of `client/dist` whole, so that two commands started at once never
 * see, or serve, half a build.
 */

/** All that decides what the build contains. */
const INGREDIENTS = ['client', 'src', 'package-lock.json'];

/** What lies in the client's folder and is a result; `dist` and its `dist.*` while they are made. */
const RESULT = /^dist(\.|$)/;

/** Says which ingredients a build was made of. It lies in the build, so that it comes and goes with it. */
const STAMP = '.ingredients';

/**
 * The same for the same contents, whatever the files' times: a fresh clone changes all times.
 *
 * @param {string} root of the repository
 */
export function hashIngredients(root) {
  const hash = createHash('sha256');
  for (const ingredient of INGREDIENTS) addToHash(hash, root, ingredient);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path with slashes, so that every system hashes the same
 */
function addToHash(hash, root, path) {
  const entries = listFolder(join(root, path));
  if (entries === undefined) {
    const contents = readFileSync(join(root, path));
    hash.update(`${path}\0${contents.length}\0`).update(contents);
    return;
  }
  for (const name of entries.sort()) {
    if (path === 'client' && RESULT.test(name)) continue;
    addToHash(hash, root, `${path}/${name}`);
  }
}

/**
 * @param {string} path
 * @returns {string[] | undefined} undefined for a file
 */
function listFolder(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * @param {string} root
 * @param {string} ingredients as `hashIngredients` gives them
 */
export function isFresh(root, ingredients) {
  const stamp = join(root, 'client', 'dist', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === ingredients;
}

/**
 * Puts a finished build in its place. Whoever comes second with the same ingredients steps aside.
 *
 * @param {string} root
 * @param {string} built  the folder of the finished build, beside `client/dist`
 * @param {string} ingredients
 */
export function takePlace(root, built, ingredients) {
  writeFileSync(join(built, STAMP), ingredients);
  const place = join(root, 'client', 'dist');
  const former = `${built}.former`;
  if (!isFresh(root, ingredients)) {
    moveIfThere(place, former);
    moveUnlessTaken(built, place);
  }
  rmSync(built, { recursive: true, force: true });
  rmSync(former, { recursive: true, force: true });
}

/**
 * @param {string} from
 * @param {string} to
 */
function moveIfThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

/**
 * @param {string} from
 * @param {string} to  a folder that another command may have filled a moment ago
 */
function moveUnlessTaken(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
  }
}

/**
 * @param {string} root
 * @returns {boolean} whether there was anything to build
 */
export function buildIfStale(root) {
  const ingredients = hashIngredients(root);
  if (isFresh(root, ingredients)) return false;
  console.log('Building the pages …');
  const folder = `dist.${process.pid}`;
  const built = join(root, 'client', folder);
  // In a process of its own: the bundler's memory must not stay with the server all day.
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder], {
    cwd: root,
    // Whoever asks for it, a test runner too, gets the pages that a class gets.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (child.status !== 0) {
    rmSync(built, { recursive: true, force: true });
    throw new LaunchError(
      `The pages could not be built:\n${child.stdout}${child.stderr}${child.error?.message ?? ''}`,
    );
  }
  takePlace(root, built, ingredients);
  return true;
}

/**
 * @param {string} outDir in the client's folder
 */
async function build(outDir) {
  const vite = await import('vite');
  await vite.build({
    configFile: fileURLToPath(new URL('../../client/vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    // The manifest says which files a page loads first; the size budget is measured by it.
    build: { outDir, emptyOutDir: true, manifest: true },
  });
}

const asked = process.argv[2];
if (process.argv[1] === fileURLToPath(import.meta.url) && asked !== undefined) await build(asked);
