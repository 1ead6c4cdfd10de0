import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';

/**
 * When a board compares, and with whom: once a second with one neighbour, in turn by chance. A
 * neighbour that has just come goes first, and soon, for behind its link there may be a whole part of
 * the room.
 */

/** What a link lost is found within a few of these. */
export const PERIOD_MS: Milliseconds = 1_000;

/** After something was repaired or a link opened: time for the answer before, and short for a person. */
export const SOON_MS: Milliseconds = 150;

/** Gaps grow by up to this share, so that nodes do not fall into step. */
const JITTER = 0.1;

export class Comparisons {
  private readonly host: Host<never>;
  private readonly compareWith: (neighbour: NodeId) => void;
  /** With whom soon. */
  private readonly urgent = new Set<NodeId>();
  private last: NodeId | null = null;
  private nextAt: Milliseconds = Infinity;
  private cancel: Cancel = () => {};
  private comparisons = 0;

  constructor(host: Host<never>, compareWith: (neighbour: NodeId) => void) {
    this.host = host;
    this.compareWith = compareWith;
  }

  get made(): number {
    return this.comparisons;
  }

  start(): void {
    this.arm(PERIOD_MS);
  }

  stop(): void {
    this.cancel();
    this.nextAt = Infinity;
  }

  soonWith(neighbour: NodeId): void {
    this.urgent.add(neighbour);
    this.soon();
  }

  soon(): void {
    if (this.host.monotonic() + SOON_MS * (1 + JITTER) < this.nextAt) this.arm(SOON_MS);
  }

  forget(neighbour: NodeId): void {
    this.urgent.delete(neighbour);
  }

  private arm(delay: Milliseconds): void {
    this.cancel();
    const wait = delay * (1 + JITTER * this.host.random());
    this.nextAt = this.host.monotonic() + wait;
    this.cancel = this.host.after(wait, () => {
      this.compare();
      this.arm(this.urgent.size > 0 ? SOON_MS : PERIOD_MS);
    });
  }

  private compare(): void {
    const partner = this.choose();
    if (partner === undefined) return;
    this.urgent.delete(partner);
    this.last = partner;
    this.comparisons += 1;
    this.compareWith(partner);
  }

  private choose(): NodeId | undefined {
    const [urgent] = this.urgent;
    if (urgent !== undefined) return urgent;
    const neighbours = this.host.neighbours();
    const others = neighbours.length > 1 ? neighbours.filter((id) => id !== this.last) : neighbours;
    return others[Math.floor(this.host.random() * others.length)];
  }
}
