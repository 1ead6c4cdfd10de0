/** Why a node has no disk, or has one no longer. */
export type DiskTrouble =
  /** The browser gives this page none: storage is switched off, or the window is a private one. */
  | 'refused'
  /** It did not open in time. */
  | 'blocked'
  /** There is no room left. */
  | 'full'
  /** A read or a write failed, or the browser took it away. */
  | 'broken';

export class DiskFailure extends Error {
  readonly trouble: DiskTrouble;

  constructor(trouble: DiskTrouble) {
    super(`the node's disk: ${trouble}`);
    this.trouble = trouble;
  }
}

export function troubleOf(error: unknown, otherwise: DiskTrouble = 'broken'): DiskTrouble {
  if (error instanceof DiskFailure) return error.trouble;
  return error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : otherwise;
}
