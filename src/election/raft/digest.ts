const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Of all that was said before, and this text: the same prefix gives the same number (FNV-1a). */
export function chained(before: number, text: string): number {
  let hash = Math.imul(before ^ BASIS, PRIME);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}
