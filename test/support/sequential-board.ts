import type { BoardValue } from '../../src/merge/engine.ts';
import type { Deed, Scalar } from '../../src/merge/intent.ts';

/** A board that one person edits, by the plainest means: what every engine shows as long as nothing is concurrent. */
export class SequentialBoard {
  private readonly values = new Map<string, Scalar>();
  private readonly counters = new Map<string, number>();
  private readonly sets = new Map<string, Set<string>>();
  private readonly texts = new Map<string, string>();
  private readonly lists = new Map<string, string[]>();

  edit(deed: Deed): void {
    const { key } = deed;
    const text = this.texts.get(key) ?? '';
    const list = this.lists.get(key) ?? [];
    const set = this.sets.get(key) ?? new Set();
    if (deed.do === 'set') this.values.set(key, deed.value);
    if (deed.do === 'increment') this.counters.set(key, (this.counters.get(key) ?? 0) + deed.by);
    if (deed.do === 'add') this.sets.set(key, set.add(deed.item));
    if (deed.do === 'remove') set.delete(deed.item);
    if (deed.do === 'type') {
      const { position } = deed;
      this.texts.set(key, text.slice(0, position) + deed.text + text.slice(position));
    }
    if (deed.do === 'erase' && text !== '') {
      const { position, count } = deed;
      this.texts.set(key, text.slice(0, position) + text.slice(position + count));
    }
    if (deed.do === 'insert') this.lists.set(key, list.toSpliced(deed.position, 0, deed.item));
    if (deed.do === 'drop' && list.length > 0) {
      this.lists.set(key, list.toSpliced(deed.position, 1));
    }
    if (deed.do === 'move' && deed.from < list.length) {
      this.lists.set(key, list.toSpliced(deed.from, 1).toSpliced(deed.to, 0, list[deed.from]!));
    }
  }

  /** Without what is empty: whether an untouched field is one that only ever lost something is left open. */
  value(): BoardValue {
    const sets = Array.from(this.sets, ([key, set]) => [key, [...set].sort()] as const);
    return filled({
      value: this.values,
      counter: this.counters,
      set: new Map(sets),
      text: this.texts,
      list: this.lists,
    });
  }
}

export function filled({ value, counter, set, text, list }: BoardValue): BoardValue {
  return { value, counter, set: nonEmpty(set), text: nonEmpty(text), list: nonEmpty(list) };
}

function nonEmpty<Value extends { readonly length: number }>(map: ReadonlyMap<string, Value>) {
  return new Map([...map].filter(([, { length }]) => length > 0));
}
