/** What a soak found, as a line of its table. */
export interface Finding {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What it has to keep to; null for a figure that is only told. */
  readonly atMost: number | null;
}

export interface SoakOptions {
  readonly trials: number;
  readonly minutes: number;
  /** In two halves of the class, parted in this way; null for a whole class. */
  readonly split: 'cut' | 'blackhole' | null;
  /** What happened, as it happens. */
  tell(line: string): void;
}

/** Real tabs, for as long as it takes. */
export type Soak = (options: SoakOptions) => Promise<Finding[]>;

export function keeps({ value, atMost }: Finding): boolean {
  return atMost === null || value <= atMost;
}
