import type { Rule } from '../../../src/network/composed-rule.ts';

/** How one direction of a link is drawn: the worst of what befalls it. */
export type WayLook = 'clear' | 'slow' | 'lossy' | 'garbled' | 'blackhole' | 'cut';

export const WAY_WORDS: { readonly [Look in WayLook]: string } = {
  clear: 'as good as it is',
  slow: 'slow',
  lossy: 'lossy',
  garbled: 'doubles, swaps or damages',
  blackhole: 'a black hole: open, but nothing arrives',
  cut: 'cut by the teacher',
};

export function lookOfWay(rule: Rule): WayLook {
  const { cut, blackhole, loss = 0, duplicate = 0, reorder = 0, corrupt = 0, latencyMs = 0 } = rule;
  if (cut === true) return 'cut';
  if (blackhole === true) return 'blackhole';
  if (loss > 0) return 'lossy';
  if (duplicate + reorder + corrupt > 0) return 'garbled';
  return latencyMs > 0 || rule.bytesPerSecond !== undefined ? 'slow' : 'clear';
}
