import type { NodeId } from '../../src/vocabulary.ts';
import type { RuleOf, Step } from './network-steps.ts';
import {
  planSwizzle,
  swizzleChange,
  swizzlePeriod,
  type Pair,
  type SwizzleStep,
} from './swizzle.ts';

/** Cuts and heals the links of a class in turn until all had theirs, or it is stopped, or refused. */
export class Swizzler {
  /** Null while none runs. */
  progress = $state.raw<{ readonly done: number; readonly of: number } | null>(null);
  readonly #ruleOf: () => RuleOf;
  readonly #carryOut: (step: Step) => Promise<string | null>;
  #steps: readonly SwizzleStep[] = [];
  #down = new Set<Pair>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param carryOut answers null, or the sentence that says why not */
  constructor(ruleOf: () => RuleOf, carryOut: (step: Step) => Promise<string | null>) {
    this.#ruleOf = ruleOf;
    this.#carryOut = carryOut;
  }

  start(ids: readonly NodeId[], random: () => number): void {
    if (this.progress !== null) return;
    this.#steps = planSwizzle(ids, random);
    this.#down.clear();
    this.progress = { done: 0, of: this.#steps.length };
    void this.#next();
  }

  /** What is down at that moment comes up again. */
  async stop(): Promise<void> {
    if (this.progress === null) return;
    this.#end();
    for (const pair of this.#down) {
      this.#down.delete(pair);
      await this.#carryOut(swizzleChange({ cut: null, heal: pair }, this.#ruleOf()));
    }
  }

  async #next(): Promise<void> {
    const progress = this.progress;
    const step = progress === null ? undefined : this.#steps[progress.done];
    if (progress === null || step === undefined) return this.#end();
    if (step.heal !== null) this.#down.delete(step.heal);
    if (step.cut !== null) this.#down.add(step.cut);
    const problem = await this.#carryOut(swizzleChange(step, this.#ruleOf()));
    if (this.progress === null) return;
    if (problem !== null) return this.#end();
    this.progress = { done: progress.done + 1, of: progress.of };
    this.#timer = setTimeout(() => void this.#next(), swizzlePeriod(progress.of));
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.progress = null;
  }
}
