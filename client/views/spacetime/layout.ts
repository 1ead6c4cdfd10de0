/** Names of 11 px stand under each other without touching. */
export const LEAST_PITCH_PX = 14;

/** Two lonely lifelines in a tall window are still read as neighbours. */
const MOST_PITCH_PX = 64;

/** For the seconds above the lifelines, and for the teacher's acts below them. */
const TOP_PX = 22;
const BOTTOM_PX = 22;
const RIGHT_PX = 12;

/** Where the lifelines are, on a canvas of so many CSS pixels. */
export class Layout {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  /** Names stand left of it. */
  readonly left: number;
  readonly right: number;
  readonly top = TOP_PX;
  readonly bottom: number;
  readonly pitch: number;

  /** @param namesPx how wide the widest name is */
  constructor(size: { width: number; height: number }, rows: number, namesPx: number) {
    this.width = size.width;
    this.height = heightFor(rows, size.height);
    this.rows = rows;
    this.left = Math.ceil(namesPx) + 24;
    this.right = Math.max(this.left + 1, this.width - RIGHT_PX);
    const free = this.height - TOP_PX - BOTTOM_PX;
    this.pitch = Math.min(MOST_PITCH_PX, free / Math.max(1, rows));
    this.bottom = TOP_PX + this.pitch * rows;
  }

  yOf(row: number): number {
    return TOP_PX + this.pitch * (row + 0.5);
  }

  /** The row that is nearest; undefined beside all of them. */
  rowAt(y: number): number | undefined {
    const row = Math.floor((y - TOP_PX) / this.pitch);
    return row >= 0 && row < this.rows ? row : undefined;
  }
}

/** Rows that do not fit into what there is make the canvas higher: then it is scrolled. */
export function heightFor(rows: number, available: number): number {
  return Math.max(available, TOP_PX + BOTTOM_PX + rows * LEAST_PITCH_PX);
}
