import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashIngredients, isFresh, takePlace } from '../../signaling/launch/build.js';
import { addFiles, tempFolder } from './temp-folder.ts';

const SOURCE = {
  'client/main.ts': 'main',
  'client/views/Roster.svelte': 'roster',
  'src/vocabulary.ts': 'words',
  'package-lock.json': '{}',
};

test('the hash is of contents and names, not of times', () => {
  const root = tempFolder(SOURCE);
  const before = hashIngredients(root);
  utimesSync(join(root, 'client/main.ts'), 0, 0);
  expect(hashIngredients(root)).toBe(before);
  expect(hashIngredients(tempFolder(SOURCE))).toBe(before);
});

test.each([
  ['a changed file', { 'client/views/Roster.svelte': 'Roster' }],
  ['a new file', { 'src/wire/frame.ts': '' }],
  ['another version of a package', { 'package-lock.json': '{ }' }],
])('%s makes another hash', (_, change) => {
  const root = tempFolder(SOURCE);
  const before = hashIngredients(root);
  addFiles(root, change);
  expect(hashIngredients(root)).not.toBe(before);
});

test('what a build has written does not make it stale', () => {
  const root = tempFolder(SOURCE);
  const before = hashIngredients(root);
  addFiles(root, { 'client/dist/index.html': 'x', 'client/dist.77/index.html': 'half' });
  expect(hashIngredients(root)).toBe(before);
});

test('a build is fresh for what it was made of, and for nothing else', () => {
  const root = tempFolder({ 'client/dist.1/index.html': 'first' });
  expect(isFresh(root, 'a')).toBe(false);
  takePlace(root, join(root, 'client/dist.1'), 'a');
  expect(isFresh(root, 'a')).toBe(true);
  expect(isFresh(root, 'b')).toBe(false);
});

test('a newer build takes the place of the older one whole', () => {
  const root = tempFolder({ 'client/dist.1/old.js': '', 'client/dist.2/new.js': '' });
  takePlace(root, join(root, 'client/dist.1'), 'a');
  takePlace(root, join(root, 'client/dist.2'), 'b');
  expect(readdirSync(join(root, 'client'))).toEqual(['dist']);
  expect(readdirSync(join(root, 'client/dist')).sort()).toEqual(['.ingredients', 'new.js']);
});

test('of two commands that built the same at once, the second steps aside', () => {
  const root = tempFolder({
    'client/dist.1/index.html': 'first',
    'client/dist.2/index.html': 'second',
  });
  takePlace(root, join(root, 'client/dist.1'), 'a');
  takePlace(root, join(root, 'client/dist.2'), 'a');
  expect(readdirSync(join(root, 'client'))).toEqual(['dist']);
  expect(readFileSync(join(root, 'client/dist/index.html'), 'utf8')).toBe('first');
});
