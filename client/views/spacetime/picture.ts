import type { Stretch } from './lifelines.ts';
import type { Shape } from './glyphs.ts';
import type { Tick } from './ticks.ts';

/** How strongly something is drawn: all alike, or as it stands to the selected event. */
export type Weight = 'faint' | 'plain' | 'future' | 'past';

/** `copy` is a message's second arrival; `under-way` one whose fate nobody knows yet. */
export type Way = 'arrived' | 'copy' | 'lost' | 'under-way';

interface Look {
  readonly color: string;
  readonly weight: Weight;
  /** Of a protocol that always goes on. */
  readonly quiet: boolean;
}

/** Lines of one look: four figures each, both ends. */
export interface Lines extends Look {
  readonly way: Way;
  readonly ends: number[];
}

/** Marks of one look: two figures each. */
export interface Marks extends Look {
  readonly shape: Shape;
  readonly places: number[];
}

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
