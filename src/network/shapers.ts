import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { CLEAR } from './conditions.ts';
import type { RandomSource } from './random-source.ts';
import { LinkRules, NO_RULES, type RulesDocument } from './rules-document.ts';
import { Shaper } from './shaper.ts';

/**
 * The shapers of many directions under one rules document. A direction keeps its shaper, and with it
 * its chance, while documents come and go. Where no rule ever spoke there is none, and no cost.
 */
export class Shapers {
  private readonly random: RandomSource;
  private readonly byDirection = new Map<string, Shaper>();
  private current = new LinkRules(NO_RULES);

  constructor(random: RandomSource) {
    this.random = random;
  }

  get rules(): LinkRules {
    return this.current;
  }

  /** Documents travel by many ways: one that is not newer than what is in force changes nothing. */
  adopt(document: RulesDocument, now: Milliseconds): boolean {
    if (document.version <= this.current.version) return false;
    const before = this.current;
    this.current = new LinkRules(document);
    for (const [key, shaper] of this.byDirection) {
      const [from, to] = key.split(' ') as [NodeId, NodeId];
      const conditions = this.current.conditions(from, to);
      const same = JSON.stringify(conditions) === JSON.stringify(before.conditions(from, to));
      if (!same) shaper.change(conditions ?? CLEAR, now);
    }
    return true;
  }

  get(from: NodeId, to: NodeId, now: Milliseconds): Shaper | null {
    const key = `${from} ${to}`;
    const known = this.byDirection.get(key);
    if (known !== undefined) return known;
    const conditions = this.current.conditions(from, to);
    if (conditions === undefined) return null;
    const shaper = new Shaper(conditions, this.random.fork(key), now);
    this.byDirection.set(key, shaper);
    return shaper;
  }
}
