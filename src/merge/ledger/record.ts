import type { Atom, EngineName, Operation, Provenance } from '../engine.ts';
import { idOf, kindOf, type Deed, type Intent, type IntentId } from '../intent.ts';

/** What one intent did in one engine, as its author's own board showed it. */
export interface Effect {
  /** So many atoms it put onto the board, numbered from 0, whether the board showed them or not. */
  readonly made: number;
  /** Just after it, its author's board showed all that it made. A clock that is behind can hide a write at once. */
  readonly shown: boolean;
  /** What its author's board had just before, and no more just after. */
  readonly took: readonly Atom[];
}

/** An intent, and what it did in each engine that its author has. */
export interface IntentRecord {
  readonly intent: Intent;
  readonly effects: ReadonlyMap<EngineName, Effect>;
}

/** How often each atom stands on a board, or in a field of it. */
export type AtomCounts = ReadonlyMap<IntentId, ReadonlyMap<number, number>>;

export function countAtoms(provenance: readonly Pick<Provenance, 'atoms'>[]): AtomCounts {
  const counts = new Map<IntentId, Map<number, number>>();
  for (const { atoms } of provenance) {
    for (const { intent, index } of atoms) {
      let ofIntent = counts.get(intent);
      if (ofIntent === undefined) counts.set(intent, (ofIntent = new Map()));
      ofIntent.set(index, (ofIntent.get(index) ?? 0) + 1);
    }
  }
  return counts;
}

export function timesOn(counts: AtomCounts, { intent, index }: Atom): number {
  return counts.get(intent)?.get(index) ?? 0;
}

/** What a deed puts onto a board: a typed text one atom for each of its UTF-16 units, as positions count them. */
export function atomsOf(deed: Deed): number {
  switch (deed.do) {
    case 'set':
    case 'increment':
    case 'add':
    case 'insert':
    case 'move':
      return 1;
    case 'type':
      return deed.text.length;
    case 'remove':
    case 'erase':
    case 'drop':
      return 0;
  }
}

/**
 * What an intent did, by comparing its author's board just before and just after: so it can be told
 * of every engine, whatever its rule is.
 *
 * @param operation what the engine answered; null where there was nothing to do
 */
export function effectOf(
  intent: Intent,
  operation: Operation | null,
  before: readonly Provenance[],
  after: readonly Provenance[],
): Effect {
  const { deed } = intent;
  const made = operation === null ? 0 : atomsOf(deed);
  const has = atomsIn(after, deed);
  const own = idOf(intent);
  const shown = new Set(has.flatMap((atom) => (atom.intent === own ? [atom.index] : [])));
  return { made, shown: shown.size >= made, took: missingFrom(has, atomsIn(before, deed)) };
}

function atomsIn(provenance: readonly Provenance[], deed: Deed): readonly Atom[] {
  const kind = kindOf(deed);
  return provenance.find((field) => field.kind === kind && field.key === deed.key)?.atoms ?? [];
}

/** Those of `had` that are nowhere in `has`. An edit leaves most of a long text as it was: that is passed over. */
function missingFrom(has: readonly Atom[], had: readonly Atom[]): Atom[] {
  let start = 0;
  const shorter = Math.min(has.length, had.length);
  while (start < shorter && sameAtom(has[start]!, had[start]!)) start += 1;
  let end = 0;
  while (end < shorter - start && sameAtom(has.at(-1 - end)!, had.at(-1 - end)!)) end += 1;

  const changed = had.slice(start, had.length - end);
  if (changed.length === 0) return [];
  const counts = countAtoms([{ atoms: has }]);
  const gone = countAtoms([{ atoms: changed.filter((atom) => timesOn(counts, atom) === 0) }]);
  return [...gone].flatMap(([intent, indexes]) =>
    Array.from(indexes.keys(), (index) => ({ intent, index })),
  );
}

function sameAtom(a: Atom, b: Atom): boolean {
  return a.index === b.index && a.intent === b.intent;
}

/**
 * The smallest piece of a board that one write can overwrite as a whole in some engine: a field, or of a
 * set one item.
 */
export function cellOf(deed: Deed): string {
  const item = deed.do === 'add' || deed.do === 'remove' ? deed.item : '';
  return JSON.stringify([kindOf(deed), deed.key, item]);
}
