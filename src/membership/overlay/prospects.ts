import { shuffled } from '../../runtime/shuffled.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { PassiveView } from './passive-view.ts';

/** Who is tried in vain again and again is dead, and the room has not noticed. */
const LONGEST_AVOID_MS: Milliseconds = 120_000;

/** Whom a node tries next when it needs a link: chance decides, so that calls spread over a class. */
export class Prospects {
  private readonly passive: PassiveView;
  private readonly random: () => number;
  private contacts: ReadonlySet<NodeId> = new Set();
  /** Who was tried in vain, or is held for dead: until when others are tried first, and for how long. */
  private readonly avoided = new Map<NodeId, { until: Milliseconds; forMs: Milliseconds }>();

  constructor(passive: PassiveView, random: () => number) {
    this.passive = passive;
    this.random = random;
  }

  /** Who could be linked to now. */
  know(contacts: ReadonlySet<NodeId>): void {
    this.contacts = contacts;
    this.passive.keep(contacts);
    for (const id of this.avoided.keys()) if (!contacts.has(id)) this.avoided.delete(id);
  }

  has(id: NodeId): boolean {
    return this.contacts.has(id);
  }

  /** For so long, and for twice as long as the last time. */
  avoid(id: NodeId, forMs: Milliseconds, now: Milliseconds): void {
    this.passive.delete(id);
    if (!this.contacts.has(id)) return;
    const before = this.avoided.get(id);
    const again = Math.max(forMs, before === undefined ? 0 : 2 * before.forMs);
    const bounded = Math.min(LONGEST_AVOID_MS, again);
    this.avoided.set(id, { until: now + bounded, forMs: bounded });
  }

  trust(id: NodeId): void {
    this.avoided.delete(id);
  }

  trustAll(): void {
    this.avoided.clear();
  }

  /**
   * Up to so many of those who `may` be chosen: at first from the passive view, then from all others,
   * and those to avoid last.
   */
  choose(count: number, may: (id: NodeId) => boolean, now: Milliseconds): NodeId[] {
    const passive = this.passive.sample(Infinity);
    const others = shuffled([...this.contacts], this.random).filter((id) => !this.passive.has(id));
    const mixed = [...passive, ...others].filter(may);
    const [good, bad] = [false, true].map((wanted) =>
      mixed.filter((id) => this.isAvoided(id, now) === wanted),
    );
    return [...good!, ...bad!].slice(0, count);
  }

  /** One of those who `may` be chosen, and whom there is no reason to avoid. */
  pick(may: (id: NodeId) => boolean, now: Milliseconds): NodeId | undefined {
    return this.choose(1, (id) => may(id) && !this.isAvoided(id, now), now)[0];
  }

  private isAvoided(id: NodeId, now: Milliseconds): boolean {
    return (this.avoided.get(id)?.until ?? -Infinity) > now;
  }
}
