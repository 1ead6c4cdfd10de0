import type { Scalar } from '../intent.ts';
import { Counter } from './counter.ts';
import { MovableList } from './movable-list.ts';
import { ObservedRemoveSet } from './observed-remove-set.ts';
import { Register } from './register.ts';
import { Sequence } from './sequence.ts';

/** The board's fields by their keys, each the CRDT that fits its kind. */
export interface Fields {
  readonly value: Column<Register<Scalar>>;
  readonly counter: Column<Counter>;
  readonly set: Column<ObservedRemoveSet>;
  readonly text: Column<Sequence<string>>;
  readonly list: Column<MovableList>;
}

export function noFields(): Fields {
  return {
    value: new Column(() => new Register()),
    counter: new Column(() => new Counter()),
    set: new Column(() => new ObservedRemoveSet()),
    text: new Column(() => new Sequence('')),
    list: new Column(() => new MovableList()),
  };
}

/** All fields of one kind. */
export class Column<Field> {
  private readonly touched = new Map<string, Field>();
  private readonly make: () => Field;

  constructor(make: () => Field) {
    this.make = make;
  }

  /** To be looked at: one that nobody has touched is empty, and stays untouched. */
  peek(key: string): Field {
    return this.touched.get(key) ?? this.make();
  }

  /** To be changed. */
  touch(key: string): Field {
    const field = this.peek(key);
    this.touched.set(key, field);
    return field;
  }

  /** One entry for each field that was touched, in the order of their keys. */
  mapped<Shown>(show: (field: Field) => Shown): ReadonlyMap<string, Shown> {
    const keys = Array.from(this.touched.keys()).sort();
    return new Map(keys.map((key) => [key, show(this.touched.get(key)!)]));
  }
}
