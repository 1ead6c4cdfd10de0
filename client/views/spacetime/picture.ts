import type { Stretch } from './lifelines.ts';
import type { Shape } from './glyphs.ts';
import type { Tick } from './ticks.ts';

/** How strongly something is drawn: all alike, or as it stands to the selected event. */
export type Weight = 'faint' | 'plain' | 'future' | 'past';

/** What stands apart is drawn last. */
export const WEIGHTS: readonly Weight[] = ['faint', 'plain', 'future', 'past'];

/** `copy` is a message's second arrival; `under-way` one whose fate nobody knows yet. */
export type Way = 'arrived' | 'copy' | 'lost' | 'under-way';

export interface LineLook {
  readonly way: Way;
  readonly color: string;
  readonly weight: Weight;
  /** Of a protocol that always goes on. */
  readonly quiet: boolean;
}

export interface MarkLook {
  readonly shape: Shape;
  readonly color: string;
  readonly weight: Weight;
  readonly quiet: boolean;
}

/** Lines of one look: four figures each, both ends. */
export type Lines = LineLook & { readonly ends: number[] };

/** Marks of one look: two figures each. */
export type Marks = MarkLook & { readonly places: number[] };

export interface DrawnStretch extends Pick<Stretch, 'state'> {
  readonly x1: number;
  readonly x2: number;
}

export interface DrawnRow {
  readonly y: number;
  readonly stretches: readonly DrawnStretch[];
}

/** All that is drawn of one window, in CSS pixels: geometry, no words but those of the network's orders. */
export interface Picture {
  readonly rows: readonly DrawnRow[];
  readonly lines: readonly Lines[];
  readonly marks: readonly Marks[];
  readonly orders: readonly { readonly x: number; readonly title: string }[];
  readonly folds: readonly { readonly x: number; readonly ms: number }[];
  readonly ticks: readonly (Tick & { readonly x: number })[];
  /** The chain between two selected events. */
  readonly path: readonly { readonly x: number; readonly y: number }[];
  readonly selected: readonly { readonly x: number; readonly y: number }[];
  /** Where time stands, if that is in the window. */
  readonly nowX: number | null;
  /** Of so many messages in the window, so many are drawn. */
  readonly messages: number;
  readonly drawn: number;
}

/** Collects what looks alike, so that it is drawn with one stroke. */
export class Looks {
  private readonly byLine = new Map<string, Map<string, Lines>>();
  private readonly byMark = new Map<string, Map<string, Marks>>();

  lines(look: LineLook): number[] {
    const looks = inner(this.byLine, look.color);
    const key = look.way + look.weight + look.quiet;
    let lines = looks.get(key);
    if (lines === undefined) looks.set(key, (lines = { ...look, ends: [] }));
    return lines.ends;
  }

  marks(look: MarkLook): number[] {
    const looks = inner(this.byMark, look.color);
    const key = look.shape + look.weight + look.quiet;
    let marks = looks.get(key);
    if (marks === undefined) looks.set(key, (marks = { ...look, places: [] }));
    return marks.places;
  }

  allLines(): Lines[] {
    return inOrder(this.byLine);
  }

  allMarks(): Marks[] {
    return inOrder(this.byMark);
  }
}

function inner<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = new Map<string, T>()));
  return found;
}

/** From the faintest to what stands apart, and quiet ones beneath others. */
function inOrder<T extends LineLook | MarkLook>(byColor: Map<string, Map<string, T>>): T[] {
  const rank = ({ weight, quiet }: T) => 2 * WEIGHTS.indexOf(weight) - Number(quiet);
  return [...byColor.values()]
    .flatMap((looks) => [...looks.values()])
    .sort((a, b) => rank(a) - rank(b));
}
