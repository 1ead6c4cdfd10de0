/**
 * How far a leader knows another member's log to be, and how it goes on.
 *
 *     probe  -- they agree at a place -->  stream  -- it lacks what is in the snapshot -->  install
 *       ^                                   |                                                |
 *       +--- they do not agree where I ---- +                  stream <-- it has it ---------+
 *            thought they did
 */
export class Progress {
  mode: 'probe' | 'stream' | 'install' = 'probe';
  /** They are the same up to here. */
  match = 0;
  /** The first entry to send. */
  next: number;
  /** Messages with entries, or a probe or a snapshot, that were not answered yet. */
  inFlight = 0;
  /** At which of its leader's beats a snapshot was sent. */
  installedAt = 0;
  /** The newest round that it has answered. */
  round = 0;
  /** It has said something since it was last asked for. */
  heard = true;
  /** For how many checks in a row it was silent. */
  silentChecks = 0;

  constructor(next: number) {
    this.next = next;
  }

  canSend(maxInFlight: number): boolean {
    return this.inFlight < (this.mode === 'stream' ? maxInFlight : 1);
  }

  matched(index: number): void {
    this.match = Math.max(this.match, index);
    this.next = Math.max(this.next, this.match + 1);
    this.mode = 'stream';
    // All that was sent has arrived, even where some of the answers did not.
    const isAll = this.match + 1 >= this.next;
    this.inFlight = isAll ? 0 : Math.max(0, this.inFlight - 1);
  }

  /** Its log does not have what was thought; it may from `next` on. */
  probe(next: number): void {
    this.mode = 'probe';
    this.next = Math.max(this.match + 1, next);
    this.inFlight = 0;
  }
}
