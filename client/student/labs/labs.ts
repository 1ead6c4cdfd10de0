import type { Component } from 'svelte';
import type { Participant } from '../../session/participant.ts';

export interface Lab {
  readonly value: string;
  readonly name: string;
  /** Within a sentence. */
  readonly what: string;
  readonly from: () => Promise<{ readonly default: Component<{ participant: Participant }> }>;
}

/** What a student may try on the own node, each in place of the whole page. */
export const LABS: readonly [Lab, ...Lab[]] = [
  {
    value: 'merge',
    name: 'Merge',
    what: 'the merge lab',
    from: () => import('./MergeLab.svelte'),
  },
];
