import * as Y from 'yjs';
import type { BoardValue } from '../engine.ts';
import type { Deed, Kind, Scalar } from '../intent.ts';

/**
 * The board as a Yjs document, as an application would lay it out: a map for the values, one for the
 * counters, one for what is in sets, and a text or an array of its own for each text and list. Yjs has
 * no counter, so one is read and written; and none of its arrays moves an item, so it is taken out and
 * put in again.
 */
export class BoardDoc {
  readonly doc: Y.Doc;

  constructor(client: number) {
    this.doc = new Y.Doc({ guid: '' });
    this.doc.clientID = client;
  }

  get values(): Y.Map<unknown> {
    return this.doc.getMap('value');
  }

  get counters(): Y.Map<unknown> {
    return this.doc.getMap('counter');
  }

  /** Under `memberKey`; what is in no set any more is absent. */
  get members(): Y.Map<unknown> {
    return this.doc.getMap('set');
  }

  text(key: string): Y.Text {
    return this.doc.getText(`text:${key}`);
  }

  list(key: string): Y.Array<unknown> {
    return this.doc.getArray(`list:${key}`);
  }

  /** The keys of all texts, or lists, that were ever touched, here or elsewhere. */
  keysOf(kind: 'text' | 'list'): string[] {
    const prefix = `${kind}:`;
    // To ask Yjs for a type makes it; without an item in it nobody has touched it.
    return [...this.doc.share]
      .filter(([name, { _start }]) => name.startsWith(prefix) && _start !== null)
      .map(([name]) => name.slice(prefix.length))
      .sort();
  }

  counter(key: string): number {
    const count = this.counters.get(key);
    return typeof count === 'number' ? count : 0;
  }

  /** Within a transaction. Where there is nothing to do it does nothing. */
  perform(deed: Deed): void {
    switch (deed.do) {
      case 'set':
        this.values.set(deed.key, deed.value);
        return;
      case 'increment':
        this.counters.set(deed.key, this.counter(deed.key) + deed.by);
        return;
      case 'add':
        this.members.set(memberKey(deed.key, deed.item), true);
        return;
      case 'remove':
        this.members.delete(memberKey(deed.key, deed.item));
        return;
      case 'type': {
        const text = this.text(deed.key);
        return text.insert(Math.min(deed.position, text.length), deed.text);
      }
      case 'erase': {
        const text = this.text(deed.key);
        const from = Math.min(deed.position, text.length);
        return text.delete(from, Math.min(deed.count, text.length - from));
      }
      case 'insert': {
        const list = this.list(deed.key);
        return list.insert(Math.min(deed.position, list.length), [deed.item]);
      }
      case 'drop': {
        const list = this.list(deed.key);
        if (deed.position < list.length) list.delete(deed.position, 1);
        return;
      }
      case 'move': {
        const list = this.list(deed.key);
        const to = Math.min(deed.to, list.length - 1);
        if (deed.from >= list.length || to === deed.from) return;
        const item = list.get(deed.from);
        list.delete(deed.from, 1);
        list.insert(to, [item]);
      }
    }
  }

  value(): BoardValue {
    const sets = new Map<string, string[]>();
    for (const member of [...this.members._map.keys()].sort()) {
      const [key, item] = readMemberKey(member);
      const items = sets.get(key) ?? [];
      sets.set(key, items);
      if (this.members.has(member)) items.push(item);
    }
    for (const items of sets.values()) items.sort();
    return {
      value: new Map(
        sorted(this.values).map(([key, value]) => [key, isScalar(value) ? value : null]),
      ),
      counter: new Map(sorted(this.counters).map(([key]) => [key, this.counter(key)])),
      set: sets,
      text: new Map(this.keysOf('text').map((key) => [key, this.text(key).toString()])),
      list: new Map(this.keysOf('list').map((key) => [key, this.list(key).toArray().map(String)])),
    };
  }
}

/** How a member of a set stands in the map of all sets: the key's length, so that both can be told apart. */
export function memberKey(key: string, item: string): string {
  return `${key.length}:${key}${item}`;
}

/** Of anything; what `memberKey` never wrote comes out as the member of some set. */
export function readMemberKey(member: string): readonly [key: string, item: string] {
  const from = member.indexOf(':') + 1;
  const to = from + Number.parseInt(member, 10);
  return [member.slice(from, to), member.slice(to)];
}

/** In which of the document's types the fields of a kind stand; a text and a list each in its own. */
export const MAP_KINDS = ['value', 'counter', 'set'] as const satisfies readonly Kind[];

function sorted(map: Y.Map<unknown>): [string, unknown][] {
  return [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
