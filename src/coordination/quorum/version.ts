import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import type { Incarnation, Json, NodeId } from '../../vocabulary.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';

/** Which write a value comes from. Counts rise; of equal ones, who wrote decides. No two writes share one. */
export interface Version {
  readonly count: number;
  readonly by: NodeId;
  readonly life: Incarnation;
}

const counting = (max: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(max));

export const lifeSchema = counting(MAX_INCARNATION);

export const versionSchema = v.strictObject({
  count: counting(Number.MAX_SAFE_INTEGER),
  by: nodeIdSchema,
  life: lifeSchema,
});

/** Null is what has never been written. */
export function compareVersions(a: Version | null, b: Version | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.count !== b.count) return a.count - b.count;
  if (a.by !== b.by) return a.by > b.by ? 1 : -1;
  return a.life - b.life;
}

export function textOf({ count, by, life }: Version): string {
  return `${count}.${by}.${life}`;
}

/** What a copy holds, or a write brings: null where nothing was ever written. */
export interface Held {
  readonly version: Version | null;
  readonly value: Json;
}

export const NOTHING: Held = { version: null, value: null };

/**
 * Gives out counts above all that this node has seen. One counter for all keys: their counts have
 * gaps, and no two writes of a life share one, however many keys there are.
 */
export class VersionCounter {
  private highest = 0;

  saw(version: Version | null): void {
    this.highest = Math.max(this.highest, version?.count ?? 0);
  }

  next(): number {
    this.highest += 1;
    return this.highest;
  }
}
