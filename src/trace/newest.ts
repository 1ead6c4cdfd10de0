/** Keeps so many of what was put in last. */
export class Newest<T> {
  private readonly ring: T[] = [];
  private readonly capacity: number;
  private next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.ring.length;
  }

  /** @returns what made room for it, if anything had to */
  put(item: T): T | undefined {
    const oldest = this.ring[this.next];
    this.ring[this.next] = item;
    this.next = (this.next + 1) % this.capacity;
    return oldest;
  }
}
