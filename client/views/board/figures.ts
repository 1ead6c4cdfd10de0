import type { CostPicture } from '../../session/board/board-picture.ts';

/** '812', '14.1 k', '1.2 M'. */
export function bytes(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} k`;
  return `${(count / 1_000_000).toFixed(1)} M`;
}

/** '3 µs', '1.4 ms'. */
export function micros(each: number | null): string {
  if (each === null) return '–';
  if (each >= 1_000) return `${(each / 1_000).toFixed(1)} ms`;
  return each < 10 ? `${each.toFixed(1)} µs` : `${Math.round(each)} µs`;
}

/** What this node has told and been told, with what was needed to find out what was missing. */
export function carried({
  editBytes,
  receivedBytes,
  digestBytes,
  repairBytes,
}: CostPicture): number {
  return editBytes + receivedBytes + digestBytes + repairBytes;
}

/** Bytes that an engine keeps for each byte that people see; null while there is nothing to see. */
export function overhead({ stateBytes, contentBytes }: CostPicture): number | null {
  return contentBytes === 0 ? null : stateBytes / contentBytes;
}
