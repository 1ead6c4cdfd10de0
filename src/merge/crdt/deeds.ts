import type { Dot } from '../dot.ts';
import type { Deed } from '../intent.ts';
import type { Change } from './change.ts';
import type { Fields } from './fields.ts';

/**
 * What a deed comes to where the board is as it is now. It changes nothing. Null if there is nothing
 * to do: nothing to remove, to erase, to drop or to move.
 */
export function changeBy(fields: Fields, dot: Dot, deed: Deed): Change | null {
  const { key } = deed;
  switch (deed.do) {
    case 'increment':
    case 'add':
      return deed;
    case 'set':
      return { ...deed, replaces: fields.value.peek(key).setting(dot, deed.value).replaces };
    case 'remove': {
      const { additions } = fields.set.peek(key).removing(dot, deed.item);
      return additions.length === 0 ? null : { ...deed, additions };
    }
    case 'type':
      return {
        do: 'type',
        key,
        place: fields.text.peek(key).placeAt(deed.position),
        text: deed.text,
      };
    case 'erase': {
      const ranges = fields.text.peek(key).rangesAt(deed.position, deed.count);
      return ranges.length === 0 ? null : { do: 'erase', key, ranges };
    }
    case 'insert': {
      const { place, text } = fields.list.peek(key).inserting(dot, deed.position, deed.item);
      return { do: 'insert', key, place, text };
    }
    case 'drop': {
      const drop = fields.list.peek(key).dropping(dot, deed.position);
      return drop && { do: 'drop', key, item: drop.item, replaces: drop.replaces };
    }
    case 'move': {
      const move = fields.list.peek(key).moving(dot, deed.from, deed.to);
      if (move === null) return null;
      return { do: 'move', key, item: move.item, replaces: move.replaces, place: move.place };
    }
  }
}

/** Changes come in causal order. */
export function applyChange(fields: Fields, dot: Dot, change: Change): void {
  const { key } = change;
  switch (change.do) {
    case 'set':
      return fields.value.touch(key).apply({ ...change, dot });
    case 'increment':
      return fields.counter.touch(key).apply({ ...change, dot });
    case 'add':
      return fields.set.touch(key).add({ ...change, dot });
    case 'remove':
      return fields.set.touch(key).remove({ ...change, dot });
    case 'type':
      fields.text.touch(key).insert(dot, change.place, change.text);
      return;
    case 'erase':
      for (const range of change.ranges) fields.text.touch(key).show(range, false);
      return;
    case 'insert':
      return fields.list.touch(key).insert({ ...change, dot });
    case 'drop':
      return fields.list.touch(key).drop({ ...change, dot });
    case 'move':
      return fields.list.touch(key).move({ ...change, dot });
  }
}
