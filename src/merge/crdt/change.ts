import type { Dot } from '../dot.ts';
import type { Scalar } from '../intent.ts';
import type { ElementRange } from './run.ts';
import type { Place } from './sequence.ts';

/** What a deed does to these CRDTs. Where it meets what others did, it names what its author had seen. */
export type Change =
  | { readonly do: 'set'; readonly key: string; readonly value: Scalar; readonly replaces: Dots }
  | { readonly do: 'increment'; readonly key: string; readonly by: number }
  | { readonly do: 'add'; readonly key: string; readonly item: string }
  | { readonly do: 'remove'; readonly key: string; readonly item: string; readonly additions: Dots }
  | { readonly do: 'type'; readonly key: string; readonly place: Place; readonly text: string }
  | { readonly do: 'erase'; readonly key: string; readonly ranges: readonly ElementRange[] }
  | { readonly do: 'insert'; readonly key: string; readonly place: Place; readonly text: string }
  | ({ readonly do: 'drop' } & OfItem)
  | ({ readonly do: 'move'; readonly place: Place } & OfItem);

type Dots = readonly Dot[];

interface OfItem {
  readonly key: string;
  readonly item: Dot;
  readonly replaces: Dots;
}

/** A change, and the heads that its author had: it takes effect after them. */
export interface CausalChange {
  readonly past: Dots;
  readonly change: Change;
}
