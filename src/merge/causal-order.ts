import type { IntentId } from './intent.ts';

/** What can only be done once others of it have been. */
interface Dependent {
  readonly id: IntentId;
}

/**
 * Does each thing after all that it depends on, whatever order they come in. What has to wait is
 * counted as pending and has changed nothing.
 */
export class CausalOrder<Item extends Dependent> {
  private readonly needs: (item: Item) => readonly IntentId[];
  private readonly perform: (item: Item) => void;
  private readonly done = new Set<IntentId>();
  /** By one that they lack: they may turn out to lack another when that has come. */
  private readonly waiting = new Map<IntentId, Item[]>();
  private waitingCount = 0;

  /** @param perform must not take further items */
  constructor(needs: (item: Item) => readonly IntentId[], perform: (item: Item) => void) {
    this.needs = needs;
    this.perform = perform;
  }

  get pending(): number {
    return this.waitingCount;
  }

  /** Each item once. */
  take(item: Item): void {
    const due = [item];
    for (let next = due.pop(); next !== undefined; next = due.pop()) {
      const lacking = this.needs(next).find((id) => !this.done.has(id));
      if (lacking !== undefined) {
        this.hold(next, lacking);
        continue;
      }
      this.perform(next);
      this.done.add(next.id);
      due.push(...this.release(next.id));
    }
  }

  private hold(item: Item, lacking: IntentId): void {
    const others = this.waiting.get(lacking);
    if (others === undefined) this.waiting.set(lacking, [item]);
    else others.push(item);
    this.waitingCount += 1;
  }

  private release(id: IntentId): readonly Item[] {
    const items = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    this.waitingCount -= items.length;
    return items;
  }
}
