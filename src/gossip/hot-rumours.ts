/**
 * What is worth telling: each rumour for so many rounds, counted from when this node learnt it. Then
 * it is cold, as if everybody knew.
 */
export class HotRumours<Rumour> {
  private readonly roundsLeft = new Map<Rumour, number>();
  private readonly rounds: number;
  private readonly limit: number;

  /** @param limit how many are hot at once; then the oldest goes cold */
  constructor(rounds: number, limit: number) {
    this.rounds = rounds;
    this.limit = limit;
  }

  get size(): number {
    return this.roundsLeft.size;
  }

  /** The oldest first. */
  all(): readonly Rumour[] {
    return [...this.roundsLeft.keys()];
  }

  add(rumour: Rumour): void {
    if (this.roundsLeft.size === this.limit) {
      this.roundsLeft.delete(this.roundsLeft.keys().next().value!);
    }
    this.roundsLeft.set(rumour, this.rounds);
  }

  /** A round is over for all that is hot. */
  age(): void {
    for (const [rumour, left] of this.roundsLeft) {
      if (left === 1) this.roundsLeft.delete(rumour);
      else this.roundsLeft.set(rumour, left - 1);
    }
  }
}
