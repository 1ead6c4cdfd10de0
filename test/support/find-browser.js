import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** Finds the Chromium or Chrome that the browser tests drive, and may fetch one. */

/** Names under which Linux systems install it. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const MAC_APPLICATIONS = ['Google Chrome', 'Chromium'];

/** Below the folders for programs that Windows names in its environment. */
const WINDOWS_PROGRAM = ['Google', 'Chrome', 'Application', 'chrome.exe'];
const WINDOWS_FOLDERS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/** A browser of Debian's is some 100 MB; a slow line takes minutes for it. */
const FETCH_LIMIT_MS = 8 * 60_000;

/**
 * @typedef {{ [name: string]: string | undefined }} Environment
 *
 * @param {Environment} environment
 * @param {NodeJS.Platform} platform
 * @returns {string | undefined} the path of a program
 */
export function findInstalledBrowser(environment, platform) {
  const named = environment['NETSPLIT_BROWSER'];
  if (named !== undefined && named !== '') {
    if (isFile(named)) return named;
    throw new Error(`NETSPLIT_BROWSER names no file: ${named}`);
  }
  return usualPlaces(environment, platform).find(isFile) ?? downloadedBrowser();
}

/**
 * @param {Environment} environment
 * @param {NodeJS.Platform} platform
 */
function usualPlaces(environment, platform) {
  if (platform === 'darwin')
    return MAC_APPLICATIONS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  if (platform === 'win32')
    return WINDOWS_FOLDERS.flatMap((folder) => environment[folder] ?? []).map((folder) =>
      join(folder, ...WINDOWS_PROGRAM),
    );
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** @param {string} path */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** What `playwright-core install chromium` has put in its own place. */
function downloadedBrowser() {
  const { chromium } = createRequire(import.meta.url)('playwright-core');
  const path = chromium.executablePath();
  return isFile(path) ? path : undefined;
}

/**
 * Finds a browser, or fetches one and says so.
 *
 * @returns {string} the path of a program
 */
export function findOrFetchBrowser() {
  const installed = findInstalledBrowser(process.env, process.platform);
  if (installed !== undefined) return installed;
  fetchBrowser();
  const fetched = findInstalledBrowser(process.env, process.platform);
  if (fetched !== undefined) return fetched;
  throw new Error(
    'No Chromium or Chrome was found, and none could be fetched. Install one, or set NETSPLIT_BROWSER to the path of its program.',
  );
}

function fetchBrowser() {
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log('No browser found: installing Debian’s Chromium (apt-get install chromium) …');
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    if (run('apt-get', ['update', '-qq'], options) && run('apt-get', APT_INSTALL, options)) return;
  }
  console.log('No browser found: downloading Playwright’s Chromium …');
  const folder = createRequire(import.meta.url).resolve('playwright-core/package.json');
  run(process.execPath, [join(folder, '..', 'cli.js'), 'install', 'chromium'], {});
}

const APT_INSTALL = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} options
 */
function run(command, args, options) {
  const result = spawnSync(command, args, {
    ...options,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: FETCH_LIMIT_MS,
  });
  return result.status === 0;
}

/** @param {string} path of the program, for a line that says which browser the tests met */
export function browserVersion(path) {
  // Chrome on Windows opens a window instead of saying its version.
  if (process.platform === 'win32') return 'version unknown';
  return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}
