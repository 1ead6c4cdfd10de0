import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../../src/checkers/explain.ts';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, registerModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';

/** The exit codes are for scripts. Whatever is no verdict goes to standard error. */
const EXIT = { linearizable: 0, notLinearizable: 1, unreadable: 2, undecided: 3 };

const USAGE = `npm run check -- FILE --model register|kv

Is the history in FILE linearizable? Exit code ${EXIT.linearizable} if it is, ${EXIT.notLinearizable} if it is not,
${EXIT.unreadable} if the question cannot be read, ${EXIT.undecided} if the answer would need too much memory.
src/checkers/README.md describes the two notations of a history.`;

const MODELS = new Map([
  ['register', { parse: parseRegisterHistory, model: registerModel }],
  ['kv', { parse: parseKeyValueHistory, model: keyValueModel }],
]);

/** The question itself is wrong; the message says how. */
class Unreadable extends Error {}

function readQuestion(args: readonly string[]) {
  // Whoever starts this without npm may leave npm's own separator in.
  const own = args[0] === '--' ? args.slice(1) : [...args];
  let parsed;
  try {
    parsed = parseArgs({
      args: own,
      options: { model: { type: 'string' }, help: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Unreadable(`${(error as Error).message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    throw new Unreadable(`Name one file; there are ${positionals.length}.\n\n${USAGE}`);
  }
  const model = MODELS.get(values.model ?? '');
  if (model === undefined) {
    throw new Unreadable(
      `Say which model: --model ${[...MODELS.keys()].join(' or ')}.\n\n${USAGE}`,
    );
  }
  return { file, ...model };
}

function readText(file: string): string {
  // npm runs its scripts in the project's folder and says here where the person is.
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  try {
    return readFileSync(resolve(script === 'check' && folder ? folder : '.', file), 'utf8');
  } catch (error) {
    throw new Unreadable(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** @returns the exit code */
function check(args: readonly string[]): number {
  const question = readQuestion(args);
  if (question === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { file, parse, model } = question;
  const parsed = parse(readText(file));
  if (!parsed.ok) throw new Unreadable(`${file}, line ${parsed.line}: ${parsed.problem}`);
  const result = checkLinearizability(parsed.history, model);
  switch (result.verdict) {
    case 'linearizable':
      console.log(result.verdict);
      return EXIT.linearizable;
    case 'not linearizable':
      console.log(result.verdict);
      console.log(explain(result.witness, model, (line) => `line ${line}`));
      return EXIT.notLinearizable;
    case 'undecided':
      console.error(
        'undecided: too many operations overlap to try all their orders in the memory that a check may take. Check a shorter part of the history.',
      );
      return EXIT.undecided;
  }
}

try {
  process.exitCode = check(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  console.error(error.message);
  process.exitCode = EXIT.unreadable;
}
