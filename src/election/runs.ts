import type { Choice } from '../network/election-choice.ts';

/** Which of two stands: the later turn; of two at once, by an order that all nodes agree on. */
export function isNewer(a: Choice, b: Choice | null): boolean {
  if (b === null || a.turn !== b.turn) return a.turn > (b?.turn ?? 0);
  if (a.by.id !== b.by.id) return a.by.id > b.by.id;
  return a.by.life > b.by.life;
}

/** One run of an algorithm, in a short text: the newest has the highest number before the point. */
export function groupOf({ turn, by }: Choice): string {
  return `${turn}.${by.id}.${by.life}`;
}
