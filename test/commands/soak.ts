import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../../signaling/launch/build.js';
import { kill } from '../soak/kill.ts';
import { leader } from '../soak/leader.ts';
import { lock } from '../soak/lock.ts';
import { quiet } from '../soak/quiet.ts';
import { reload } from '../soak/reload.ts';
import { keeps, type Finding, type Soak, type SoakOptions } from '../soak/soak.ts';
import { suspend } from '../soak/suspend.ts';
import { third } from '../soak/third.ts';
import { findOrFetchBrowser } from '../support/find-browser.js';

/**
 * `npm run soak -- NAME [--trials N] [--minutes N] [--split cut|blackhole]`: what takes real tabs longer
 * than `npm test` may take. Prints what happens and then what was found; exit code 0 if it keeps to what
 * is promised, 1 if not, 2 for a bad question.
 */

const SOAKS: { readonly [name: string]: Soak } = {
  kill,
  suspend,
  quiet,
  third,
  leader,
  reload,
  lock,
};

const MAX_TRIALS = 10_000;
const MAX_MINUTES = 24 * 60;

class BadQuestion extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trials: { type: 'string', default: '20' },
      minutes: { type: 'string', default: '10' },
      split: { type: 'string' },
    },
  });
  const [name = '', ...further] = positionals;
  const soak = Object.hasOwn(SOAKS, name) ? SOAKS[name] : undefined;
  if (soak === undefined || further.length > 0)
    throw new BadQuestion(`Say which: ${Object.keys(SOAKS).join(', ')}`);
  const options: SoakOptions = {
    trials: whole('trials', values.trials, MAX_TRIALS),
    minutes: whole('minutes', values.minutes, MAX_MINUTES),
    split: splitOf(values.split),
    tell: (line) => console.log(line),
  };
  findOrFetchBrowser();
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  const findings = await soak(options);
  for (const finding of findings) console.log(lineOf(finding));
  return findings.every(keeps) ? 0 : 1;
}

function lineOf(finding: Finding): string {
  const { figure, value, unit, atMost } = finding;
  const words = [figure.padEnd(40), String(Math.round(value)).padStart(8), unit.padEnd(2)];
  if (atMost !== null) words.push(`at most ${atMost}: ${keeps(finding) ? 'kept' : 'MISSED'}`);
  return words.join(' ').trimEnd();
}

function splitOf(text: string | undefined): SoakOptions['split'] {
  if (text === undefined) return null;
  if (text === 'cut' || text === 'blackhole') return text;
  throw new BadQuestion(`--split must be cut or blackhole, not '${text}'`);
}

function whole(option: string, text: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return number;
  throw new BadQuestion(`--${option} must be a whole number from 1 to ${max}, not '${text}'`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isTheirs =
    error instanceof BadQuestion || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(isTheirs ? (error as Error).message : error);
  process.exitCode = 2;
}
