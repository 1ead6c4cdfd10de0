import { MUTANT } from '../support/run-arguments.js';
import { switchIn } from './mutant.ts';
import { MUTANTS } from './mutants.ts';

/** Runs before each file of tests of `npm test -- --mutant NAME`, and never else. */
const found = MUTANTS.find(({ name }) => name === process.env[MUTANT]);
if (found === undefined) {
  const names = MUTANTS.map(({ name }) => name).join(', ');
  throw new Error(`There is no mutant ${process.env[MUTANT]}. There are: ${names}.`);
}
switchIn(found);
