import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findInstalledBrowser } from '../support/find-browser.js';
import { tempFolder } from './temp-folder.ts';

test('the browser that NETSPLIT_BROWSER names comes before any that is installed', () => {
  const folder = tempFolder({ mine: '', chromium: '' });
  const environment = { NETSPLIT_BROWSER: join(folder, 'mine'), PATH: folder };
  expect(findInstalledBrowser(environment, 'linux')).toBe(join(folder, 'mine'));
});

test('a NETSPLIT_BROWSER that names nothing is an error, not another browser', () => {
  const folder = tempFolder({ chromium: '' });
  const environment = { NETSPLIT_BROWSER: join(folder, 'gone'), PATH: folder };
  expect(() => findInstalledBrowser(environment, 'linux')).toThrow('names no file');
});

test('Chromium on the PATH comes before Chrome, wherever each lies', () => {
  const first = tempFolder({ 'google-chrome': '' });
  const second = tempFolder({ chromium: '' });
  const environment = { PATH: `${first}:${second}` };
  expect(findInstalledBrowser(environment, 'linux')).toBe(join(second, 'chromium'));
});

test('on Windows it lies below the folders for programs', () => {
  const folder = tempFolder({ 'Google/Chrome/Application/chrome.exe': '' });
  expect(findInstalledBrowser({ LOCALAPPDATA: folder }, 'win32')).toBe(
    join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
  );
});
