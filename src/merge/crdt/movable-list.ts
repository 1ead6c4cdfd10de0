import type { Dot } from '../dot.ts';
import { idOf, type IntentId } from '../intent.ts';
import { Register, type RegisterChange } from './register.ts';
import type { ElementId } from './run.ts';
import { Sequence, type Place } from './sequence.ts';

export interface Insertion {
  readonly dot: Dot;
  readonly place: Place;
  readonly text: string;
}

/** An item is named by the dot of its insertion, for as long as it lives. */
export interface Drop {
  readonly dot: Dot;
  readonly item: Dot;
  /** By which insertion or moves it stood where the author saw it. */
  readonly replaces: readonly Dot[];
}

export interface Move extends Drop {
  readonly place: Place;
}

interface Item {
  readonly id: Dot;
  readonly text: string;
  readonly position: Register<ElementId>;
  /** The one of its places at which people see it. */
  shownAt: ElementId | null;
}

/**
 * A list whose items can be moved (Kleppmann, 2020). A move is no drop and new insertion, which two
 * people at once would turn into two items: the sequence holds places, each item has a register that
 * says at which place it stands, and a move writes that register. The old place stays, and is empty.
 *
 * Two moves at once leave both places in the register. The item is seen at one of them, the same
 * everywhere, and the other is kept as a conflict until somebody moves or drops the item again. A
 * drop clears the register of what its author saw, so an item that is moved at the same time stays.
 *
 * Changes come in causal order, once or more often.
 */
export class MovableList {
  private readonly places = new Sequence<readonly Item[]>([]);
  private readonly items = new Map<IntentId, Item>();

  get length(): number {
    return this.places.length;
  }

  /** Before what people see at `position`. Nothing happens until it is applied. */
  inserting(dot: Dot, position: number, text: string): Insertion {
    return { dot, place: this.places.placeAt(position), text };
  }

  /** Null if nothing stands there. */
  dropping(dot: Dot, position: number): Drop | null {
    const item = this.places.at(position)?.[0];
    return item === undefined ? null : { ...item.position.clearing(dot), item: item.id };
  }

  /** So that the item from position `from` stands at `to` when it has been taken out. */
  moving(dot: Dot, from: number, to: number): Move | null {
    const place = this.places.placeAt(to > from ? to + 1 : to);
    const drop = this.dropping(dot, from);
    return drop && { ...drop, place };
  }

  insert({ dot, place, text }: Insertion): void {
    const id = idOf(dot);
    if (this.items.has(id)) return;
    const item: Item = { id: dot, text, position: new Register(), shownAt: null };
    this.items.set(id, item);
    this.write(item, dot, place, []);
  }

  move({ dot, item, replaces, place }: Move): void {
    const moved = this.items.get(idOf(item));
    if (moved !== undefined) this.write(moved, dot, place, replaces);
  }

  drop({ dot, item, replaces }: Drop): void {
    const dropped = this.items.get(idOf(item));
    if (dropped !== undefined) this.settle(dropped, { dot, replaces });
  }

  get texts(): readonly string[] {
    return this.shown.map(({ text }) => text);
  }

  /** By which insertion or moves each item stands where it is: more than one where they conflict. */
  get standing(): readonly (readonly Dot[])[] {
    return this.shown.map(({ position }) => position.siblings.map(({ dot }) => dot));
  }

  private get shown(): readonly Item[] {
    return Array.from(this.places.visible()).flat();
  }

  private write(item: Item, dot: Dot, place: Place, replaces: readonly Dot[]): void {
    const value = this.places.insert(dot, place, [item], false);
    if (value !== null) this.settle(item, { dot, replaces, value });
  }

  /** Shows the item at the last of its places by their dots, and at no other. */
  private settle(item: Item, change: RegisterChange<ElementId>): void {
    item.position.apply(change);
    const winner = item.position.siblings.at(-1)?.value ?? null;
    if (winner === item.shownAt) return;
    if (item.shownAt !== null) this.places.show({ ...item.shownAt, length: 1 }, false);
    if (winner !== null) this.places.show({ ...winner, length: 1 }, true);
    item.shownAt = winner;
  }
}
