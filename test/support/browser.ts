import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { findInstalledBrowser } from './find-browser.js';

/**
 * What a test browser does without. Of two such lists Chromium takes the last, so what Playwright's own
 * names and is of use here is named again.
 */
const WITHOUT = [
  // Each window loads three hidden pages for its address bar; two dozen windows did little else.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
];

/**
 * What every test browser is started with: nothing that talks to anyone but the page's own server.
 */
const QUIET = [
  `--disable-features=${WITHOUT.join(',')}`,
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface BrowserOptions {
  /** More switches, for example `--host-resolver-rules=MAP class.test 127.0.0.1`. */
  readonly args?: readonly string[];
  /** Gives the path of an executable that starts the browser in some other place. */
  readonly wrap?: (executable: string) => Promise<string>;
}

/**
 * A real Chromium. Each student of a test gets a `newContext()` of its own: tabs of one context
 * share storage and BroadcastChannel, as tabs of one computer do.
 */
export async function launchBrowser({ args = [], wrap }: BrowserOptions = {}): Promise<Browser> {
  const path = wrap ? await wrap(executable()) : executable();
  return chromium.launch({ executablePath: path, args: [...QUIET, ...sandboxSwitch(), ...args] });
}

/** A real Chromium whose storage outlives it, in `folder`. */
export function launchPersistent(
  folder: string,
  { args = [] }: Pick<BrowserOptions, 'args'> = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    args: [...QUIET, ...sandboxSwitch(), ...args],
  });
}

function executable(): string {
  const found = findInstalledBrowser(process.env, process.platform);
  if (found === undefined)
    throw new Error('No browser found. `npm test` fetches one; NETSPLIT_BROWSER names another.');
  return found;
}

/** Chromium refuses to run sandboxed as root, which containers usually are. */
function sandboxSwitch(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
