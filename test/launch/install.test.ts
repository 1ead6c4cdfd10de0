import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  assertNodeVersion,
  explainFailure,
  installMissing,
  LaunchError,
  missingPackages,
} from '../../signaling/launch/install.js';
import { addFiles, tempFolder } from './temp-folder.ts';

const MANIFEST = JSON.stringify({ engines: { node: '>=20.19' } });

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('which packages are missing', () => {
  const wanted = {
    '': { version: '1.0.0' },
    'node_modules/ws': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/vitest': { version: '4.0.0', integrity: 'sha512-b', dev: true },
    'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-c', optional: true },
  };
  const whole = {
    'node_modules/ws': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/vitest': { version: '4.0.0', integrity: 'sha512-b', dev: true },
  };

  test('none, when all are there but one that is for another system', () => {
    expect(missingPackages(wanted, whole, { tools: true })).toEqual([]);
  });

  test('the tools count only for who needs them', () => {
    const { 'node_modules/vitest': _, ...served } = whole;
    expect(missingPackages(wanted, served, { tools: false })).toEqual([]);
    expect(missingPackages(wanted, served, { tools: true })).toEqual(['node_modules/vitest']);
  });

  test('another version and other contents are as good as absent', () => {
    const older = { ...whole, 'node_modules/ws': { version: '7.0.0', integrity: 'sha512-a' } };
    const forged = { ...whole, 'node_modules/ws': { version: '8.0.0', integrity: 'sha512-x' } };
    expect(missingPackages(wanted, older, { tools: false })).toEqual(['node_modules/ws']);
    expect(missingPackages(wanted, forged, { tools: false })).toEqual(['node_modules/ws']);
  });

  test('everything, in a fresh clone', () => {
    expect(missingPackages(wanted, {}, { tools: true })).toHaveLength(2);
  });
});

describe('installing', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const ws = { 'node_modules/ws': { version: '8.0.0', integrity: 'sha512-a' } };

  /** A tree whose npm writes down what it was asked for, and then does as told. */
  function treeWithNpm(exitCode: number, says = ''): string {
    const root = tempFolder({
      'package.json': MANIFEST,
      'package-lock.json': lock(ws),
      'npm.js': `require('fs').writeFileSync('asked', process.argv.slice(2).join(' '));
                 process.stderr.write(${JSON.stringify(says)}); process.exitCode = ${exitCode};`,
    });
    vi.stubEnv('npm_execpath', join(root, 'npm.js'));
    vi.spyOn(console, 'log').mockImplementation(() => {});
    return root;
  }

  test('says in one line that it installs, and asks npm for no tools to serve', () => {
    const root = treeWithNpm(0);
    installMissing(root, { tools: false });
    expect(readFileSync(join(root, 'asked'), 'utf8')).toMatch(/^ci .*--omit=dev/);
    expect(console.log).toHaveBeenCalledExactlyOnceWith(
      'Installing 1 packages that are missing (npm ci) …',
    );
  });

  test('keeps the tools of whoever has them', () => {
    const root = treeWithNpm(0);
    const tool = { 'node_modules/vitest': { version: '4.0.0', dev: true } };
    addFiles(root, { 'node_modules/.package-lock.json': lock(tool) });
    installMissing(root, { tools: false });
    expect(readFileSync(join(root, 'asked'), 'utf8')).not.toContain('--omit=dev');
  });

  test('asks nobody for anything when nothing is missing', () => {
    const root = treeWithNpm(0);
    addFiles(root, { 'node_modules/.package-lock.json': lock(ws) });
    installMissing(root, { tools: true });
    expect(existsSync(join(root, 'asked'))).toBe(false);
    expect(console.log).not.toHaveBeenCalled();
  });

  test('tells a failure as a sentence, and what npm said', () => {
    const root = treeWithNpm(1, 'npm error code ENOTFOUND');
    expect(() => installMissing(root, { tools: true })).toThrow(
      /Connect this computer to the internet once[^]*npm error code ENOTFOUND/,
    );
  });
});

test('an older Node is told which one is needed', () => {
  expect(() => assertNodeVersion('20.19.0', '>=20.19')).not.toThrow();
  expect(() => assertNodeVersion('24.0.0', '>=20.19')).not.toThrow();
  for (const older of ['18.20.4', '20.18.3'])
    expect(() => assertNodeVersion(older, '>=20.19')).toThrow(
      new LaunchError(
        `Netsplit needs Node 20.19 or newer; this is Node ${older}. Get it from https://nodejs.org.`,
      ),
    );
});

test('each usual failure of npm has a sentence that says what to do', () => {
  expect(explainFailure('spawnSync npm ENOENT')).toContain('install Node from');
  expect(explainFailure('npm error EAI_AGAIN')).toContain('Connect this computer');
  expect(explainFailure('npm error EACCES: permission denied')).toContain('a folder of your own');
  expect(explainFailure('npm error ENOSPC')).toContain('the disk is full');
  expect(explainFailure('npm error ???')).toContain('Delete the folder node_modules');
});

test('npm’s own manual is not repeated', () => {
  const said = explainFailure(
    'npm error Missing: ws\nnpm error\nnpm error Clean install a project\n…',
  );
  expect(said).toMatch(/npm error Missing: ws$/);
});

test('package-lock.json names every package for every system, or npm ci refuses it', () => {
  interface Locked {
    readonly dependencies?: Record<string, string>;
    readonly optionalDependencies?: Record<string, string>;
  }
  const file = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, Locked>;
  };
  /** As Node looks for it: beside, and then in every folder above. */
  const isLocked = (from: string, name: string): boolean => {
    if (`${from}/node_modules/${name}`.replace(/^\//, '') in packages) return true;
    return (
      from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
    );
  };

  const absent = Object.entries(packages).flatMap(
    ([from, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isLocked(from, name))
        .map((name) => `${name}, for ${from}`),
  );

  expect(absent).toEqual([]);
});
