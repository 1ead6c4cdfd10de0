import { vi } from 'vitest';
import type { Check } from './checks.ts';

/** One deliberate bug. It takes the place of some exports of a module, from the tests' side alone. */
export interface Mutant {
  readonly name: string;
  /** Below `src/`. */
  readonly module: string;
  readonly caughtBy: Check;
  /** Whether the same check also finds it when no fault is injected. */
  readonly withFaultsOff: 'caught' | 'missed';
  readonly replace: (original: unknown) => object;
}

/** @param replace makes the exports that differ, from what the module exports */
export function mutant<Module extends object>(
  description: Omit<Mutant, 'replace'>,
  replace: (original: Module) => Partial<Module>,
): Mutant {
  return { ...description, replace: (original) => replace(original as Module) };
}

/** Whatever imports the module from now on gets the mutant. */
export function switchIn({ module, replace }: Mutant): void {
  vi.doMock(pathOf(module), async (importOriginal) => {
    const original = await importOriginal<object>();
    return { ...original, ...replace(original) };
  });
}

export function switchOut({ module }: Mutant): void {
  vi.doUnmock(pathOf(module));
}

function pathOf(module: string): string {
  return new URL(`../../src/${module}`, import.meta.url).pathname;
}
