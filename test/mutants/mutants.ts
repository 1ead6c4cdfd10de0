import { CORE_MUTANTS } from './core-mutants.ts';
import type { Mutant } from './mutant.ts';
import { PROTOCOL_MUTANTS } from './protocol-mutants.ts';
import { REQUESTS_MUTANTS } from './requests-mutants.ts';
import { REGISTER_MUTANTS } from './register-mutants.ts';

/** All of them. README.md tells what each gets wrong, and which tests would let it pass. */
export const MUTANTS: readonly Mutant[] = [
  ...CORE_MUTANTS,
  ...PROTOCOL_MUTANTS,
  ...REGISTER_MUTANTS,
  ...REQUESTS_MUTANTS,
];
