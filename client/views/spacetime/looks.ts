import type { TraceEvent } from '../../../src/trace/event.ts';
import { isBackground, lookOfProtocol } from '../protocol-looks.ts';
import { glyphOf, isEdit, protocolOf } from './glyphs.ts';
import type { Lines, Marks, Way, Weight } from './picture.ts';

/** What stands apart is drawn last. */
const RANKS: { readonly [W in Weight]: number } = { faint: 0, plain: 1, future: 2, past: 3 };

/** By two words; and for each weight, what looks alike. */
type Table<T> = Map<string, Map<string, (T | undefined)[]>>;

/**
 * Collects what looks alike, so that it is drawn with one stroke. It is asked ten thousand times a
 * frame: so it finds a look by what makes it, and makes nothing but new looks.
 */
export class Looks {
  private readonly lineTable: Table<Lines> = new Map();
  private readonly markTable: Table<Marks> = new Map();

  /** The ends of all lines that look like this. */
  lines(way: Way, protocol: string, weight: Weight): number[] {
    const looks = inner(this.lineTable, way, protocol);
    return (looks[RANKS[weight]] ??= {
      way,
      weight,
      color: way === 'lost' ? 'var(--alarm)' : lookOfProtocol(protocol).color,
      quiet: isBackground(protocol),
      ends: [],
    }).ends;
  }

  /** The places of all marks that look like this event's. */
  marks(event: TraceEvent, weight: Weight): number[] {
    const protocol = protocolOf(event) ?? '';
    const looks = inner(this.markTable, isEdit(event) ? 'edit' : event.type, protocol);
    return (looks[RANKS[weight]] ??= {
      ...glyphOf(event),
      weight,
      quiet: isBackground(protocol),
      places: [],
    }).places;
  }

  allLines(): Lines[] {
    return inOrder(this.lineTable);
  }

  allMarks(): Marks[] {
    return inOrder(this.markTable);
  }
}

function inner<T>(table: Table<T>, first: string, second: string): (T | undefined)[] {
  let row = table.get(first);
  if (row === undefined) table.set(first, (row = new Map<string, (T | undefined)[]>()));
  let looks = row.get(second);
  if (looks === undefined) row.set(second, (looks = [undefined, undefined, undefined, undefined]));
  return looks;
}

/** From the faintest to what stands apart, and quiet ones beneath others. */
function inOrder<T extends Lines | Marks>(table: Table<T>): T[] {
  const rank = ({ weight, quiet }: T) => 2 * RANKS[weight] - Number(quiet);
  return [...table.values()]
    .flatMap((row) => [...row.values()].flat())
    .filter((look) => look !== undefined)
    .sort((a, b) => rank(a) - rank(b));
}
