import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installMissing, LaunchError } from '../../signaling/launch/install.js';

/**
 * `npm run bench -- [SECTION…] [--json FILE]`: every `*.bench.ts` here is a section. Prints a table a
 * section; exit code 1 if a bar was missed, 2 if the question was wrong.
 *
 * @import { Bar, Row, Section } from './section.ts'
 */

const folder = import.meta.dirname;
const SUFFIX = '.bench.ts';

/** @param {string[]} args */
function readArguments(args) {
  const names = [];
  let json;
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === '--json') {
      json = waiting.shift();
      if (json === undefined) throw new LaunchError('--json needs the name of a file.');
    } else if (arg.startsWith('-')) {
      throw new LaunchError(`npm run bench knows no option ${arg}. It knows --json FILE.`);
    } else names.push(arg);
  }
  return { names, json };
}

/** @param {string[]} names none means all */
function chooseSections(names) {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names.length === 0 ? known : names;
  throw new LaunchError(
    `There is no section ${unknown.join(', ')}. Sections: ${known.join(', ')}.`,
  );
}

/**
 * @param {string} name
 * @returns {Promise<Section>}
 */
function loadSection(name) {
  return import(pathToFileURL(join(folder, `${name}${SUFFIX}`)).href);
}

/** @param {Row[]} rows */
function table(rows) {
  const head = ['figure', 'ours', 'baseline', 'unit', 'ratio', 'bar', ''];
  const lines = rows.map(({ figure, value, baseline, unit, ratio, bar, met }) => [
    figure,
    number(value),
    number(baseline),
    unit,
    ratio.toFixed(2),
    barText(bar, unit),
    bar === null ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = head.map((_, i) =>
    Math.max(...[head, ...lines].map((line) => line[i]?.length ?? 0)),
  );
  return [head, ...lines]
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
    .join('\n');
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

/**
 * @param {Bar | null} bar
 * @param {string} unit
 */
function barText(bar, unit) {
  if (bar === null) return '';
  if ('under' in bar) return `< ${number(bar.under)} ${unit}`;
  if ('within' in bar) return `1 ± ${bar.within}`;
  return 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`;
}

async function main() {
  const { names, json } = readArguments(process.argv.slice(2));
  const chosen = chooseSections(names);
  installMissing(fileURLToPath(new URL('../..', import.meta.url)), { tools: true });
  const { register } = await import('tsx/esm/api');
  register();

  /** @type {{ [section: string]: Row[] }} */
  const results = {};
  for (const name of chosen) {
    console.log(`\n${name} …`);
    const section = await loadSection(name);
    const rows = await section.run(console.log);
    results[section.name] = rows;
    console.log(table(rows));
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  const missed = Object.values(results)
    .flat()
    .filter((row) => !row.met);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
