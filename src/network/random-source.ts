/**
 * Where chance comes from: any seeded generator will do. `fork` makes a generator that depends on
 * the seed and the label alone, never on how much was drawn, so what one kind of fault draws does
 * not shift what another draws.
 */
export interface RandomSource {
  /** Uniform in [0, 1). A function of its own, so it can be handed on. */
  readonly next: () => number;
  fork(label: string): RandomSource;
}
