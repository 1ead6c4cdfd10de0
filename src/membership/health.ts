/** Patience grows to nine times the usual and no more. As Lifeguard has it. */
export const MAX_SCORE = 8;

/**
 * How well this node itself is doing, by its own experience: Lifeguard's local health. Who does not
 * get what others get should first doubt itself, and wait longer before it blames anyone.
 */
export class Health {
  private points = 0;

  /** 0 is well. */
  get score(): number {
    return this.points;
  }

  /** Everything that this node waits for in vain, it waits so many times as long for. */
  get stretch(): number {
    return 1 + this.points;
  }

  answered(): void {
    this.change(-1);
  }

  /**
   * A probe found no answer. If those who were asked to help said that they got none either, all is
   * well here; each that said nothing speaks against this node.
   */
  unanswered(asked: number, refused: number): void {
    this.change(asked === 0 ? 1 : asked - refused);
  }

  /** A timer came late. */
  late(): void {
    this.change(1);
  }

  /** Others suspected this node: they may have had a reason. */
  accused(): void {
    this.change(1);
  }

  private change(by: number): void {
    this.points = Math.min(MAX_SCORE, Math.max(0, this.points + by));
  }
}
