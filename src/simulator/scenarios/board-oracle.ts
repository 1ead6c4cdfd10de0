import { clientOf } from '../../merge/yjs/client-of.ts';
import type { EngineName } from '../../merge/engine.ts';
import type { Deed } from '../../merge/intent.ts';
import type { Fate } from '../../merge/ledger/ledger.ts';
import type { NodeId } from '../../vocabulary.ts';

/**
 * Who knows all: what has to become of every edit by the plain model of a rule, from what each author
 * wanted, by its clock, and had heard of. Nothing of the engines is in it, and nothing of the ledger.
 */

/** An edit as the scenario saw it made. */
export interface Made {
  readonly id: string;
  readonly node: NodeId;
  readonly life: number;
  readonly number: number;
  readonly wall: number;
  readonly deed: Deed;
  /** What its author's board had heard of before. */
  readonly knew: ReadonlySet<string>;
}

/** What stands in a field, piece by piece, in order: `id index`. */
type Content = readonly string[];

/** Which edits a rule can tell the fate of, and which it is. */
export type Oracle = (all: readonly Made[]) => ReadonlyMap<string, Fate>;

/** What each edit took knowingly, and what stands in the end. */
interface Outcome {
  readonly took: ReadonlyMap<string, Content>;
  readonly board: Content;
  /** Edits that found something to do. */
  readonly done: ReadonlySet<string>;
}

/** Last write wins by the wall clock: sort by it, and let everyone do what they wanted to what they saw. */
export const lastWriteWins: Oracle = (all) =>
  new Map(cellsOf(all).flatMap((cell) => [...fates(cell, byStamps(cell))]));

/** Where nothing concurrent is lost, a value, an increment or an item goes only by who knew of it. */
const keepsAll = (replacing: readonly Deed['do'][]) =>
  ofCells((cell) => byKnowledge(cell, replacing));

/** Of texts and lists it says nothing. */
function ofCells(outcomeOf: (cell: readonly Made[]) => Outcome): Oracle {
  return (all) =>
    new Map(
      cellsOf(all)
        .filter(([first]) => ['set', 'increment', 'add', 'remove'].includes(first!.deed.do))
        .flatMap((cell) => [...fates(cell, outcomeOf(cell))]),
    );
}

/** What each engine is held against. Siblings are only asked to agree and to lose nothing. */
export const ORACLES: ReadonlyMap<EngineName, Oracle> = new Map([
  ['lww', lastWriteWins],
  ['crdt', keepsAll(['set', 'remove'])],
  // An item that is added again is written anew.
  ['automerge', keepsAll(['set', 'remove', 'add'])],
  ['yjs', ofCells(byClients)],
]);

function byStamps(cell: readonly Made[]): Outcome {
  const writes: Made[] = [];
  const contents = new Map<string, Content>();
  const took = new Map<string, Content>();
  // Whoever knew of another knew of more.
  for (const made of [...cell].sort((a, b) => a.knew.size - b.knew.size)) {
    const known = writes.filter(({ id }) => made.knew.has(id));
    const before = shownOf(known, contents);
    const wanted = carriedOut(made, before);
    if (wanted === null) continue;
    contents.set(made.id, wanted);
    writes.push(made);
    const after = shownOf([...known, made], contents);
    took.set(made.id, before.filter((atom) => !after.includes(atom))); // prettier-ignore
  }
  const done = new Set(writes.map(({ id }) => id));
  return { took, board: shownOf(writes, contents), done };
}

/** Of a set's item all additions that no removal of a higher stamp takes away; else the highest write. */
function shownOf(writes: readonly Made[], contents: ReadonlyMap<string, Content>): Content {
  const sorted = [...writes].sort(byStamp);
  if (!isItem(sorted[0]?.deed)) return contents.get(sorted.at(-1)?.id ?? '') ?? [];
  const removal = sorted.findLastIndex(({ deed }) => deed.do === 'remove');
  return sorted.slice(removal + 1).map(({ id }) => `${id} 0`);
}

function byStamp(a: Made, b: Made): number {
  if (a.wall !== b.wall) return a.wall - b.wall;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.life - b.life || a.number - b.number;
}

function byKnowledge(cell: readonly Made[], replacing: readonly Deed['do'][]): Outcome {
  const stands = (known: readonly Made[]) =>
    known
      .filter(({ id, deed }) => isMaking(deed) && !known.some((other) => replaces(other, id)))
      .map(({ id }) => `${id} 0`);
  const replaces = ({ deed, knew }: Made, id: string) =>
    replacing.includes(deed.do) && knew.has(id);
  const took = cell.map((made) => {
    const known = cell.filter(({ id }) => made.knew.has(id));
    const after = stands([...known, made]);
    return [made.id, stands(known).filter((atom) => !after.includes(atom))] as const;
  });
  return { took: new Map(took), board: stands(cell), done: new Set(cell.map(({ id }) => id)) };
}

/**
 * A map of Yjs: each write comes upon another, that which its author was shown. Of those that came upon
 * the same the one of the highest client is shown, or what came upon that; all others are gone. Who
 * removes, removes what is shown, and whoever writes later still comes upon it.
 */
function byClients(cell: readonly Made[]): Outcome {
  const upon = new Map<string, Made[]>();
  const contents = new Map<string, Content>();
  const removed = new Map<string, string>();
  const took = new Map<string, Content>();
  const newestOf = (known: ReadonlySet<string>): string => {
    let newest = '';
    for (;;) {
      const next = (upon.get(newest) ?? []).filter(({ id }) => known.has(id));
      if (next.length === 0) return newest;
      newest = next.reduce((a, b) => (clientOf(a) > clientOf(b) ? a : b)).id;
    }
  };
  const shownTo = (known: ReadonlySet<string>): Content => {
    const newest = newestOf(known);
    const isRemoved = [...removed].some(([by, what]) => what === newest && known.has(by));
    return isRemoved ? [] : (contents.get(newest) ?? []);
  };
  for (const made of [...cell].sort((a, b) => a.knew.size - b.knew.size)) {
    const { id, deed, knew } = made;
    const before = shownTo(knew);
    const newest = newestOf(knew);
    if (deed.do === 'remove') removed.set(id, newest);
    else {
      upon.set(newest, [...(upon.get(newest) ?? []), made]);
      contents.set(id, [...(deed.do === 'increment' ? before : []), `${id} 0`]);
    }
    const after = shownTo(new Set([...knew, id]));
    took.set(id, before.filter((atom) => !after.includes(atom))); // prettier-ignore
  }
  const all = new Set(cell.map(({ id }) => id));
  return { took, board: shownTo(all), done: all };
}

function fates(cell: readonly Made[], { took, board, done }: Outcome): ReadonlyMap<string, Fate> {
  const taken = new Set([...took.values()].flat());
  const times = (atom: string) => board.filter((other) => other === atom).length;
  const fateOf = ({ id, deed }: Made): Fate => {
    const atoms = Array.from({ length: done.has(id) ? sizeOf(deed) : 0 }, (_, i) => `${id} ${i}`);
    const gone = atoms.filter((atom) => times(atom) === 0);
    if (gone.some((atom) => !taken.has(atom))) return 'lost';
    if (atoms.some((atom) => times(atom) > 1)) return 'doubled';
    if (took.get(id)?.some((atom) => times(atom) > 0)) return 'resurrected';
    return gone.length > 0 ? 'superseded' : 'visible';
  };
  return new Map(cell.map((made) => [made.id, fateOf(made)]));
}

/** Null where there is nothing to do. */
function carriedOut({ id, deed }: Made, before: Content): Content | null {
  const rest = [...before];
  switch (deed.do) {
    case 'set':
      return [`${id} 0`];
    case 'increment':
      return [...before, `${id} 0`];
    case 'add':
    case 'remove':
      return [];
    case 'type':
      rest.splice(deed.position, 0, ...Array.from({ length: deed.text.length }, (_, i) => `${id} ${i}`)); // prettier-ignore
      return rest;
    case 'insert':
      rest.splice(deed.position, 0, `${id} 0`);
      return rest;
    case 'erase':
      return rest.splice(deed.position, deed.count).length > 0 ? rest : null;
    case 'drop':
      return rest.splice(deed.position, 1).length > 0 ? rest : null;
    case 'move':
      if (rest.splice(deed.from, 1).length === 0) return null;
      rest.splice(deed.to, 0, `${id} 0`);
      return rest;
  }
}

/** Edits of one field, or of a set of one item. */
function cellsOf(all: readonly Made[]): Made[][] {
  const cells = new Map<string, Made[]>();
  for (const made of all) {
    const { deed } = made;
    const name = JSON.stringify([KIND[deed.do], deed.key, isItem(deed) ? deed.item : null]);
    cells.set(name, [...(cells.get(name) ?? []), made]);
  }
  return [...cells.values()];
}

const KIND: { readonly [Do in Deed['do']]: string } = {
  ...{ set: 'value', increment: 'counter', add: 'set', remove: 'set' },
  ...{ type: 'text', erase: 'text', insert: 'list', drop: 'list', move: 'list' },
};

function isItem(deed: Deed | undefined): deed is Extract<Deed, { do: 'add' | 'remove' }> {
  return deed?.do === 'add' || deed?.do === 'remove';
}

function isMaking(deed: Deed): boolean {
  return sizeOf(deed) > 0;
}

function sizeOf(deed: Deed): number {
  if (deed.do === 'type') return deed.text.length;
  return deed.do === 'remove' || deed.do === 'erase' || deed.do === 'drop' ? 0 : 1;
}
