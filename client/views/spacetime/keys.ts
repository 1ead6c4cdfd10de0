import type { TraceEvent } from '../../../src/trace/event.ts';
import { acrossLines, alongLine, step } from './moves.ts';
import type { SpaceTimeDesk } from './space-time.svelte.ts';

/** What a key does to the picture; the page is asked to select. */
export interface Hands {
  readonly desk: SpaceTimeDesk;
  readonly selected: TraceEvent | null;
  readonly select: (event: TraceEvent | null) => void;
}

const ZOOM = 1.5;
/** A fifth of a laptop's width. */
const SCROLL_PX = 240;

/** For a help page. */
export const SPACE_TIME_KEYS = [
  { key: 'Space', does: 'hold the picture, or follow what happens' },
  { key: '.', does: 'step to the next event' },
  { key: ',', does: 'step to the one before' },
  { key: '← →', does: 'along a lifeline; without a selection, through time' },
  { key: '↑ ↓', does: 'to the line above or below' },
  { key: '+ −', does: 'more or less detail' },
  { key: 'Home End', does: 'to the beginning, or to now' },
] as const;

/** Says whether the key was one of these. */
export function press(key: string, hands: Hands): boolean {
  const { desk, selected, select } = hands;
  switch (key) {
    case ' ':
      desk.hold();
      return true;
    case '.':
    case ',':
      stepBy(hands, key === '.' ? 1 : -1);
      return true;
    case '+':
    case '=':
      desk.zoom(1 / ZOOM, middleOf(desk));
      return true;
    case '-':
      desk.zoom(ZOOM, middleOf(desk));
      return true;
    case 'Home':
      desk.lookBackFrom(0);
      return true;
    case 'End':
      desk.following = true;
      return true;
    case 'Escape':
      if (selected === null) return false;
      select(null);
      return true;
    case 'ArrowLeft':
    case 'ArrowRight': {
      const by = key === 'ArrowRight' ? 1 : -1;
      if (selected === null) desk.scrollBy(-by * SCROLL_PX);
      else goTo(hands, alongLine(desk.ground, selected, by));
      return true;
    }
    case 'ArrowUp':
    case 'ArrowDown':
      if (selected === null) return false;
      goTo(hands, acrossLines(desk.ground, selected, key === 'ArrowDown' ? 1 : -1));
      return true;
    default:
      return false;
  }
}

/** To the next or the previous event; with none selected, from the edge of the picture. */
export function stepBy(hands: Hands, by: 1 | -1): void {
  const { desk, selected } = hands;
  const from = by > 0 ? desk.seen.from : desk.seen.to;
  goTo(hands, step(desk.ground, selected, from, by));
}

function goTo({ desk, select }: Hands, event: TraceEvent | undefined): void {
  if (event === undefined) return;
  if (desk.following) desk.hold();
  select(event);
  desk.show(event.at);
}

/** A picture that follows what happens keeps its right edge. */
export function middleOf({ following, layout }: SpaceTimeDesk): number {
  return following ? layout.right : (layout.left + layout.right) / 2;
}
