import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fileSize from '@size-limit/file';
import sizeLimit from 'size-limit';

/**
 * Weighs the JavaScript of a student's first load, compressed as it travels: what makes the tab a
 * node, the page that follows, what both import by the manifest that the build writes, and every
 * worker that they start, which no manifest lists. School Wi-Fi serves thirty of these at once.
 */

const LIMIT_BYTES = 130_000;

const dist = join(process.cwd(), 'client', 'dist');

/**
 * @typedef {object} Chunk one entry of the manifest; only what is read here
 * @property {string} file
 * @property {string} [src]
 * @property {boolean} [isEntry]
 * @property {boolean} [isDynamicEntry]
 * @property {string[]} [imports]
 */

/** @type {{ [key: string]: Chunk }} */
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));

const scripts = new Set(
  [...only('student’s node', isStudentNode), ...only('student’s page', isStudentPage)]
    .flatMap(withImports)
    .filter((file) => file.endsWith('.js')),
);
for (const file of unlisted().filter(isMentioned)) scripts.add(file);

const files = [...scripts];
let total = 0;
for (const file of files) {
  const bytes = await compressedBytes(file);
  console.log(`${String(bytes).padStart(8)}  ${file}`);
  total += bytes;
}
console.log(`${String(total).padStart(8)}  bytes of at most ${LIMIT_BYTES}`);
process.exitCode = total <= LIMIT_BYTES ? 0 : 1;

/** @param {string} file */
async function compressedBytes(file) {
  const weighed = await sizeLimit(fileSize, [join(dist, file)]);
  const [{ size }] = /** @type {[{ size: number }]} */ (weighed);
  return size;
}

/** @param {Chunk} chunk */
function isStudentNode(chunk) {
  return chunk.isEntry === true && /(^|\/)student\.html$/.test(chunk.src ?? '');
}

/** @param {Chunk} chunk */
function isStudentPage(chunk) {
  return chunk.isDynamicEntry === true && /(^|\/)student\/page\.ts$/.test(chunk.src ?? '');
}

/**
 * @param {string} what
 * @param {(chunk: Chunk) => boolean} is
 * @returns {string[]} the key in the manifest; it must be one, or something else would be weighed
 */
function only(what, is) {
  const keys = Object.keys(manifest).filter((key) => is(chunkOf(key)));
  if (keys.length === 1) return keys;
  throw new Error(`The build has ${keys.length} chunks that could be the ${what}; it needs one.`);
}

/** @param {string} key */
function chunkOf(key) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`The manifest lacks ${key}, which it mentions.`);
  return chunk;
}

/**
 * @param {string} key
 * @returns {string[]} the files of this chunk and of all that it cannot run without
 */
function withImports(key) {
  /** @type {Set<string>} */
  const keys = new Set([key]);
  for (const known of keys) for (const next of chunkOf(known).imports ?? []) keys.add(next);
  return [...keys].map((known) => chunkOf(known).file);
}

/**
 * Does the student's document, or a script of its first load, name this file?
 *
 * @param {string} file
 */
function isMentioned(file) {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const texts = ['student.html', ...scripts].map((each) => readFileSync(join(dist, each), 'utf8'));
  return texts.some((text) => text.includes(name));
}

/** Scripts that the build wrote and its manifest does not list: workers and what the documents load. */
function unlisted() {
  const listed = new Set(Object.values(manifest).map(({ file }) => file));
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.js') && !listed.has(file));
}
