/**
 * Twenty a second and an answer in a second, which is more than one node of a class asks another for;
 * and a node that hangs holds up twenty calls of each of the others, and not all that they have.
 */
export const OPEN_CALLS_A_NODE = 20;

/** Bounds the calls that are open towards one node, so that one that hangs leaves room for the others. */
export class Bulkhead {
  private inside = 0;

  /** False if it is full. Who entered leaves once. */
  enter(): boolean {
    if (this.inside === OPEN_CALLS_A_NODE) return false;
    this.inside += 1;
    return true;
  }

  leave(): void {
    this.inside -= 1;
  }

  get size(): number {
    return this.inside;
  }
}
