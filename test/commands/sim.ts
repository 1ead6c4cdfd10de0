import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { campaign, type Failure, type Simulation } from '../../src/simulator/campaign.ts';
import { SCENARIO_NAMES, simulationNamed } from '../support/simulations.ts';

/**
 * `npm run sim -- --scenario NAME --nodes N --seed S --seeds K`: runs K seeds from S on. Prints for
 * each failing seed what is wrong, the least faults that bring it about and the command that replays
 * it, and at the end one line for all. Exit 0 if all is well, 1 on a violation, 2 for a bad question.
 *
 * `--faults 0,3` runs with these faults of the seed's list alone. `--list` prints the scenarios.
 * `--history FILE` writes what the clients of the first seed did, for `npm run check -- FILE --model kv`.
 * `--scenario-file FILE` takes a `simulation` that a file exports in place of a named one.
 */

const MAX_NODES = 1_000;
const MAX_SEEDS = 1_000_000;

class BadQuestion extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      'scenario-file': { type: 'string' },
      nodes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '100' },
      faults: { type: 'string' },
      history: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) {
    for (const name of SCENARIO_NAMES) console.log(name);
    return 0;
  }
  const file = values['scenario-file'];
  const simulation = await (file === undefined ? named(values.scenario) : load(file));
  const nodes = whole('nodes', values.nodes, 2, MAX_NODES);
  const firstSeed = whole('seed', values.seed, 0, Number.MAX_SAFE_INTEGER - MAX_SEEDS);
  const seeds = whole('seeds', values.seeds, 1, MAX_SEEDS);
  const only = values.faults
    ?.split(',')
    .filter((text) => text !== '')
    .map((text) => whole('faults', text, 0, Number.MAX_SAFE_INTEGER));

  if (values.history !== undefined) {
    if (simulation.history === undefined)
      throw new BadQuestion(`${simulation.name} has no history for a checker`);
    writeFileSync(values.history, simulation.history(nodes, firstSeed, only));
  }

  const choice = file === undefined ? `--scenario ${simulation.name}` : `--scenario-file ${file}`;
  const onFailure = ({ seed, violations, faults }: Failure) => {
    const numbers = faults.map(({ number }) => number).join(',');
    const command = `npm run sim -- ${choice} --nodes ${nodes} --seed ${seed} --seeds 1 --faults=${numbers}`;
    // Only one rule is shown, so it need not be said with each way in which it was broken.
    const [first, ...further] = violations.flatMap(({ text }) => text.split('\n'));
    console.log(`seed ${seed}: ${violations[0]!.rule}: ${first}; ${command}`);
    for (const line of further) console.log(`  ${line}`);
    for (const { number, fault } of faults)
      console.log(`  fault ${number} ${JSON.stringify(fault)}`);
  };
  const { failed, hash } = campaign({ simulation, nodes, firstSeed, seeds, only, onFailure });
  console.log(`seeds ${seeds} failed ${failed} hash ${hash}`);
  return failed === 0 ? 0 : 1;
}

async function named(name: string | undefined): Promise<Simulation> {
  const found = await simulationNamed(name);
  if (found !== undefined) return found;
  throw new BadQuestion(`--scenario must be one of ${SCENARIO_NAMES.join(', ')}`);
}

async function load(file: string): Promise<Simulation> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { simulation?: Simulation };
  if (module.simulation === undefined) throw new BadQuestion(`${file} exports no 'simulation'`);
  return module.simulation;
}

function whole(option: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new BadQuestion(`--${option} must be a whole number from ${min} to ${max}, not '${text}'`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isTheirs =
    error instanceof BadQuestion || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(isTheirs ? (error as Error).message : error);
  process.exitCode = 2;
}
