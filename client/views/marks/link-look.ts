import type { LinkState } from '../../../src/wire/link-messages.ts';
import type { ObservedLink } from '../../session/snapshots.ts';

/** How a whole link is drawn; `split` means that its two ends say different things. */
export type LinkLook = LinkState | 'split';

export const LINK_WORDS: { readonly [Look in LinkLook]: string } = {
  open: 'open',
  connecting: 'connecting',
  cut: 'cut by the teacher',
  closed: 'closed',
  split: 'only one end says it is open',
};

/** What each end says; an end that has said nothing is drawn as the other says. */
export interface Ends {
  readonly a: LinkState;
  readonly b: LinkState;
}

export function endsOf(link: Pick<ObservedLink, 'fromA' | 'fromB'>): Ends {
  const known = link.fromA ?? link.fromB ?? 'closed';
  return { a: link.fromA ?? known, b: link.fromB ?? known };
}

export function lookOfLink({ a, b }: Ends): LinkLook {
  if (a === b) return a;
  if (a === 'open' || b === 'open') return 'split';
  if (a === 'cut' || b === 'cut') return 'cut';
  return a === 'connecting' || b === 'connecting' ? 'connecting' : 'closed';
}
