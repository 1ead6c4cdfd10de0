/** A damaged frame has from 1 to this many bits flipped: a short disturbance, about one byte's worth. */
export const MAX_FLIPPED_BITS = 8;

/**
 * The bits that flip in a damaged frame: all different, so that no flip undoes another. An empty
 * frame has none.
 */
export function drawFlips(bytes: number, random: () => number): readonly number[] {
  const bits = bytes * 8;
  const count = Math.min(bits, 1 + Math.floor(random() * MAX_FLIPPED_BITS));
  const flips = new Set<number>();
  while (flips.size < count) flips.add(Math.floor(random() * bits));
  return [...flips];
}

/** Flips these bits in place; the bytes must be the caller's own. */
export function flipBits(bytes: Uint8Array, flips: readonly number[]): void {
  for (const bit of flips) bytes[bit >> 3]! ^= 1 << (bit & 7);
}
