/**
 * Which frames are lost.
 *
 * - `independent`: each with the same probability, whatever happened to the one before.
 * - `bursts`: the model of Gilbert and Elliott. The link is in a good or a bad state, it may change
 *   with every frame, and each state has a loss of its own.
 *
 *                 goodToBad
 *         +------+ -------> +-----+
 *         | good |          | bad |
 *         +------+ <------- +-----+
 *       lossInGood badToGood  lossInBad
 */
export type Loss =
  | { readonly kind: 'independent'; readonly probability: number }
  | {
      readonly kind: 'bursts';
      readonly goodToBad: number;
      readonly badToGood: number;
      readonly lossInGood: number;
      readonly lossInBad: number;
    };

/**
 * Bursts in which every frame is lost, and none between them.
 *
 * @param share of all frames that is lost, below 1
 * @param meanLength of a burst in frames; at least share / (1 - share), or good spells would have
 *   to be shorter than one frame
 */
export function burstsOf(share: number, meanLength: number): Loss {
  return {
    kind: 'bursts',
    goodToBad: share / (meanLength * (1 - share)),
    badToGood: 1 / meanLength,
    lossInGood: 0,
    lossInBad: 1,
  };
}

/** Decides frame by frame. It begins in the good state. */
export class LossProcess {
  private readonly loss: Loss;
  private readonly random: () => number;
  private bad = false;

  constructor(loss: Loss, random: () => number) {
    this.loss = loss;
    this.random = random;
  }

  /** Is the next frame lost? */
  next(): boolean {
    const { loss } = this;
    if (loss.kind === 'independent') return this.random() < loss.probability;
    const changes = this.random() < (this.bad ? loss.badToGood : loss.goodToBad);
    if (changes) this.bad = !this.bad;
    return this.random() < (this.bad ? loss.lossInBad : loss.lossInGood);
  }
}
