import type { Switcher } from './election-choice.ts';

/** What a class has chosen, without asking a server: each choice takes the place of the one before. */
export interface Turned {
  readonly turn: number;
  readonly by: Switcher;
}

/** Which of two stands: the later turn; of two at once, by an order that all nodes agree on. */
export function isNewer(a: Turned, b: Turned | null): boolean {
  if (b === null || a.turn !== b.turn) return a.turn > (b?.turn ?? 0);
  if (a.by.id !== b.by.id) return a.by.id > b.by.id;
  return a.by.life > b.by.life;
}

/** What runs by one choice, in a short text: the newest has the highest number before the point. */
export function groupOf({ turn, by }: Turned): string {
  return `${turn}.${by.id}.${by.life}`;
}
