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
  /** At which of its leader's beats a snapshot was sent. */
  installedAt = 0;
  /** Of messages with entries that were not answered yet, the last entry of each. */
  private inFlight: number[] = [];
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
    return this.inFlight.length < (this.mode === 'stream' ? maxInFlight : 1);
  }

  /** A message with the entries up to here is on its way; of probes only the newest counts. */
  sent(lastIndex: number): void {
    if (this.mode === 'probe') this.inFlight = [];
    this.inFlight.push(lastIndex);
  }

  /** Answers to what carried nothing come too, and make no room for what is still on its way. */
  matched(index: number): void {
    this.match = Math.max(this.match, index);
    this.next = Math.max(this.next, this.match + 1);
    const isUnderWay = (last: number) => this.mode === 'stream' && last > this.match;
    this.inFlight = this.inFlight.filter(isUnderWay);
    this.mode = 'stream';
  }

  /** Its log does not have what was thought; it may from `next` on. */
  probe(next: number): void {
    this.mode = 'probe';
    this.next = Math.max(this.match + 1, next);
    this.inFlight = [];
  }
}
